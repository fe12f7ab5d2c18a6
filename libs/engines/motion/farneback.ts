import { expand } from './polynomial.js';

/** Sizes that the flow is computed at: the frame itself and one half of it; a third level would be under 32 pixels. */
export const WIDTH = 160;
export const HEIGHT = 120;

/** Half of the 15 pixels over which the displacement is averaged. */
const HALF = 7;
const AREA = (2 * HALF + 1) ** 2;
const ITERATIONS = 2;
/** How much pixels near the edge count, from the edge inwards. */
const EDGE = [0.14, 0.14, 0.4472, 0.4472, 0.4472];

/** One size of the pyramid with all memory that it ever needs. */
interface Level {
  width: number;
  height: number;
  /** Weights of the 3-pixel blur before the fit: middle and side. */
  blur: readonly [middle: number, side: number];
  image: Float32Array;
  /** Expansions of the frame before and of the current one, see `expand`. */
  before: Float32Array;
  now: Float32Array;
  /** Displacement, 2 numbers a pixel. */
  flow: Float32Array;
  /** Normal equations, 5 numbers a pixel: yy, yx, xx, then the right side for y and x. */
  equations: Float32Array;
  column: Float64Array;
  lines: Float32Array;
  edgeX: Float32Array;
  edgeY: Float32Array;
}

const edges = (length: number) => Float32Array.from({ length }, (_, i) => (EDGE[i] ?? 1) * (EDGE[length - 1 - i] ?? 1));

function level(width: number, height: number, side: number): Level {
  return {
    width,
    height,
    blur: [1 / (1 + 2 * side), side / (1 + 2 * side)],
    image: new Float32Array(width * height),
    before: new Float32Array(width * height * 5),
    now: new Float32Array(width * height * 5),
    flow: new Float32Array(width * height * 2),
    equations: new Float32Array(width * height * 5),
    column: new Float64Array((width + 2 * HALF + 2) * 5),
    lines: new Float32Array((width + 10) * 3),
    edgeX: edges(width),
    edgeY: edges(height),
  };
}

/** Three-pixel blur in both directions; beyond an edge the picture is mirrored. */
function smooth(from: Uint8Array, [middle, side]: Level['blur'], line: Float32Array, out: Float32Array): void {
  for (let y = 0; y < HEIGHT; y++) {
    const above = (y === 0 ? 1 : y - 1) * WIDTH;
    const below = (y === HEIGHT - 1 ? HEIGHT - 2 : y + 1) * WIDTH;
    const here = y * WIDTH;
    for (let x = 0; x < WIDTH; x++) {
      line[x] = middle * from[here + x]! + side * (from[above + x]! + from[below + x]!);
    }
    out[here] = middle * line[0]! + 2 * side * line[1]!;
    for (let x = 1; x < WIDTH - 1; x++) out[here + x] = middle * line[x]! + side * (line[x - 1]! + line[x + 1]!);
    out[here + WIDTH - 1] = middle * line[WIDTH - 1]! + 2 * side * line[WIDTH - 2]!;
  }
}

/** Sets up, for every pixel, the equations of the displacement that carries the frame before to the current one. */
function setUp({ width, height, before, now, flow, equations, edgeX, edgeY }: Level): void {
  const stride = width * 5;
  for (let y = 0, pixel = 0; y < height; y++) {
    const scaleY = edgeY[y]!;
    for (let x = 0; x < width; x++, pixel++) {
      const at = pixel * 5;
      const dx = flow[pixel * 2]!;
      const dy = flow[pixel * 2 + 1]!;
      const left = Math.floor(x + dx);
      const top = Math.floor(y + dy);
      let inY = before[at]!;
      let inX = before[at + 1]!;
      let yy = before[at + 2]!;
      let xx = before[at + 3]!;
      let xy = before[at + 4]! * 0.5;
      if (left >= 0 && top >= 0 && left < width - 1 && top < height - 1) {
        const fx = x + dx - left;
        const fy = y + dy - top;
        const a = (1 - fx) * (1 - fy);
        const b = fx * (1 - fy);
        const c = (1 - fx) * fy;
        const d = fx * fy;
        const p = top * stride + left * 5;
        const q = p + stride;
        inY -= a * now[p]! + b * now[p + 5]! + c * now[q]! + d * now[q + 5]!;
        inX -= a * now[p + 1]! + b * now[p + 6]! + c * now[q + 1]! + d * now[q + 6]!;
        yy = (yy + a * now[p + 2]! + b * now[p + 7]! + c * now[q + 2]! + d * now[q + 7]!) * 0.5;
        xx = (xx + a * now[p + 3]! + b * now[p + 8]! + c * now[q + 3]! + d * now[q + 8]!) * 0.5;
        xy = xy * 0.5 + (a * now[p + 4]! + b * now[p + 9]! + c * now[q + 4]! + d * now[q + 9]!) * 0.25;
      }
      inY = inY * 0.5 + yy * dy + xy * dx;
      inX = inX * 0.5 + xy * dy + xx * dx;
      const scale = scaleY * edgeX[x]!;
      const scale2 = scale * scale;
      equations[at] = (yy * yy + xy * xy) * scale2;
      equations[at + 1] = (yy + xx) * xy * scale2;
      equations[at + 2] = (xx * xx + xy * xy) * scale2;
      equations[at + 3] = (yy * inY + xy * inX) * scale2;
      equations[at + 4] = (xy * inY + xx * inX) * scale2;
    }
  }
}

/** Adds the equations up over 15x15 pixels (edges repeat) and solves them for the displacement. */
function solve({ width, height, flow, equations, column }: Level): void {
  const stride = width * 5;
  const first = (HALF + 1) * 5;
  const last = first + stride - 5;
  const sums = column.subarray(first, first + stride);
  for (let i = 0; i < stride; i++) {
    let sum = equations[i]! * (HALF + 2);
    for (let y = 1; y < HALF; y++) sum += equations[Math.min(y, height - 1) * stride + i]!;
    sums[i] = sum;
  }
  for (let y = 0, pixel = 0; y < height; y++) {
    const leaving = Math.max(y - HALF - 1, 0) * stride;
    const entering = Math.min(y + HALF, height - 1) * stride;
    for (let i = 0; i < stride; i++) sums[i]! += equations[entering + i]! - equations[leaving + i]!;
    for (let i = 0; i < first; i++) {
      column[i] = column[first + (i % 5)]!;
      column[last + 5 + i] = column[last + (i % 5)]!;
    }
    let [g11, g12, g22, h1, h2] = [0, 0, 0, 0, 0];
    for (let i = 0; i < (2 * HALF + 1) * 5; i += 5) {
      g11 += column[i]!;
      g12 += column[i + 1]!;
      g22 += column[i + 2]!;
      h1 += column[i + 3]!;
      h2 += column[i + 4]!;
    }
    for (let out = 0, into = (2 * HALF + 1) * 5; out < stride; out += 5, into += 5, pixel++) {
      g11 += column[into]! - column[out]!;
      g12 += column[into + 1]! - column[out + 1]!;
      g22 += column[into + 2]! - column[out + 2]!;
      h1 += column[into + 3]! - column[out + 3]!;
      h2 += column[into + 4]! - column[out + 4]!;
      // The 1e-3 keeps flat areas still; it stands beside sums already divided by the area.
      const factor = 1 / (g11 * g22 - g12 * g12 + 1e-3 * AREA * AREA);
      flow[pixel * 2] = (g11 * h2 - g12 * h1) * factor;
      flow[pixel * 2 + 1] = (g22 * h1 - g12 * h2) * factor;
    }
  }
}

/** Starts the flow of a size from that of half the size: linear between pixel centres, twice as long. */
function enlarge(small: Level, large: Level): void {
  const { width, height } = small;
  for (let y = 0, at = 0; y < large.height; y++) {
    const near = y >> 1;
    const far = Math.min(Math.max(near + (y & 1 ? 1 : -1), 0), height - 1);
    for (let x = 0; x < large.width; x++) {
      const close = x >> 1;
      const next = Math.min(Math.max(close + (x & 1 ? 1 : -1), 0), width - 1);
      const a = (near * width + close) * 2;
      const b = (near * width + next) * 2;
      const c = (far * width + close) * 2;
      const d = (far * width + next) * 2;
      for (let k = 0; k < 2; k++, at++) {
        const here = small.flow[a + k]! * 0.75 + small.flow[b + k]! * 0.25;
        const there = small.flow[c + k]! * 0.75 + small.flow[d + k]! * 0.25;
        large.flow[at] = 2 * (here * 0.75 + there * 0.25);
      }
    }
  }
}

/**
 * Dense optical flow after Farneback ("Two-frame motion estimation based on polynomial expansion", SCIA 2003) with the
 * choices that OpenCV's `calcOpticalFlowFarneback(0.5, 3, 15, 2, 5, 1.1, 0)` makes, for 160x120 only: the fight head
 * was fitted on statistics of that flow. A run of frames costs one expansion a frame and allocates nothing.
 */
export class FarnebackFlow {
  private readonly large = level(WIDTH, HEIGHT, 0.5);
  private readonly small = level(WIDTH / 2, HEIGHT / 2, Math.exp(-2));
  private readonly smoothed = new Float32Array(WIDTH * HEIGHT);
  private readonly line = new Float32Array(WIDTH);
  private primed = false;

  /** Forgets the frame before: the next one starts a new shot. */
  reset(): void {
    this.primed = false;
  }

  /**
   * Takes the next frame.
   * @param grey 160x120 bytes
   * @returns displacement from the frame before in pixels, `[x, y]` per pixel, valid until the next call; null for the
   * first frame after the start or a reset
   */
  next(grey: Uint8Array): Float32Array | null {
    for (const one of [this.large, this.small]) [one.before, one.now] = [one.now, one.before];
    this.describe(grey);
    if (!this.primed) {
      this.primed = true;
      return null;
    }
    this.small.flow.fill(0);
    this.refine(this.small);
    enlarge(this.small, this.large);
    this.refine(this.large);
    return this.large.flow;
  }

  private refine(one: Level): void {
    for (let i = 0; i < ITERATIONS; i++) {
      setUp(one);
      solve(one);
    }
  }

  private describe(grey: Uint8Array): void {
    const { large, small } = this;
    smooth(grey, large.blur, this.line, large.image);
    expand(large.image, large.width, large.height, large.now, large.lines);
    smooth(grey, small.blur, this.line, this.smoothed);
    for (let y = 0, at = 0; y < small.height; y++) {
      for (let x = 0, i = y * 2 * WIDTH; x < small.width; x++, i += 2, at++) {
        const upper = this.smoothed[i]! + this.smoothed[i + 1]!;
        small.image[at] = (upper + this.smoothed[i + WIDTH]! + this.smoothed[i + WIDTH + 1]!) / 4;
      }
    }
    expand(small.image, small.width, small.height, small.now, small.lines);
  }
}
