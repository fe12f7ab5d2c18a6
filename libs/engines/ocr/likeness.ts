import { type PixelFrame } from '#engines/pixels';
import { chipOf, greyOf } from './chips.js';
import { type Quad } from './types.js';

/** Height of a likeness in pixels. */
const HEIGHT = 12;
const MOST_WIDTH = 400;
/** Correlation from which two pictures show the same line; measured in the README. */
const SAME = 0.8;

/** A small grey picture of a line, to tell whether it is the same one. */
export interface Likeness {
  grey: Uint8Array;
  width: number;
}

/** Takes the likeness of a line. */
export function likenessOf(frame: PixelFrame, quad: Quad): Likeness {
  const chip = chipOf(frame, { ...quad, length: Math.min(quad.length, (MOST_WIDTH / HEIGHT) * quad.height) }, HEIGHT);
  return { grey: greyOf(chip), width: chip.width };
}

/** Correlation of two pictures of equal height where they overlap after a shift, -1..1. */
function correlation(a: Likeness, b: Likeness, dx: number, dy: number): number {
  const scale = b.width / a.width;
  let [n, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0];
  for (let y = Math.max(0, -dy); y < Math.min(HEIGHT, HEIGHT - dy); y++) {
    for (let x = Math.max(0, -dx); x < Math.min(a.width, a.width - dx); x++) {
      const p = a.grey[y * a.width + x] as number;
      const q = b.grey[(y + dy) * b.width + Math.min(b.width - 1, Math.floor((x + dx + 0.5) * scale))] as number;
      n++;
      sa += p;
      sb += q;
      saa += p * p;
      sbb += q * q;
      sab += p * q;
    }
  }
  const spread = Math.sqrt(Math.max(0, saa - (sa * sa) / n) * Math.max(0, sbb - (sb * sb) / n));
  return spread < 1 ? 0 : (sab - (sa * sb) / n) / spread;
}

/** Whether two pictures show the same line: equal shape, and equal up to brightness, contrast and a small shift. */
export function alike(a: Likeness, b: Likeness): boolean {
  if (Math.abs(a.width - b.width) > 2 + 0.08 * Math.max(a.width, b.width)) return false;
  for (const dy of [0, -1, 1]) {
    for (const dx of [0, -1, 1, -2, 2]) if (correlation(a, b, dx, dy) >= SAME) return true;
  }
  return false;
}
