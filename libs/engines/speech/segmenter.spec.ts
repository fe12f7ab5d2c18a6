import { Segmenter, SEGMENTER, type Span } from './segmenter.js';

/** `0.9x20 0.1x12` as chances, block by block. */
function chances(text: string): number[] {
  return text.split(' ').flatMap((part) => {
    const [value = 0, count = 1] = part.split('x').map(Number);
    return Array.from({ length: count }, () => value);
  });
}

function spans(text: string, options = SEGMENTER): Span[] {
  const segmenter = new Segmenter(options);
  const found = chances(text).map((chance) => segmenter.push(chance));
  return [...found, segmenter.finish()].filter((span) => span !== null);
}

describe('Segmenter', () => {
  it('starts at 0.5, goes on above 0.35, ends after 0.3 s under it', () => {
    expect(spans('0.1x10 0.4x10 0.6x1 0.4x10 0.1x20')).toEqual([{ from: 20, to: 31 }]);
    expect(spans('0.49x50')).toEqual([]);
    expect(spans('0.1x5 0.9x10 0.1x9 0.9x10 0.1x10')).toEqual([{ from: 5, to: 34 }]);
    expect(spans('0.1x5 0.9x10 0.1x10 0.9x10 0.1x10')).toEqual([
      { from: 5, to: 15 },
      { from: 25, to: 35 },
    ]);
  });

  it('takes what is shorter than 0.25 s for noise', () => {
    expect(spans('0.1x9 0.9x7 0.1x20')).toEqual([]);
    expect(spans('0.1x9 0.9x8 0.1x20')).toEqual([{ from: 9, to: 17 }]);
  });

  it('keeps speech that the end of the sound cuts off', () => {
    expect(spans('0.1x9 0.9x30')).toEqual([{ from: 9, to: 39 }]);
    expect(spans('0.1x9 0.9x30 0.1x4')).toEqual([{ from: 9, to: 39 }]);
  });

  it('splits what is too long at the longest pause of its second half', () => {
    const options = { ...SEGMENTER, maxBlocks: 100 };
    expect(spans('0.9x20 0.1x9 0.9x31 0.1x6 0.9x10 0.1x3 0.9x40 0.1x20', options)).toEqual([
      { from: 0, to: 60 },
      { from: 66, to: 119 },
    ]);
  });

  it('splits without a pause, and loses no block', () => {
    const options = { ...SEGMENTER, maxBlocks: 100 };
    expect(spans('0.9x250 0.1x20', options)).toEqual([
      { from: 0, to: 100 },
      { from: 100, to: 200 },
      { from: 200, to: 250 },
    ]);
    expect(spans('0.9x102', options)).toEqual([
      { from: 0, to: 100 },
      { from: 100, to: 102 },
    ]);
    // Cut in the middle of a short pause: the pause belongs to neither.
    expect(spans('0.9x97 0.1x5 0.9x20 0.1x20', options)).toEqual([
      { from: 0, to: 97 },
      { from: 102, to: 122 },
    ]);
  });

  it('says from where sound is still needed', () => {
    const segmenter = new Segmenter();
    for (const chance of chances('0.1x10')) segmenter.push(chance);
    expect(segmenter.neededFrom).toBe(10);
    for (const chance of chances('0.9x10 0.1x5')) segmenter.push(chance);
    expect(segmenter.neededFrom).toBe(10);
    for (const chance of chances('0.1x6')) segmenter.push(chance);
    expect(segmenter.neededFrom).toBe(31);
  });
});
