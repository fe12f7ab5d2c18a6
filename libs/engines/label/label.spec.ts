import { LabelProfile } from '#contracts';
import { drawLabel, LabelError } from './index.js';

const profile = (change: Partial<LabelProfile> = {}) =>
  LabelProfile.parse({ kinds: ['eu', 'name', 'california'], name: 'Pellicule', ...change });

const SIZES = [
  [720, 1280],
  [1280, 720],
  [1792, 1024],
  [320, 180],
] as const;

describe.each(SIZES)('a label on %i x %i', (width, height) => {
  it('stays inside the title-safe area, on even pixels, for the whole clip', async () => {
    const label = await drawLabel(profile(), width, height);
    for (const timeS of [0, 1.4, 1.5, 3.2, 7.9, 100]) {
      const patches = label.patchesAt(timeS);
      expect(patches).toHaveLength(3);
      for (const { left, top, width: w, height: h, grey, alpha } of patches) {
        expect([left % 2, top % 2, w % 2, h % 2]).toEqual([0, 0, 0, 0]);
        expect(left).toBeGreaterThanOrEqual(width * 0.05 - 1);
        expect(top).toBeGreaterThanOrEqual(height * 0.05 - 1);
        expect(left + w).toBeLessThanOrEqual(width * 0.95 + 2);
        expect(top + h).toBeLessThanOrEqual(height * 0.95 + 2);
        expect([grey.length, alpha.length]).toEqual([w * h, w * h]);
      }
    }
  });

  it('is drawn in solid light and solid dark, so that one of them stands out on any ground', async () => {
    const label = await drawLabel(profile(), width, height);
    for (const { grey, alpha } of label.patchesAt(0)) {
      const solid = grey.filter((_, i) => alpha[i]! > 250);
      expect(solid.filter((level) => level > 240).length / solid.length).toBeGreaterThan(0.05);
      expect(solid.filter((level) => level < 15).length / solid.length).toBeGreaterThan(0.05);
    }
  });
});

it('shows no two parts on the same pixels, in any corner', async () => {
  for (const position of ['top-right', 'top-left', 'bottom-right', 'bottom-left'] as const) {
    const label = await drawLabel(profile({ position, name: 'A name of thirty-two characters.' }), 720, 1280);
    for (const timeS of [0, 1.5, 3]) {
      const patches = label.patchesAt(timeS);
      patches.forEach((a, i) =>
        patches.slice(i + 1).forEach((b) => {
          const across = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
          const down = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
          expect(Math.min(across, down)).toBeLessThanOrEqual(0);
        }),
      );
    }
  }
});

it('moves the name so that half of the picture, cut off on any side, still shows it within a clip of 4 s', async () => {
  const { cues } = (await drawLabel(profile({ kinds: ['name'] }), 1280, 720)).applied(4);
  expect(cues.map(({ from_s, to_s }) => [from_s, to_s])).toEqual([
    [0, 1.5],
    [1.5, 3],
    [3, 4],
  ]);
  const inside = (x0: number, y0: number, x1: number, y1: number) =>
    cues.some(({ box }) => box.x >= x0 && box.y >= y0 && box.x + box.width <= x1 && box.y + box.height <= y1);
  expect(inside(0, 0, 0.5, 1)).toBe(true);
  expect(inside(0.5, 0, 1, 1)).toBe(true);
  expect(inside(0, 0, 1, 0.5)).toBe(true);
  expect(inside(0, 0.5, 1, 1)).toBe(true);
  expect(inside(0.25, 0.25, 0.75, 0.75)).toBe(true);
});

it('says what is drawn, in the language of the profile', async () => {
  const said = async (language: 'en' | 'fr') =>
    new Set((await drawLabel(profile({ language }), 720, 1280)).applied(4).cues.map(({ text }) => text));
  expect([...(await said('en'))]).toEqual(['AI GENERATED', 'Pellicule · AI', 'AI-generated video · Pellicule']);
  expect([...(await said('fr'))]).toEqual(['IA VIDÉO GÉNÉRÉE', 'Pellicule · IA', 'Vidéo générée par IA · Pellicule']);
});

it('has letters of a twentieth of the shorter side', async () => {
  const [icon] = (await drawLabel(profile({ kinds: ['eu'] }), 720, 1280)).patchesAt(0);
  const middle = Math.floor(icon!.width * 0.13); // through the stem of the A or the I
  const dark = Array.from({ length: icon!.height }, (_, y) => {
    const row = icon!.grey.subarray(y * icon!.width, (y + 1) * icon!.width);
    return row.subarray(middle - 20, middle + 40).some((level) => level < 60) ? 1 : 0;
  });
  const letters = dark.slice(6, -6).reduce<number>((sum, one) => sum + one, 0);
  expect(letters).toBeGreaterThanOrEqual(35);
});

it('draws nothing for none, and refuses what it cannot draw', async () => {
  const none = await drawLabel(profile({ kinds: ['none'] }), 720, 1280);
  expect(none.patchesAt(0)).toEqual([]);
  expect(none.applied(4)).toEqual({ kinds: ['none'], delivery: 'burned', language: 'en', cues: [] });
  await expect(drawLabel(profile(), 60, 1280)).rejects.toThrow(LabelError);
});
