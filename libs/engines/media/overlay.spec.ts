import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeLuma, rewriteLuma, sampleFrames, type GreyPatch } from './index.js';
import * as av from './native.js';
import { blendLuma, greyLevels } from './overlay.js';
import { collect, scratch, writeClip } from './testing/clips.js';

const { dir, remove } = scratch();
afterAll(remove);

const patch = (grey: number, alpha: number): GreyPatch => {
  const [width, height] = [60, 40];
  const fill = (value: number) => new Uint8Array(width * height).fill(value);
  return { left: 200, top: 100, width, height, grey: fill(grey), alpha: fill(alpha) };
};

async function rewritten(patches: (timeS: number) => readonly GreyPatch[]): Promise<string> {
  const input = await writeClip(join(dir, 'in.mp4'), { frames: 24 });
  const output = join(dir, 'out.mp4');
  await rm(output, { force: true });
  const sizes: number[][] = [];
  const overlay = async (width: number, height: number) => {
    sizes.push([width, height]);
    return patches;
  };
  await rewriteLuma(input, output, () => undefined, { overlay });
  expect(sizes).toEqual([[320, 180]]);
  return output;
}

it('draws white, black and half-clear on every frame, without colour, and leaves the rest alone', async () => {
  const grey = async (level: number, alpha: number) => {
    const frames = await collect(sampleFrames(await rewritten(() => [patch(level, alpha)]), { perSecond: 2 }));
    expect(frames.length).toBeGreaterThan(1);
    return frames.map(({ rgb, width }) => {
      const at = (x: number, y: number) => Array.from(rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3));
      return { inside: at(230, 120), outside: at(100, 40) };
    });
  };
  for (const { inside, outside } of await grey(255, 255)) {
    for (const channel of inside) expect(channel).toBeGreaterThan(245);
    expect(Math.max(...outside) - Math.min(...outside)).toBeGreaterThan(100); // still coloured
  }
  for (const { inside } of await grey(0, 255)) for (const channel of inside) expect(channel).toBeLessThan(10);
  for (const { inside } of await grey(255, 128)) {
    expect(Math.max(...inside) - Math.min(...inside)).toBeGreaterThan(30);
    expect(Math.min(...inside)).toBeGreaterThan(100);
  }
});

it('draws what the time asks for', async () => {
  const output = await rewritten((timeS) => (timeS < 0.5 ? [patch(255, 255)] : []));
  const lit = (await collect(decodeLuma(output))).map(({ data, width }) => data[120 * width + 230]! > 220);
  expect(lit).toEqual(Array.from({ length: 24 }, (_, i) => i < 12));
});

it('cuts off what sticks out, and keeps white at the level of paper in HDR', () => {
  const luma = new Uint8Array(64 * 64);
  blendLuma(luma, 64, 64, { ...patch(255, 255), left: 40, top: 50 }, { black: 16, white: 235 });
  expect(luma[49 * 64 + 50]).toBe(0);
  expect(luma[50 * 64 + 39]).toBe(0);
  expect(luma[63 * 64 + 63]).toBe(235);
  const levels = (colorRange: number, colorTrc: number) => greyLevels({ colorRange, colorTrc } as never);
  expect(levels(0, 1)).toEqual({ black: 16, white: 235 });
  expect(levels(av.AVCOL_RANGE_JPEG, 1)).toEqual({ black: 0, white: 255 });
  expect(levels(0, av.AVCOL_TRC_SMPTE2084).white).toBe(143);
  expect(levels(0, av.AVCOL_TRC_ARIB_STD_B67).white).toBe(180);
});
