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

/** Where the ray through (u, v), in widths from the middle, meets the sheet, in the sheet's own coordinates. */
function meet(
  u: number,
  v: number,
  { yaw = 0, pitch = 0, bend = 0, dx = 0, dy = 0 }: Sheet,
  far: number,
): [number, number] {
  const [cy, sy, cp, sp] = [yaw, pitch].flatMap((d) => [Math.cos(d * RAD), Math.sin(d * RAD)]) as [
    number,
    number,
    number,
    number,
  ];
  const radius = bend ? 1 / bend : Infinity;
  let [s, t] = [u - dx, v - dy];
  // Fixed-point iteration: project the guess, and correct it by the error.
  for (let k = 0; k < 25; k++) {
    const [x, z] = bend ? [radius * Math.sin(s / radius), radius * (1 - Math.cos(s / radius))] : [s, 0];
    const [x1, z1] = [x * cy - z * sy, x * sy + z * cy];
    const [y2, z2] = [t * cp + z1 * sp, z1 * cp - t * sp];
    const near = far / (far + z2);
    [s, t] = [s + (u - dx - x1 * near) / cy, t + (v - dy - y2 * near) / cp];
  }
  return [s, t];
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
  const grid = Array.from({ length: columns * (Math.ceil(height / GRID) + 1) }, (_, k) => {
    const [x, y] = [GRID * (k % columns), GRID * Math.floor(k / columns)];
    return meet((x + 0.5) / width - 0.5, (y + 0.5 - height / 2) / width, sheet, 2.5);
  });
  const held: PixelFrame = { timeS, width, height, rgb: out };
  const at = (k: number, axis: 0 | 1) => (grid[k] as [number, number])[axis];
  const between = (k: number, axis: 0 | 1, gx: number, gy: number) =>
    (at(k, axis) * (1 - gx) + at(k + 1, axis) * gx) * (1 - gy) +
    (at(k + columns, axis) * (1 - gx) + at(k + columns + 1, axis) * gx) * gy;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const k = ((y / GRID) | 0) * columns + ((x / GRID) | 0);
      const [gx, gy] = [(x % GRID) / GRID, (y % GRID) / GRID];
      const [s, t] = [between(k, 0, gx, gy), between(k, 1, gx, gy)];
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
  let state = (seed * 2654435761 + 1) >>> 0;
  const rgb = new Uint8ClampedArray(frame.rgb.length);
  for (let i = 0; i < rgb.length; i++) {
    // The product stays exact below 2^53.
    state = (state * 69069 + 12345) % 4294967296;
    rgb[i] = (frame.rgb[i] as number) + (state / 2147483648 - 1) * size;
  }
  return { ...frame, rgb: new Uint8Array(rgb.buffer) };
}
