import { composeScene, drawOverlays, drawScene } from './compose.js';
import { readPrompt, sceneRng } from './reader.js';
import { soundtrack } from './sound/soundtrack.js';
import { stageOf } from './stage.js';
import { type Place } from './types.js';

async function still(prompt: string, width: number, height: number, at = 1): Promise<Int32Array> {
  const stage = stageOf(readPrompt(prompt, 's'), width, height, 2, sceneRng(prompt, 's').fork('stage'));
  const scene = await composeScene(stage, 2, []);
  const frame = drawScene(scene, at);
  drawOverlays(scene, frame, at);
  return frame.px.slice();
}

const difference = (a: Int32Array, b: Int32Array) => a.reduce((sum, pixel, i) => sum + (pixel === b[i] ? 0 : 1), 0);

describe('composition', () => {
  it('draws quoted text over an unchanged scene, accents included', async () => {
    const bare = await still('a horse in a meadow', 320, 180);
    const titled = await still('a horse in a meadow "Été à Noël"', 320, 180);
    const other = await still('a horse in a meadow "Ete a Noel"', 320, 180);
    const changed = difference(bare, titled);
    expect(changed).toBeGreaterThan(320 * 180 * 0.01);
    expect(changed).toBeLessThan(320 * 180 * 0.4);
    expect(difference(titled, other)).toBeGreaterThan(20);
  });

  it('draws markup in quotes as letters', async () => {
    const plain = await still('a horse in a meadow "hello"', 320, 180);
    const markup = await still('a horse in a meadow "</svg><rect width=9999/>"', 320, 180);
    expect(difference(plain, markup)).toBeLessThan(320 * 180 * 0.5);
    expect(difference(plain, markup)).toBeGreaterThan(100);
  });

  const places: [Place, string][] = [
    ['meadow', 'meadow'],
    ['forest', 'forest'],
    ['beach', 'beach'],
    ['sea', 'ocean'],
    ['underwater', 'under the sea'],
    ['city', 'city'],
    ['street', 'street'],
    ['village', 'village'],
    ['mountains', 'mountains'],
    ['desert', 'desert'],
    ['savanna', 'savanna'],
    ['snowfield', 'glacier'],
    ['space', 'space'],
    ['sky', 'bird in the sky'],
    ['park', 'park'],
    ['lake', 'lake'],
    ['room', 'kitchen'],
    ['stadium', 'stadium'],
    ['abstract', 'qwzx'],
  ];
  it.each(places)('fills every pixel of a %s, by day and in a night storm', async (place, words) => {
    for (const prompt of [`a ${words} at noon`, `a ${words} in a storm at night`]) {
      if (place !== 'abstract') expect(readPrompt(prompt, 's').place).toBe(place);
      const px = await still(place === 'abstract' ? words : prompt, 128, 96);
      expect(px.every((pixel) => pixel >>> 24 >= 240)).toBe(true);
      expect(new Set(px).size).toBeGreaterThan(500);
    }
  });

  it('makes sound that is heard, never too loud, equal for equal seeds', () => {
    const make = (seed: string) =>
      soundtrack(readPrompt('a storm over the sea with a train', seed), sceneRng('x', seed), 2, [0.5]);
    const sound = make('1');
    expect(sound).toHaveLength(2 * 2 * 48000);
    const peak = sound.reduce((high, sample) => Math.max(high, Math.abs(sample)), 0);
    const power = Math.sqrt(sound.reduce((sum, sample) => sum + sample * sample, 0) / sound.length);
    expect(peak).toBeLessThanOrEqual(0.9);
    expect(power).toBeGreaterThan(0.02);
    expect(make('1')).toEqual(sound);
    expect(make('2')).not.toEqual(sound);
  });
});
