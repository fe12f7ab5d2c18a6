import {
  comparePictures,
  decodePicture,
  decodeSound,
  encodePicture,
  encodeSound,
  formatHash,
  hashDistance,
  PictureTaker,
  PrintIndex,
  queryFrame,
  type PicturePrint,
  type PrintFrame,
  type QueryFrame,
  type SoundFingerprint,
} from './index.js';

let state = 1;
const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
beforeEach(() => {
  state = 5;
});

const hashOf = () => Uint32Array.from({ length: 8 }, random);
const changed = (hash: Uint32Array, bits: number) => {
  const copy = hash.slice();
  for (let i = 0; i < bits; i++) copy[i % 8]! ^= 1 << ((3 * i) % 32);
  return copy;
};

/** So many frames, two a second, no two alike. */
function print(frames: number, quality = 90): PicturePrint {
  const all = Array.from({ length: frames }, (_, i) => ({ timeMs: 500 * i, quality, hash: hashOf() }));
  return { width: 683, height: 384, frames: all };
}

/** A file that shows frames of a print: eight a second from a second of the file on, each `bits` off. */
function showing(of: PicturePrint, startMs: number, bits = 6): QueryFrame[] {
  return of.frames.flatMap(({ timeMs, quality, hash }) =>
    Array.from({ length: 4 }, (_, i) => {
      const near = i === 0 ? changed(hash, bits) : hashOf();
      return { timeMs: startMs + timeMs + 125 * i, quality, hash: near, mirrored: hashOf() };
    }),
  );
}

function track(words: number): SoundFingerprint {
  return {
    algorithm: 'haitsma-kalker',
    words: Uint32Array.from({ length: words }, random),
    weak: Uint8Array.from({ length: 3 * words }, () => random() % 32),
    usable: new Uint8Array(words).fill(1),
  };
}

describe('the stored form', () => {
  const picture = encodePicture(print(20));
  const sound = encodeSound({ ...track(861), usable: Uint8Array.from({ length: 861 }, (_, i) => (i % 7 ? 1 : 0)) });

  it('gives back what was written, and is small: 37 bytes a frame, 33 bits a sub-fingerprint', () => {
    const of = print(20);
    expect(decodePicture(encodePicture(of))).toEqual(of);
    const { words, usable } = track(861);
    usable.fill(0, 100, 200);
    expect(decodeSound(encodeSound({ words, usable }))).toEqual({ words, usable });
    expect([picture.length, sound.length]).toEqual([16 + 20 * 37, 12 + 861 * 4 + 108]);
  });

  it.each([
    ['picture', picture, decodePicture],
    ['sound', sound, decodeSound],
  ] as const)('of a %s is refused with any byte changed, cut short or longer', (_, bytes, decode) => {
    for (let at = 0; at < bytes.length; at += 5) {
      const damaged = Uint8Array.from(bytes);
      damaged[at]! ^= 1 << (at % 8);
      expect(() => decode(damaged)).toThrow(expect.objectContaining({ code: 'print_damaged' }) as Error);
    }
    for (const wrong of [bytes.subarray(0, 7), bytes.subarray(0, -1), Uint8Array.of(...bytes, 0)]) {
      expect(() => decode(wrong)).toThrow(expect.objectContaining({ code: 'print_damaged' }) as Error);
    }
  });

  it('keeps a frame every half second, and the mirrored hash is that of the mirrored frame', () => {
    const [width, height] = [160, 90];
    const blobs = Array.from({ length: 40 }, () => [random() % width, random() % height, random() % 200] as const);
    const data = Uint8Array.from({ length: width * height }, (_, i) => {
      const near = blobs.find(([x, y]) => Math.hypot((i % width) - x, Math.floor(i / width) - y) < 14);
      return near ? near[2] : 240;
    });
    const flipped = data.slice();
    for (let y = 0; y < height; y++) flipped.subarray(y * width, (y + 1) * width).reverse();
    const taker = new PictureTaker();
    for (let n = 0; n < 31; n++) taker.look({ width, height, data }, n / 15);
    expect(taker.finish().frames.map(({ timeMs }) => timeMs)).toEqual([0, 467, 1000, 1467, 2000]);
    const [frame, other] = [queryFrame({ width, height, data }, 0), queryFrame({ width, height, data: flipped }, 0)];
    // Not the same bits: the 64 columns that the hash looks at do not lie evenly about the middle.
    expect(hashDistance(formatHash(frame.mirrored), formatHash(other.hash))).toBeLessThan(40);
    expect(hashDistance(formatHash(frame.hash), formatHash(other.hash))).toBeGreaterThan(90);
  });
});

describe('comparing with one release', () => {
  it('finds two pieces of it at their places', () => {
    const release = print(20);
    const [first, second] = [release.frames.slice(0, 8), release.frames.slice(12)];
    const file = [
      ...showing({ ...release, frames: first }, 3000),
      ...showing(print(6), 7000),
      ...showing({ ...release, frames: second }, 4000),
    ];
    const runs = comparePictures(file, release);
    expect(runs).toMatchObject([
      { startS: 3, endS: 6.75, releaseStartS: 0, frames: 8 },
      { startS: 9.75, releaseStartS: 5.75, frames: 8 },
    ]);
  });

  it('finds nothing in other pictures, and nothing in plain ones', () => {
    expect(comparePictures(showing(print(20), 0), print(20))).toEqual([]);
    const plain = print(20, 30);
    expect(comparePictures(showing(plain, 0), plain)).toEqual([]);
  });
});

describe('the index of all releases', () => {
  it('finds a release among others, trimmed, and says nothing of strangers', async () => {
    const index = new PrintIndex({ frames: 5000, words: 20_000 });
    const releases = Array.from({ length: 100 }, () => print(20));
    releases.forEach((one, i) => index.addPicture(`r${i}`, one));
    expect(index.size).toMatchObject({ releases: 100, frames: 2000 });
    const piece = { ...releases[42]!, frames: releases[42]!.frames.slice(4, 12) };
    expect(await index.searchPictures(showing(piece, 1300, 20))).toEqual(['r42']);
    expect(await index.searchPictures(showing(print(20), 0))).toEqual([]);
    const mirrored = showing(piece, 0).map((frame) => ({ ...frame, hash: hashOf(), mirrored: frame.hash }));
    expect(await index.searchPictures(mirrored)).toEqual([]);
    expect(await index.searchPictures(mirrored, true)).toEqual(['r42']);
  });

  it('gives no say to frames that many releases share, nor to plain ones', async () => {
    const index = new PrintIndex({ frames: 5000, words: 20_000 });
    const title = print(6).frames;
    const shift = (frames: PrintFrame[]) => frames.map((frame) => ({ ...frame, timeMs: frame.timeMs + 3000 }));
    for (let i = 0; i < 12; i++) {
      const own = print(6);
      index.addPicture(`r${i}`, { ...own, frames: [...title, ...shift(own.frames)] });
    }
    const plain = print(10, 40);
    index.addPicture('plain', plain);
    expect(await index.searchPictures(showing({ width: 1, height: 1, frames: title }, 0))).toEqual([]);
    expect(await index.searchPictures(showing(plain, 0))).toEqual([]);
    expect(index.size.frames).toBe(144);
  });

  it('finds sound, also after a codec has changed a tenth of its bits', () => {
    const index = new PrintIndex({ frames: 10, words: 40_000 });
    const tracks = Array.from({ length: 50 }, () => track(861));
    tracks.forEach((one, i) => index.addSound(`r${i}`, one));
    const coded = track(400);
    // Weak bits are those that are likely wrong: one word in two has one of them changed, the other ones are lost.
    coded.words.set(tracks[7]!.words.subarray(200, 600));
    coded.words.forEach((word, i) => {
      const bit = i % 2 ? coded.weak[3 * i]! : undefined;
      coded.words[i] = (i % 3 === 0 ? random() : bit === undefined ? word : word ^ (1 << bit)) >>> 0;
    });
    expect(index.searchSound(coded)[0]).toBe('r7');
    expect(index.searchSound(track(861))).toEqual([]);
  });

  it('takes nothing more once it is full', () => {
    const index = new PrintIndex({ frames: 30, words: 300 });
    index.addPicture('a', print(20));
    index.addSound('a', track(861));
    const full = expect.objectContaining({ code: 'hash_index_full' }) as Error;
    expect(() => index.addPicture('b', print(20))).toThrow(full);
    expect(() => index.addSound('b', track(861))).toThrow(full);
    expect(index.size).toMatchObject({ releases: 1, frames: 20, words: 216 });
  });
});
