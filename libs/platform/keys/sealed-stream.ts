import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { KeyError } from './sealing.js';

/** First bytes of a sealed file; the last is the version. */
const MAGIC = Buffer.from('IMS1', 'latin1');
/** Bytes of a piece, before sealing. */
const PIECE = 256 * 1024;
const TAG = 16;
const PREFIX = 7;

/** The nonce of a piece: random prefix, its number, and whether it is the last one (the STREAM construction). */
function nonceOf(prefix: Buffer, index: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  prefix.copy(nonce);
  nonce.writeUInt32BE(index, PREFIX);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** Cuts a stream into pieces of `size` bytes; the last is shorter or as long, and marked. */
async function* piecesOf(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<[Buffer, boolean]> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    waiting.push(Buffer.from(chunk));
    length += chunk.byteLength;
    if (length <= size) continue;
    let all = Buffer.concat(waiting);
    // One byte stays back, so that the last piece is known when it comes.
    for (; all.length > size; all = all.subarray(size)) yield [all.subarray(0, size), false];
    waiting = [all];
    length = all.length;
  }
  yield [Buffer.concat(waiting), true];
}

/** A new key for {@link sealStream}: 32 random bytes. Seal it before it is kept. */
export const newStreamKey = (): Buffer => randomBytes(32);

/**
 * Seals bytes of any length piece by piece with AES-256-GCM. Pieces cannot be changed, left out, moved or cut off.
 * @param key of this one file: never used for another
 */
export async function* sealStream(key: Uint8Array, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const prefix = randomBytes(PREFIX);
  yield Buffer.concat([MAGIC, prefix]);
  let index = 0;
  for await (const [piece, last] of piecesOf(source, PIECE)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(prefix, index++, last));
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
  }
}

/**
 * Opens what {@link sealStream} wrote. Each piece is checked before it is given out; a file that was cut off throws at its end.
 * @throws KeyError `sealed_file_invalid` when it was changed or sealed with another key
 */
export async function* openStream(key: Uint8Array, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let prefix: Buffer | undefined;
  async function* body(): AsyncGenerator<Uint8Array> {
    let head: Buffer = Buffer.alloc(0);
    for await (const chunk of source) {
      if (prefix) {
        yield chunk;
        continue;
      }
      head = Buffer.concat([head, chunk]);
      if (head.length < MAGIC.length + PREFIX) continue;
      if (!head.subarray(0, MAGIC.length).equals(MAGIC)) throw invalid();
      prefix = Buffer.from(head.subarray(MAGIC.length, MAGIC.length + PREFIX));
      yield head.subarray(MAGIC.length + PREFIX);
    }
    if (!prefix) throw invalid();
  }
  let index = 0;
  for await (const [piece, last] of piecesOf(body(), PIECE + TAG)) {
    if (piece.length < TAG) throw invalid();
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(prefix!, index++, last));
      decipher.setAuthTag(piece.subarray(piece.length - TAG));
      yield Buffer.concat([decipher.update(piece.subarray(0, piece.length - TAG)), decipher.final()]);
    } catch (cause) {
      throw invalid(cause);
    }
  }
}

function invalid(cause?: unknown): KeyError {
  return new KeyError(
    'sealed_file_invalid',
    'The sealed file was changed, cut off, or sealed with another key.',
    cause,
  );
}
