import { randomBytes } from 'node:crypto';
import { newStreamKey, openStream, sealStream } from './sealed-stream.js';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const PIECE = 256 * 1024;

describe('a sealed file', () => {
  it.each([0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 700_001])('of %d bytes comes back whole', async (length) => {
    const [key, plain] = [newStreamKey(), randomBytes(length)];
    const sealed = await all(sealStream(key, inChunks(plain, 65_537)));
    if (length > 64) expect(sealed.includes(plain.subarray(0, 32))).toBe(false);
    expect((await all(openStream(key, inChunks(sealed, 10_007)))).equals(plain)).toBe(true);
  });

  it('opens with its own key only, and not when a byte, a piece or its end is gone', async () => {
    const [key, plain] = [newStreamKey(), randomBytes(2 * PIECE + 5)];
    const sealed = await all(sealStream(key, inChunks(plain, PIECE)));
    const [head, piece] = [11, PIECE + 16];
    const flipped = Buffer.from(sealed);
    flipped[sealed.length - 20]! ^= 1;
    const swapped = Buffer.concat([
      sealed.subarray(0, head),
      sealed.subarray(head + piece, head + 2 * piece),
      sealed.subarray(head, head + piece),
      sealed.subarray(head + 2 * piece),
    ]);
    const damaged = [flipped, swapped, sealed.subarray(0, head + piece), sealed.subarray(0, -1), Buffer.alloc(3)];
    for (const bytes of damaged) {
      await expect(all(openStream(key, inChunks(bytes, 99_991)))).rejects.toMatchObject({
        code: 'sealed_file_invalid',
      });
    }
    await expect(all(openStream(newStreamKey(), inChunks(sealed, PIECE)))).rejects.toMatchObject({
      code: 'sealed_file_invalid',
    });
  });
});
