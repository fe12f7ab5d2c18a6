import { closeInference } from '#engines/inference';
import { createTextReader, OcrError, type TextReader } from './index.js';
import { draw } from './testing/draw.js';
import { ENGLISH, FRENCH, GROUNDS, groundOf } from './testing/scenes.js';
import { accuracy } from './testing/accuracy.js';

let reader: TextReader;
beforeAll(async () => {
  reader = await createTextReader({ provider: 'cpu' });
});
afterAll(async () => {
  await reader.close();
  await closeInference();
});

const textsOf = (lines: readonly string[], size: number) =>
  lines.map((text, i) => ({ text, x: 80 + 30 * i, y: 120 + 150 * i, size }));

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

  it.each([-12, 90, -90])('reads a line turned by %d degrees', async (turn) => {
    const [x, y] = turn === 90 ? [600, 60] : turn === -90 ? [600, 680] : [300, 380];
    const [line] = await reader.read(await draw({ texts: [{ text: ENGLISH[0], x, y, size: 30, turn }] }));
    expect(accuracy([ENGLISH[0]], [line?.text ?? ''])).toBeGreaterThanOrEqual(0.95);
    expect(Math.abs((line?.angleDeg ?? 999) - turn)).toBeLessThan(2);
  });

  it('makes no sense of mirrored text', async () => {
    const read = await reader.read(await draw({ texts: textsOf(ENGLISH.slice(0, 2), 30), mirrored: true }));
    expect(accuracy(ENGLISH.slice(0, 2), read.map(({ text }) => text))).toBeLessThan(0.5); // prettier-ignore
  });

  it('names what read', () => {
    expect(reader.models.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['ppocr-v4-det', 'ppocr-v4-rec', 'tesseract-lstm', 'tesseract-fra-best-int']),
    );
    expect(reader.models.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256 ?? ''))).toBe(true);
  });

  it('fails as closed, never as empty', async () => {
    const other = await createTextReader({ provider: 'cpu' });
    await other.close();
    const frame = await draw({ texts: textsOf(ENGLISH.slice(0, 1), 24) });
    await expect(other.read(frame)).rejects.toBeInstanceOf(OcrError);
  });
});

describe('pictures without text', () => {
  it('reads nothing in ten scenes', async () => {
    const read: string[] = [];
    for (let i = 0; i < GROUNDS; i += 3) {
      const lines = await reader.read(await draw({ ground: groundOf(i), width: 640, height: 360 }));
      read.push(...lines.map(({ text }) => `${i}: ${text}`));
    }
    expect(read).toEqual([]);
  });
});
