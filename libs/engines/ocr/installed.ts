import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, sha256Hex } from '#kernel';
import { OcrError } from './errors.js';

/** Reads an installed file and refuses any other than the recorded one. */
export function readInstalled(path: string, sha256: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(projectRoot, 'node_modules', path));
  } catch (cause) {
    throw new OcrError('ocr_data_missing', `${path} is not installed. Run npm ci.`, cause);
  }
  const found = sha256Hex(bytes);
  if (found === sha256) return bytes;
  throw new OcrError('ocr_data_altered', `${path} has SHA-256 ${found}, not ${sha256}. It was altered.`);
}
