import { type ScreenText } from '#contracts';
import { closeInference } from '#engines/inference';
import { createTextReader, type TextReader } from './index.js';
import { draw, type DrawnScene, randomFrom } from './testing/draw.js';
import { ENGLISH, FRENCH, groundOf } from './testing/scenes.js';
import { accuracy } from './testing/accuracy.js';

let reader: TextReader;
beforeAll(async () => {
  reader = await createTextReader({ provider: 'cpu' });
});
afterAll(async () => {
  await reader.close();
  await closeInference();
});

async function clip(scenes: readonly DrawnScene[]): Promise<ScreenText[]> {
  const looking = reader.begin();
  for (const scene of scenes) await looking.look(await draw(scene));
  return looking.finish();
}

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
