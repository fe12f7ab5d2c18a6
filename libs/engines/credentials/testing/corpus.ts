import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fixture } from '../testing.js';

interface Derived {
  /** File that it follows from. */
  of: string;
  /** File with its first bytes, before those of `of` from `from` on. */
  head?: string;
  from?: number;
  /** Offset and hex of bytes that differ. */
  changes?: [number, string][];
  sha256: string;
}

/** A public test file, whether it is kept whole or in `derived.json`. @throws Error when its bytes are not the public ones */
export async function corpusFile(name: string): Promise<Buffer> {
  const table = JSON.parse(await readFile(fixture('derived.json'), 'utf8')) as Record<string, Derived>;
  const derived = table[name];
  if (!derived) return readFile(fixture(name));
  const source = await readFile(fixture(derived.of));
  const head = derived.head ? await readFile(fixture(derived.head)) : Buffer.alloc(0);
  const bytes = Buffer.concat([head, source.subarray(derived.from ?? 0)]);
  for (const [at, hex] of derived.changes ?? []) bytes.write(hex, at, 'hex');
  if (createHash('sha256').update(bytes).digest('hex') !== derived.sha256) throw new Error(`${name} is not that file`);
  return bytes;
}
