import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One labelled text. `null` is unknown, never negative. */
export interface Row {
  id: string;
  text: string;
  lang: string;
  kind: string;
  labels: Record<string, 0 | 1 | null>;
  unsafe: 0 | 1 | null;
  source: string;
  weight: number;
}

/** Reads `<dir>/<name>.jsonl.gz`. */
export function readRows(dir: string, name: 'train' | 'dev'): Row[] {
  const text = gunzipSync(readFileSync(join(dir, `${name}.jsonl.gz`))).toString('utf8');
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Row); // prettier-ignore
}

/** Number in 0..1 from an identifier, the same everywhere: used to thin and to split. */
export function fractionOf(id: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return ((h ^ (h >>> 13)) >>> 0) / 4294967296;
}
