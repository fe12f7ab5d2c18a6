import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { sha256Hex } from '#kernel';

/** What is really done, and costs much, is done once in a run of the tests; other spec files read the result. */
export async function oncePerRun<T>(key: string, work: () => Promise<T>): Promise<T> {
  const dir = process.env.TEST_RUN_DIR;
  if (!dir) return work();
  const path = join(dir, sha256Hex(key));
  const known = await readFile(path).catch(() => null);
  if (known) return deserialize(known) as T;
  const made = await work();
  await mkdir(dir, { recursive: true });
  // Another spec file may do the same at this moment.
  await writeFile(`${path}.${process.pid}`, serialize(made));
  await rename(`${path}.${process.pid}`, path);
  return made;
}
