import type { FileHandle } from 'node:fs/promises';

const segmentId = 0x18538067;
const clusterId = 0x1f43b675;
/** Elements looked at; a clip of minutes written live has some ten thousand. */
const maxElements = 300_000;

/** An EBML number of variable length (RFC 8794, 4); `marked` leaves the length marker in, as ids have it. */
function variable(bytes: Buffer, at: number, marked: boolean): { value: number; next: number } | null {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (length > 8 || at + length > bytes.length) return null;
  let value = marked ? first : first & (0xff >> length);
  let ones = (first & (0xff >> length)) === 0xff >> length;
  for (let i = 1; i < length; i++) {
    ones &&= bytes[at + i] === 0xff;
    value = value * 256 + (bytes[at + i] ?? 0);
  }
  // All ones: the size is not known.
  return { value: !marked && ones ? Infinity : value, next: at + length };
}

/** Bytes of a file anywhere, read in pieces: heads of elements often stand close together. */
class Pieces {
  private readonly piece = Buffer.alloc(65536);
  private from = 0;
  private length = 0;

  constructor(private readonly handle: FileHandle) {}

  /** The bytes at a place, 12 unless the file ends before. */
  async at(place: number): Promise<Buffer> {
    const inside = place >= this.from && place + 12 <= this.from + this.length;
    if (!inside) {
      this.from = place;
      this.length = (await this.handle.read(this.piece, 0, this.piece.length, place)).bytesRead;
    }
    return this.piece.subarray(place - this.from, Math.min(place - this.from + 12, this.length));
  }
}

/**
 * True when a Matroska file ends before one of its elements does (FFmpeg takes such an end for the end of the clip),
 * or is in too many pieces to tell. Reads only the heads of elements.
 */
export async function endsEarly(handle: FileHandle, size: number): Promise<boolean> {
  const pieces = new Pieces(handle);
  let at = 0;
  for (let n = 0; at < size; n++) {
    if (n > maxElements) return true;
    const bytes = await pieces.at(at);
    const id = variable(bytes, 0, true);
    const length = id && variable(bytes, id.next, false);
    // Too short for a head: cut off. Otherwise no EBML: what the demuxer makes of it is its own affair.
    if (id === null || length === null) return bytes.length < 12;
    const open = length.value === Infinity && (id.value === segmentId || id.value === clusterId);
    if (!open && at + length.next + length.value > size) return true;
    // Of an element of unknown size the children follow, then whatever comes after it.
    at += length.next + (open ? 0 : length.value);
  }
  return false;
}
