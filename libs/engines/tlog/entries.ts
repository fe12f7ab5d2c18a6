import { TlogError } from './errors.js';
import { TILE_WIDTH } from './tiles.js';

/** Most bytes that an entry may have: its length is written as a uint16. */
export const MAX_ENTRY_BYTES = 65_535;

function fault(message: string): never {
  throw new TlogError('tlog_entries_invalid', message);
}

function checkNumber(entries: readonly Uint8Array[]): void {
  if (entries.length < 1 || entries.length > TILE_WIDTH)
    fault(`A bundle holds 1 to 256 entries, not ${entries.length}.`);
}

/**
 * One bundle of 1 to 256 entries of at most 65 535 bytes, each after its length as a big-endian uint16
 * (c2sp.org/tlog-tiles). Throws TlogError `tlog_entries_invalid`.
 */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  checkNumber(entries);
  const bundle = new Uint8Array(entries.reduce((sum, { length }) => sum + 2 + length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) fault(`An entry has ${entry.length} bytes; shorten it to 65 535 or less.`);
    bundle.set([entry.length >> 8, entry.length & 255], at);
    bundle.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bundle;
}

/** The entries of a bundle, as views of its bytes. Throws TlogError `tlog_entries_invalid` when it is cut off or too long. */
export function decodeEntries(bundle: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length;) {
    const end = at + 2 + bundle[at]! * 256 + (bundle[at + 1] ?? NaN);
    if (!(end <= bundle.length)) fault('The bundle of entries ends in the middle of one; fetch it again.');
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  checkNumber(entries);
  return entries;
}
