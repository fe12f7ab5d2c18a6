const KB = 1024;
const MB = 1024 * KB;

/** Every file that a bundle may hold, in order, with its largest size in bytes and whether it must be there. */
export const ENTRIES = {
  'README.txt': { most: 64 * KB, needed: true },
  'report.json': { most: 8 * MB, needed: true },
  'report-canonical.json': { most: 8 * MB, needed: true },
  'report.sig': { most: KB, needed: true },
  'report-key.pem': { most: 4 * KB, needed: true },
  'report-en.pdf': { most: 24 * MB, needed: true },
  'report-fr.pdf': { most: 24 * MB, needed: true },
  'time-stamp.der': { most: 64 * KB, needed: true },
  'signals.json': { most: 4 * MB, needed: true },
  'trust.json': { most: 4 * MB, needed: true },
  'signer-anchors.pem': { most: 2 * MB, needed: true },
  'tsa-anchors.pem': { most: 2 * MB, needed: true },
  'credentials.c2pa': { most: 16 * MB, needed: false },
  'proof.tlog-proof': { most: 256 * KB, needed: false },
  'log-entry.json': { most: 64 * KB, needed: false },
  'log-key.txt': { most: KB, needed: false },
  'index.json': { most: 64 * KB, needed: true },
} as const;

/** Name of a file in a bundle. */
export type EntryName = keyof typeof ENTRIES;

/** Files of a bundle by name. */
export type Entries = Map<EntryName, Uint8Array>;

/** Largest bundle, packed. */
export const MAX_BUNDLE_BYTES = 64 * MB;
/** Largest content of a bundle, unpacked. */
export const MAX_CONTENT_BYTES = 96 * MB;

/** Whether a bundle may hold a file of that name. */
export function isEntryName(name: string): name is EntryName {
  return Object.hasOwn(ENTRIES, name);
}
