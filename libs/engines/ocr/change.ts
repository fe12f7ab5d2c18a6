import { type PixelFrame } from '#engines/pixels';

const COLUMNS = 64;
const ROWS = 36;
/** Difference of a cell's mean, in grey levels, that counts as a change; coding noise stays below 2. */
const CHANGED = 5;

/** Mean brightness of 64 x 36 cells of a frame, read at every third pixel and row. */
export function cellsOf({ width, height, rgb }: PixelFrame): Float32Array {
  const sums = new Float32Array(COLUMNS * ROWS);
  const counts = new Uint32Array(COLUMNS * ROWS);
  for (let y = 1; y < height; y += 3) {
    const row = COLUMNS * Math.floor((y * ROWS) / height);
    for (let x = 1; x < width; x += 3) {
      const cell = row + Math.floor((x * COLUMNS) / width);
      // Green stands for brightness here.
      sums[cell] = (sums[cell] as number) + (rgb[3 * (y * width + x) + 1] as number);
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
  return sums.map((sum, i) => sum / Math.max(1, counts[i] as number));
}

/** Share of cells that changed, 0..1. */
export function changeOf(before: Float32Array, now: Float32Array): number {
  let changed = 0;
  for (let i = 0; i < now.length; i++) {
    if (Math.abs((now[i] as number) - (before[i] as number)) > CHANGED) changed++;
  }
  return changed / now.length;
}
