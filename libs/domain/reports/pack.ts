import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { canonicalJson, sha256Hex } from '#kernel';
import type { SignedIndex } from '#contracts';
import { ENTRIES, type Entries, type EntryName } from './entries.js';
import type { ReportKey } from '#platform/keys';

/** The first day that a ZIP file can say; in every time zone the same bytes. */
const NO_TIME = new Date(1980, 0, 1);
const COMPRESSED = /\.(json|txt|pem)$/;

/** The signed list of all other files: none can be changed, added or left out unseen. */
export function indexOf(entries: Entries, reportSha256: string, key: ReportKey): Uint8Array {
  const files = [...entries].map(([name, bytes]) => ({ name, bytes: bytes.length, sha256: sha256Hex(bytes) }));
  const index: SignedIndex['index'] = { v: 1, reportSha256, files };
  const signature = key.sign('bundle', sha256Hex(canonicalJson(index)));
  return Buffer.from(`${canonicalJson({ index, signature } satisfies SignedIndex)}\n`);
}

/** Packs files as ZIP; the same files give the same bytes. */
export async function packBundle(entries: Entries): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const name of Object.keys(ENTRIES) as EntryName[]) {
    const bytes = entries.get(name);
    if (!bytes) continue;
    const compress = COMPRESSED.test(name);
    zip.addBuffer(Buffer.from(bytes), name, { mtime: NO_TIME, mode: 0o100644, compress, forceDosTimestamp: true });
  }
  zip.end();
  return buffer(zip.outputStream);
}
