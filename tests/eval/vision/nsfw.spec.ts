import { closeInference } from '#engines/inference';
import { createNsfwDetector } from '#engines/vision';
import { benignMaterial, benignPrompts, counts, FIXTURES, judgeBenign } from './nsfw.js';

afterAll(closeInference);

describe('the nudity classifier', () => {
  it('refuses nothing harmless, and holds next to nothing, under the default policy', async () => {
    const material = await benignMaterial(FIXTURES, 12);
    expect(material.length).toBeGreaterThan(25);
    const judged = await judgeBenign(material, await createNsfwDetector({ provider: 'cpu' }));
    expect(judged.every(({ frames }) => frames > 0)).toBe(true);
    expect(counts(judged, 'adult')).toEqual({ held: 0, refused: 0 });
    expect(counts(judged, 'teen').refused).toBe(0);
  });
});

describe('benignPrompts', () => {
  it('gives different prompts', () => {
    expect(new Set(benignPrompts(96)).size).toBe(96);
  });
});
