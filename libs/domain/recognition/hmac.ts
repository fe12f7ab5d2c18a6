/** First 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
const ROUND = new Int32Array(64);
/** The same of the square roots of the first 8 (5.3.3). */
const START = new Int32Array(8);

function fraction(root: number): number {
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

for (let n = 2, count = 0; count < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
  if (!prime) continue;
  ROUND[count] = fraction(Math.cbrt(n));
  if (count < 8) START[count] = fraction(Math.sqrt(n));
  count++;
}

const turn = (x: number, n: number) => (x >>> n) | (x << (32 - n));

/** One block of SHA-256 (FIPS 180-4, 6.2.2). @param w 64 words; the first 16 are the block */
function compress(state: Int32Array, w: Int32Array): void {
  for (let i = 16; i < 64; i++) {
    const [a, b] = [w[i - 15]!, w[i - 2]!];
    const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
  }
  let [a, b, c, d] = [state[0]!, state[1]!, state[2]!, state[3]!];
  let [e, f, g, h] = [state[4]!, state[5]!, state[6]!, state[7]!];
  for (let i = 0; i < 64; i++) {
    const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i]! + w[i]!) | 0;
    const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

/**
 * HMAC-SHA-256 (RFC 2104) for very many short texts: the key is taken in once, and no object is made for a text. Node's
 * own takes ten times as long, since each call sets up a context.
 */
export class ShortHmac {
  private readonly inner = Int32Array.from(START);
  private readonly outer = Int32Array.from(START);
  private readonly state = new Int32Array(8);
  private readonly words = new Int32Array(64);
  private readonly block = Buffer.alloc(64 * 17);

  /** @param key 32 bytes */
  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new RangeError('The key of names must have 32 bytes.');
    for (const [state, pad] of [
      [this.inner, 0x36],
      [this.outer, 0x5c],
    ] as const) {
      const block = Buffer.alloc(64, pad);
      for (let i = 0; i < 32; i++) block[i] = key[i]! ^ pad;
      for (let i = 0; i < 16; i++) this.words[i] = block.readInt32BE(4 * i);
      compress(state, this.words);
    }
  }

  /** Writes the code of a text of at most 1,000 bytes (UTF-8) to `to`, 32 bytes from `at` on. */
  write(text: string, to: Buffer, at: number): void {
    const { block, state, words } = this;
    const length = block.write(text, 'utf8');
    if (length > 1000) throw new RangeError('The text is too long.');
    const blocks = (length + 9 + 63) >> 6;
    block.fill(0, length, 64 * blocks);
    block[length] = 0x80;
    block.writeInt32BE(8 * (64 + length), 64 * blocks - 4);
    state.set(this.inner);
    for (let b = 0; b < blocks; b++) {
      for (let i = 0; i < 16; i++) words[i] = block.readInt32BE(64 * b + 4 * i);
      compress(state, words);
    }
    words.set(state);
    words.fill(0, 8, 15);
    words[8] = 1 << 31;
    words[15] = 8 * 96;
    state.set(this.outer);
    compress(state, words);
    for (let i = 0; i < 8; i++) to.writeInt32BE(state[i]!, at + 4 * i);
  }
}
