import { type PixelFrame } from '#engines/pixels';
import { copyPixel } from './puppet.js';

/** How a print is held before the camera. */
export interface Sheet {
  /** Degrees about the upright and the level axis. */
  yaw?: number;
  pitch?: number;
  /** Bent about an upright axis, in radians over the width of the picture. */
  bend?: number;
  /** Shift, in widths of the picture. */
  dx?: number;
  dy?: number;
}

const GRID = 8;
const RAD = Math.PI / 180;
// Taken out once: in a test's sandbox every look at `Math` is slow.
const { cos, sin } = Math;

/** Finds where the ray through (u, v), in widths from the middle, meets the sheet, in the sheet's own coordinates. */
function meeting({ yaw = 0, pitch = 0, bend = 0, dx = 0, dy = 0 }: Sheet, far: number) {
  const [cy, sy, cp, sp] = [cos(yaw * RAD), sin(yaw * RAD), cos(pitch * RAD), sin(pitch * RAD)];
  const radius = 1 / bend;
  return (u: number, v: number): [number, number] => {
    let [s, t] = [u - dx, v - dy];
    // Fixed-point iteration: project the guess, and correct it by the error.
    for (let k = 0; k < 25; k++) {
      const x = bend ? radius * sin(s * bend) : s;
      const z = bend ? radius * (1 - cos(s * bend)) : 0;
      const z1 = x * sy + z * cy;
      const near = far / (far + z1 * cp - t * sp);
      const errorS = u - dx - (x * cy - z * sy) * near;
      const errorT = v - dy - (t * cp + z1 * sp) * near;
      s += errorS / cy;
      t += errorT / cp;
      if (errorS * errorS + errorT * errorT < 1e-12) break;
    }
    return [s, t];
  };
}

/** Value between four neighbours of a grid. */
function between(grid: Float64Array, k: number, columns: number, gx: number, gy: number): number {
  const above = (grid[k] as number) * (1 - gx) + (grid[k + 1] as number) * gx;
  const below = (grid[k + columns] as number) * (1 - gx) + (grid[k + columns + 1] as number) * gx;
  return above * (1 - gy) + below * gy;
}

/**
 * The picture as a print that is turned, tilted and bent in front of a camera two and a half of its widths away; the
 * edge of the print is repeated where it does not reach.
 */
export function holdSheet(picture: PixelFrame, sheet: Sheet, timeS: number): PixelFrame {
  const { width, height } = picture;
  const out = new Uint8Array(picture.rgb.length);
  // The way back is smooth: it is worked out every eighth pixel and interpolated between.
  const columns = Math.ceil(width / GRID) + 1;
  const meet = meeting(sheet, 2.5);
  const [across, down] = [0, 1].map(() => new Float64Array(columns * (Math.ceil(height / GRID) + 1))) as [
    Float64Array,
    Float64Array,
  ];
  for (let k = 0; k < across.length; k++) {
    const row = (k / columns) | 0;
    const [x, y] = [GRID * (k - row * columns), GRID * row];
    [across[k], down[k]] = meet((x + 0.5) / width - 0.5, (y + 0.5 - height / 2) / width);
  }
  const held: PixelFrame = { timeS, width, height, rgb: out };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const k = ((y / GRID) | 0) * columns + ((x / GRID) | 0);
      const [gx, gy] = [(x % GRID) / GRID, (y % GRID) / GRID];
      const s = between(across, k, columns, gx, gy);
      const t = between(down, k, columns, gx, gy);
      copyPixel(held, y * width + x, picture, (s + 0.5) * width - 0.5, t * width + height / 2 - 0.5);
    }
  }
  return held;
}

/** Skin painted over both eyes, as somebody does who makes a photograph blink. Boxes in pixels of the picture. */
export function eraseEyes(picture: PixelFrame, mesh: Float32Array): PixelFrame {
  const rgb = picture.rgb.slice();
  for (const [outer, inner, below] of [
    [33, 133, 117],
    [263, 362, 346],
  ] as const) {
    const at = (i: number) => [mesh[3 * i] as number, mesh[3 * i + 1] as number] as const;
    const [[ax, ay], [bx, by], [cx, cy]] = [at(outer), at(inner), at(below)];
    const skin = 3 * (Math.round(cy) * picture.width + Math.round(cx));
    const [mx, my, half] = [(ax + bx) / 2, (ay + by) / 2, Math.abs(ax - bx) * 0.6];
    for (let y = Math.floor(my - 0.6 * half); y <= my + 0.6 * half; y++) {
      for (let x = Math.floor(mx - half); x <= mx + half; x++) {
        const inside = ((x - mx) / half) ** 2 + ((y - my) / (0.6 * half)) ** 2 <= 1;
        if (inside) rgb.set(picture.rgb.subarray(skin, skin + 3), 3 * (y * picture.width + x));
      }
    }
  }
  return { ...picture, rgb };
}

/** What a camera adds: a little noise, so that no two pictures of a still thing are equal. Repeatable. */
export function withNoise(frame: PixelFrame, seed: number, size = 3): PixelFrame {
  let state = (seed * 2654435761 + 1) | 0 || 1;
  const scale = size / 2147483648;
  const { length } = frame.rgb;
  const rgb = new Uint8ClampedArray(length);
  for (let i = 0; i < length; i++) {
    // Marsaglia's xorshift: whole 32-bit steps, which are quick.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    rgb[i] = (frame.rgb[i] as number) + state * scale;
  }
  return { ...frame, rgb: new Uint8Array(rgb.buffer) };
}
