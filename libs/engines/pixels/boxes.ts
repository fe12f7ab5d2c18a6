import { type PixelBox } from './types.js';

/** Area that two boxes share over the area that they cover together, 0..1. */
export function overlap(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** The strongest of each group of boxes that overlap by more than `most` (0..1), strongest first. */
export function suppress<T extends { box: PixelBox; score: number }>(found: readonly T[], most: number): T[] {
  const kept: T[] = [];
  for (const one of [...found].sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlap(one.box, other.box) <= most)) kept.push(one);
  }
  return kept;
}
