import { readFile, stat } from 'node:fs/promises';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { messageOf, plain } from '#kernel';
import { ENTRIES, isEntryName, MAX_BUNDLE_BYTES, MAX_CONTENT_BYTES, type Entries, type EntryName } from './entries.js';
import { ReportError } from './errors.js';

const tooLarge = (what: string) =>
  new ReportError('bundle_too_large', `The bundle was not opened: ${what}. A bundle of this service is smaller.`);

/** Reads one entry and stops at its limit, whatever the archive says of its size. */
async function contentOf(zip: ZipFile, entry: Entry, name: EntryName): Promise<Uint8Array> {
  const { most } = ENTRIES[name];
  if (entry.uncompressedSize > most) throw tooLarge(`${name} would take ${entry.uncompressedSize} bytes`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    bytes += (chunk as Buffer).length;
    if (bytes > most) throw tooLarge(`${name} is longer than ${most} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

async function entriesIn(archive: Buffer): Promise<Entries> {
  const options = { lazyEntries: true, validateEntrySizes: true, strictFileNames: true, decodeStrings: true };
  const zip = await fromBufferPromise(archive, options);
  const entries: Entries = new Map();
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName;
    if (!isEntryName(name))
      throw new ReportError(
        'bundle_entry_unknown',
        `The bundle holds a file that none of ours has: ${plain(name, 80)}.`,
      );
    if (entries.has(name)) throw new ReportError('bundle_entry_twice', `The bundle holds ${name} twice.`);
    const content = await contentOf(zip, entry, name);
    total += content.length;
    if (total > MAX_CONTENT_BYTES) throw tooLarge('its files together are too large');
    entries.set(name, content);
  }
  return entries;
}

/**
 * Opens a bundle that anybody may have made: known names only, bounded sizes, nothing written to disk.
 * @throws ReportError `bundle_too_large`, `bundle_entry_unknown`, `bundle_entry_twice`, `bundle_entry_missing`,
 * `bundle_unreadable`
 */
export async function unpackBundle(path: string): Promise<Entries> {
  const { size } = await stat(path);
  if (size > MAX_BUNDLE_BYTES) throw tooLarge(`it has ${size} bytes`);
  let entries: Entries;
  try {
    entries = await entriesIn(await readFile(path));
  } catch (cause) {
    if (cause instanceof ReportError) throw cause;
    const text = `The bundle is no ZIP archive that can be read: ${plain(messageOf(cause), 200)}. Fetch it again.`;
    throw new ReportError('bundle_unreadable', text, { cause });
  }
  for (const [name, { needed }] of Object.entries(ENTRIES)) {
    if (needed && !entries.has(name as EntryName))
      throw new ReportError('bundle_entry_missing', `The bundle lacks ${name}. Fetch it again.`);
  }
  return entries;
}
