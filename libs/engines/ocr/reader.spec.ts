import { closeInference } from '#engines/inference';
import { type ScreenText } from '#contracts';
import { createTextReader, OcrError, type TextReader } from './index.js';
import { draw, type DrawnScene, randomFrom } from './testing/draw.js';
import { ENGLISH, FRENCH, GROUNDS, groundOf } from './testing/scenes.js';
import { distance } from './words.js';

let reader: TextReader;
beforeAll(async () => {
  reader = await createTextReader({ provider: 'cpu' });
});
afterAll(async () => {
  await reader.close();
  await closeInference();
});

/** Typographic apostrophes are a matter of taste; everything else counts. */
const plain = (text: string) => text.replace(/[’‘]/gu, "'");

/** Share of the characters of `wanted` that were read, each line against its nearest. */
function accuracy(wanted: readonly string[], read: readonly string[]): number {
  const total = wanted.reduce((sum, line) => sum + line.length, 0);
  const wrong = wanted.reduce((sum, line) => {
    const errors = read.map((one) => distance(plain(line), plain(one)));
    return sum + Math.min(line.length, ...errors);
  }, 0);
  return 1 - wrong / total;
}

const textsOf = (lines: readonly string[], size: number) =>
  lines.map((text, i) => ({ text, x: 80 + 30 * i, y: 120 + 150 * i, size }));

async function clip(scenes: readonly DrawnScene[]): Promise<ScreenText[]> {
  const looking = reader.begin();
  for (const scene of scenes) await looking.look(await draw(scene));
  return looking.finish();
}

describe('one picture', () => {
  it.each([
    ['English', ENGLISH],
    ['French', FRENCH],
  ])('reads 95 %% of clean 24 px %s, accents included, and places it', async (_, lines) => {
    const read = await reader.read(await draw({ texts: textsOf(lines, 24) }));
    expect(accuracy(lines, read.map(({ text }) => text))).toBeGreaterThanOrEqual(0.95); // prettier-ignore
    expect(read).toHaveLength(lines.length);
    read.forEach(({ box, angleDeg, confidence }, i) => {
      expect(box.y * 720).toBeLessThan(120 + 150 * i - 12);
      expect((box.y + box.height) * 720).toBeGreaterThan(120 + 150 * i);
      expect(angleDeg).toBe(0);
      expect(confidence).toBeGreaterThan(0.8);
    });
  });

  it('reads 14 px', async () => {
    const read = await reader.read(await draw({ texts: textsOf(ENGLISH, 14) }));
    expect(accuracy(ENGLISH, read.map(({ text }) => text))).toBeGreaterThanOrEqual(0.9); // prettier-ignore
  });

  it.each([5, 15, -15, 90, -90])('reads a line turned by %d degrees', async (turn) => {
    const [x, y] = turn === 90 ? [600, 60] : turn === -90 ? [600, 680] : [300, 380];
    const [line] = await reader.read(await draw({ texts: [{ text: ENGLISH[0], x, y, size: 30, turn }] }));
    expect(accuracy([ENGLISH[0]], [line?.text ?? ''])).toBeGreaterThanOrEqual(0.95);
    expect(Math.abs((line?.angleDeg ?? 999) - turn)).toBeLessThan(2);
  });

  it('makes no sense of mirrored text', async () => {
    const read = await reader.read(await draw({ texts: textsOf(ENGLISH, 30), mirrored: true }));
    expect(accuracy(ENGLISH, read.map(({ text }) => text))).toBeLessThan(0.5); // prettier-ignore
  });

  it('names what read', () => {
    expect(reader.models.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['ppocr-v4-det', 'ppocr-v4-rec', 'tesseract-lstm', 'tesseract-fra-best-int']),
    );
    expect(reader.models.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256 ?? ''))).toBe(true);
  });
});

describe('pictures without text', () => {
  it('reads nothing in thirty scenes', async () => {
    const read: string[] = [];
    for (let i = 0; i < GROUNDS; i++) {
      const lines = await reader.read(await draw({ ground: groundOf(i), width: 960, height: 540 }));
      read.push(...lines.map(({ text }) => `${i}: ${text}`));
    }
    expect(read).toEqual([]);
  });

  it('reads nothing in noise, within limits', async () => {
    const random = randomFrom(7);
    const rgb = Uint8Array.from({ length: 3 * 640 * 360 }, () => 256 * random());
    const looking = reader.begin();
    for (let i = 0; i < 3; i++) {
      await looking.look({ timeS: i / 2, width: 640, height: 360, rgb: rgb.map((v) => v ^ (i * 31)) });
    }
    expect(await looking.finish()).toEqual([]);
  });
});

describe('a clip', () => {
  const caption = (i: number, text: string, x: number, y: number): DrawnScene => ({
    timeS: i / 2,
    jpeg: 80,
    ground: `<g transform="translate(${-6 * i} ${-3 * i}) scale(1.2)">${groundOf(0)}</g>`,
    texts: [{ text, x, y, size: 32, stroke: '#000000', strokeWidth: 4 }],
  });

  it('reads a moving caption once', async () => {
    const texts = await clip([0, 1, 2, 3, 4].map((i) => caption(i, ENGLISH[1], 100 + 24 * i, 300 + 12 * i)));
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatchObject({ kind: 'text', fromS: 0, toS: 2, frames: 5 });
    expect(accuracy([ENGLISH[1]], [texts[0]?.text ?? ''])).toBeGreaterThanOrEqual(0.95);
  });

  it('tells changing captions apart, with their times', async () => {
    const words = [ENGLISH[0], ENGLISH[1], FRENCH[3]];
    const texts = await clip([0, 1, 2, 3, 4, 5].map((i) => caption(i, words[i >> 1] ?? '', 200, 650)));
    expect(texts.map(({ fromS, toS, frames }) => [fromS, toS, frames])).toEqual([
      [0, 0.5, 2],
      [1, 1.5, 2],
      [2, 2.5, 2],
    ]);
    expect(accuracy(words, texts.map(({ text }) => text))).toBeGreaterThanOrEqual(0.93); // prettier-ignore
  });

  it('hands a wall of small text over as not all read, in bounded time', async () => {
    const texts = Array.from({ length: 40 }, (_, i) => ({
      text: `${i} ${ENGLISH[i % 4]} ${ENGLISH[(i + 1) % 4]}`,
      x: 20,
      y: 24 + 17 * i,
      size: 14,
    }));
    const looking = reader.begin();
    const frame = await draw({ texts });
    await looking.look(frame);
    const read = await looking.finish();
    expect(read.length).toBeLessThanOrEqual(24);
    expect(looking.leftUnread).toBeGreaterThan(0);
  });

  it('keeps one clip out of the next and refuses to end without a frame', async () => {
    expect(await clip([{ timeS: 0 }])).toEqual([]);
    await expect(reader.begin().finish()).rejects.toMatchObject({ code: 'ocr_no_frames' });
    await expect(reader.begin().look({ timeS: 0, width: 4, height: 4, rgb: new Uint8Array(5) })).rejects.toMatchObject({
      code: 'frame_invalid',
    });
  });

  it('fails as closed, never as empty', async () => {
    const other = await createTextReader({ provider: 'cpu' });
    await other.close();
    const frame = await draw({ texts: textsOf(ENGLISH.slice(0, 1), 24) });
    await expect(other.read(frame)).rejects.toBeInstanceOf(OcrError);
  });
});
