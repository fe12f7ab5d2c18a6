import { crc32 } from 'node:zlib';
import { PrintDamagedError } from './errors.js';
import { MIN_QUALITY, parseHash, WORDS, type HashWords } from './hash.js';
import { reducedPlane, type LumaPlane } from './luma.js';
import { pdqBothWays } from './pdq.js';
import type { SoundPrint } from './sound-match.js';

/** Frames are reduced to so many pixels before they are hashed, as for the hash banks. */
export const PRINT_SIDE = 512;
/**
 * Milliseconds between the frames that are kept of a release. Two a second and eight a second of the submitted file
 * bring every kept frame within 63 ms of one that is asked for: moving scenes then differ by a few bits, where half a
 * second makes 16 to 80 of them (README).
 */
export const PRINT_STEP_MS = 500;
/** Frames a second that are hashed of a submitted file. */
export const QUERY_PER_S = 8;

/** One frame that is kept of a release. */
export interface PrintFrame {
  /** Milliseconds from the first frame. */
  timeMs: number;
  /** 0..100; under {@link MIN_QUALITY} it is never matched. */
  quality: number;
  hash: HashWords;
}

/** What is kept of a release's pictures. */
export interface PicturePrint {
  /** Of the luma that was hashed, in pixels: only their ratio matters. */
  width: number;
  height: number;
  /** In order of time. */
  frames: PrintFrame[];
}

/** One frame of a submitted file. */
export interface QueryFrame extends PrintFrame {
  /** Hash of the frame mirrored left to right. */
  mirrored: HashWords;
}

/** Name and version of the stored form of each track. */
export const PRINT_ALGORITHM = { picture: 'vpdq-2hz.1', sound: 'haitsma-kalker.1' } as const;

/** Name of the picture's stored form as a C2PA soft binding (docs/soft-binding). */
export const PRINT_BINDING_ALG = 'org.imprimatur.vpdq.1';

const VERSION = 1;
const CRC_BYTES = 4;
const PICTURE_HEADER = 12;
const ROW = 4 + 1 + 4 * WORDS;
const SOUND_HEADER = 8;
/** Longest clip that is fingerprinted, in milliseconds. */
const MOST_MS = 7_200_000;

/** Hashes one frame of a submitted file. */
export function queryFrame(plane: LumaPlane, timeS: number): QueryFrame {
  const { hash, mirrored, quality } = pdqBothWays(reducedPlane(plane, PRINT_SIDE));
  return { timeMs: Math.round(1000 * timeS), quality, hash: parseHash(hash), mirrored: parseHash(mirrored) };
}

/** Takes the print of a release from its luma; frames come in order of time. */
export class PictureTaker {
  private readonly print: PicturePrint = { width: 0, height: 0, frames: [] };
  private nextMs = 0;

  /** Takes the frame when one is due. Its memory may be used again afterwards. */
  look(plane: LumaPlane, timeS: number): void {
    const timeMs = Math.round(1000 * timeS);
    // A frame that comes a little early is nearer than the next one.
    if (timeMs < this.nextMs - PRINT_STEP_MS / 8 || timeMs >= MOST_MS) return;
    const { print } = this;
    if (print.frames.length === 0) Object.assign(print, { width: plane.width, height: plane.height });
    const { mirrored: _, ...frame } = queryFrame(plane, timeS);
    print.frames.push(frame);
    this.nextMs = PRINT_STEP_MS * (Math.round(timeMs / PRINT_STEP_MS) + 1);
  }

  finish(): PicturePrint {
    return this.print;
  }
}

/** The frames that say enough to be matched. */
export function matchableFrames<T extends PrintFrame>(frames: readonly T[]): T[] {
  return frames.filter(({ quality }) => quality >= MIN_QUALITY);
}

function sealed(bytes: Buffer): Uint8Array {
  bytes.writeUInt32LE(crc32(bytes.subarray(0, -CRC_BYTES)), bytes.length - CRC_BYTES);
  return bytes;
}

/** The bytes, once their length, version and checksum hold. */
function opened(bytes: Uint8Array, track: 'picture' | 'sound', header: number, sizeOf: (count: number) => number) {
  const from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (from.length < header + CRC_BYTES) throw new PrintDamagedError(track, 'it is cut short');
  if (from[0] !== VERSION) throw new PrintDamagedError(track, `its version ${from[0]} is not known`);
  const count = from.readUInt32LE(header - 4);
  if (from.length !== header + sizeOf(count) + CRC_BYTES) throw new PrintDamagedError(track, 'its length is wrong');
  if (crc32(from.subarray(0, -CRC_BYTES)) !== from.readUInt32LE(from.length - CRC_BYTES)) {
    throw new PrintDamagedError(track, 'its checksum is wrong');
  }
  return { from, count };
}

/**
 * Stored form, version 1, numbers little-endian: version (1 byte), 3 zero bytes, width and height (2 bytes each), number
 * of frames (4); per frame time in ms (4), quality (1), hash (32, first hex digits first); CRC-32 of all before (4).
 */
export function encodePicture({ width, height, frames }: PicturePrint): Uint8Array {
  const to = Buffer.alloc(PICTURE_HEADER + ROW * frames.length + CRC_BYTES);
  to[0] = VERSION;
  to.writeUInt16LE(width, 4);
  to.writeUInt16LE(height, 6);
  to.writeUInt32LE(frames.length, 8);
  frames.forEach(({ timeMs, quality, hash }, i) => {
    const at = PICTURE_HEADER + ROW * i;
    to.writeUInt32LE(timeMs, at);
    to[at + 4] = quality;
    hash.forEach((word, w) => to.writeUInt32BE(word, at + 5 + 4 * w));
  });
  return sealed(to);
}

/** Reads what {@link encodePicture} wrote. @throws PrintDamagedError `print_damaged` */
export function decodePicture(bytes: Uint8Array): PicturePrint {
  const { from, count } = opened(bytes, 'picture', PICTURE_HEADER, (n) => ROW * n);
  const frames = Array.from({ length: count }, (_, i): PrintFrame => {
    const at = PICTURE_HEADER + ROW * i;
    const hash = Uint32Array.from({ length: WORDS }, (__, w) => from.readUInt32BE(at + 5 + 4 * w));
    return { timeMs: from.readUInt32LE(at), quality: from[at + 4] as number, hash };
  });
  const ordered = frames.every(({ timeMs }, i) => timeMs < MOST_MS && (i === 0 || timeMs > frames[i - 1]!.timeMs));
  if (!ordered || frames.some(({ quality }) => quality > 100)) {
    throw new PrintDamagedError('picture', 'its frames are not in order');
  }
  return { width: from.readUInt16LE(4), height: from.readUInt16LE(6), frames };
}

/**
 * Stored form, version 1, numbers little-endian: version (1 byte), 3 zero bytes, number of sub-fingerprints (4), they
 * themselves (4 each), a bit each for whether it is usable (the first is the lowest bit of the first byte), CRC-32 (4).
 */
export function encodeSound({ words, usable }: SoundPrint): Uint8Array {
  const bits = SOUND_HEADER + 4 * words.length;
  const to = Buffer.alloc(bits + Math.ceil(words.length / 8) + CRC_BYTES);
  to[0] = VERSION;
  to.writeUInt32LE(words.length, 4);
  words.forEach((word, i) => {
    to.writeUInt32LE(word, SOUND_HEADER + 4 * i);
    if (usable[i]) to[bits + (i >> 3)]! |= 1 << (i & 7);
  });
  return sealed(to);
}

/** Reads what {@link encodeSound} wrote. @throws PrintDamagedError `print_damaged` */
export function decodeSound(bytes: Uint8Array): SoundPrint {
  const { from, count } = opened(bytes, 'sound', SOUND_HEADER, (n) => 4 * n + Math.ceil(n / 8));
  const bits = SOUND_HEADER + 4 * count;
  return {
    words: Uint32Array.from({ length: count }, (_, i) => from.readUInt32LE(SOUND_HEADER + 4 * i)),
    usable: Uint8Array.from({ length: count }, (_, i) => ((from[bits + (i >> 3)] as number) >> (i & 7)) & 1),
  };
}
