import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes the files of a folder that nobody wrote to for that long: what a killed process left behind. */
export async function sweepFiles(dir: string, olderThanMs: number): Promise<void> {
  const names = await readdir(dir).catch(() => []);
  for (const name of names) {
    const path = join(dir, name);
    const file = await stat(path).catch(() => null);
    if (file?.isFile() && file.mtimeMs < Date.now() - olderThanMs) await rm(path, { force: true });
  }
}
