import type { FileHandle } from 'node:fs/promises';
import { trims } from './edits.js';

/** Bytes of an MP4 outside its media data that are looked at; a clip of minutes has far fewer. */
const maxHeaderBytes = 64 * 2 ** 20;
/** Samples that tables may name: with a size each, of one size (PCM sound of 120 s), and in all fragments. */
const maxListed = 2e6;
const maxUniform = 12e6;
const maxInFragments = 1e6;
/** Samples times edits of a track: FFmpeg copies the index for each edit. */
const maxEdited = 4e6;

/** Boxes that the demuxer does not look into: credentials in a `uuid` box may hold any word, the names of tables too. */
const OPAQUE = new Set(['mdat', 'uuid', 'free', 'skip']);

/** Counts what the tables of an MP4 claim; a few bytes can claim gigabytes. */
class Tables {
  private largest = 0;
  private edits = 1;
  private fragments = 0;

  /** Looks for tables by name wherever they stand: FFmpeg reads them in places where the standard has none. */
  scan(bytes: Buffer): void {
    const each = (name: string, length: number, look: (at: number) => void) => {
      for (let at = bytes.indexOf(name, 0, 'latin1'); at >= 0; at = bytes.indexOf(name, at + 1, 'latin1')) {
        if (at + length <= bytes.length) look(at);
      }
    };
    each('stsz', 16, (at) => this.samples(bytes.readUInt32BE(at + 12), bytes.readUInt32BE(at + 8) === 0));
    each('stz2', 16, (at) => this.samples(bytes.readUInt32BE(at + 12), true));
    each('trun', 12, (at) => (this.fragments += bytes.readUInt32BE(at + 8)));
    each('elst', 12, (at) => (this.edits = Math.max(this.edits, bytes.readUInt32BE(at + 8))));
    each('cmov', 4, () => {
      throw new Error('a compressed header cannot be checked');
    });
  }

  private samples(count: number, listed: boolean): void {
    if (count > (listed ? maxListed : maxUniform)) throw new Error(`a table of ${count} samples`);
    this.largest = Math.max(this.largest, count);
  }

  check(): void {
    if (this.fragments > maxInFragments) throw new Error(`fragments of ${this.fragments} samples`);
    if (this.edits > 1 && this.edits * this.largest > maxEdited) throw new Error(`${this.edits} edits`);
  }
}

/** What the boxes of an MP4 say beyond what the demuxer tells. */
export interface BoxFacts {
  /** The file ends before one of its boxes does. */
  cutOff: boolean;
  /** An edit list leaves pictures out. */
  trimmed: boolean;
}

/**
 * Refuses an MP4 whose tables would make the demuxer take memory out of proportion to the file. Media data is skipped.
 * @throws Error that says what is out of proportion
 */
export async function checkTables(handle: FileHandle, size: number): Promise<BoxFacts> {
  const tables = new Tables();
  const head = Buffer.alloc(16);
  const facts = { cutOff: false, trimmed: false };
  let budget = maxHeaderBytes;
  for (let at = 0; at + 8 <= size;) {
    await handle.read(head, 0, 16, at);
    const short = head.readUInt32BE(0);
    const stated = short === 1 ? Number(head.readBigUInt64BE(8)) : short;
    // A box of no sense ends what the demuxer can follow; the rest is looked at as one.
    const length = stated === 0 || stated < 8 ? size - at : Math.min(stated, size - at);
    const type = head.toString('latin1', 4, 8);
    // Names only: bytes that some program left at the end are no box.
    if (stated > size - at && /^[a-z0-9]{4}$/i.test(type)) facts.cutOff = true;
    if (!OPAQUE.has(type)) {
      budget -= length;
      if (budget < 0) throw new Error('a header of more than 64 MiB');
      const bytes = Buffer.alloc(length);
      await handle.read(bytes, 0, length, at);
      tables.scan(bytes);
      if (type === 'moov') facts.trimmed ||= trims(bytes.subarray(short === 1 ? 16 : 8));
    }
    at += length;
  }
  tables.check();
  return facts;
}
