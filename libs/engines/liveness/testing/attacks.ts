import { type PixelFrame } from '#engines/pixels';

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
  const { width, height, rgb } = picture;
  const out = new Uint8Array(rgb.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [s, t] = meet((x + 0.5) / width - 0.5, (y + 0.5 - height / 2) / width, sheet, 2.5);
      const sx = Math.min(width - 1, Math.max(0, (s + 0.5) * width - 0.5));
      const sy = Math.min(height - 1, Math.max(0, t * width + height / 2 - 0.5));
      const [l, o] = [Math.min(width - 2, Math.floor(sx)), Math.min(height - 2, Math.floor(sy))];
      const [fx, fy] = [sx - l, sy - o];
      const i = 3 * (o * width + l);
      for (let k = 0; k < 3; k++) {
        const a = (rgb[i + k] as number) * (1 - fx) + (rgb[i + 3 + k] as number) * fx;
        const b = (rgb[i + 3 * width + k] as number) * (1 - fx) + (rgb[i + 3 * width + 3 + k] as number) * fx;
        out[3 * (y * width + x) + k] = Math.round(a * (1 - fy) + b * fy);
      }
    }
  }
  return { timeS, width, height, rgb: out };
}
