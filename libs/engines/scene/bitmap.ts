// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { abs, ceil, cos, floor, imul, max, min, round, sin } = Math;

/**
 * A picture of premultiplied RGBA, one signed 32-bit word a pixel (little endian: red in
 * the low byte; signed, because the engine keeps such words in registers). Premultiplied colour
 * makes "over" one multiply per channel pair, for solid and translucent grounds alike.
 */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly px: Int32Array;
}

export function newBitmap(width: number, height: number): Bitmap {
  return { width, height, px: new Int32Array(width * height) };
}

/** The bytes of a bitmap, R G B A, sharing its memory. */
export function bytesOf(bitmap: Bitmap): Uint8ClampedArray {
  return new Uint8ClampedArray(bitmap.px.buffer, bitmap.px.byteOffset, bitmap.px.length * 4);
}

/** Source `s` over `d`. */
export function over(s: number, d: number): number {
  const inverse = 256 - (s >>> 24);
  const rb = (imul(d & 0xff00ff, inverse) >>> 8) & 0xff00ff;
  const ga = imul((d >>> 8) & 0xff00ff, inverse) & 0xff00ff00;
  return (s + (rb | ga)) | 0;
}

/** All four channels times `factor` / 256. */
export function fade(s: number, factor: number): number {
  const rb = (imul(s & 0xff00ff, factor) >>> 8) & 0xff00ff;
  const ga = imul((s >>> 8) & 0xff00ff, factor) & 0xff00ff00;
  return rb | ga | 0;
}

/** From `a` to `b` by `t` / 256, channel by channel. */
function blend(a: number, b: number, t: number): number {
  const u = 256 - t;
  const rb = ((imul(a & 0xff00ff, u) + imul(b & 0xff00ff, t)) >>> 8) & 0xff00ff;
  const ga = (imul((a >>> 8) & 0xff00ff, u) + imul((b >>> 8) & 0xff00ff, t)) & 0xff00ff00;
  return rb | ga;
}

/** A bitmap with its rows cut into runs, so that drawing it skips what is clear and copies what is solid. */
export interface Layer {
  readonly bitmap: Bitmap;
  /** Pairs of run end (exclusive) and kind (1 solid, 2 translucent; clear runs are kind 0), row after row. */
  readonly runs: Int32Array;
  /** Index into `runs` at which each row begins; one more entry than rows. */
  readonly rows: Int32Array;
}

const kindOf = (pixel: number) => (pixel === 0 ? 0 : pixel >>> 24 >= 253 ? 1 : 2);

export function layerOf(bitmap: Bitmap): Layer {
  const { width, height, px } = bitmap;
  const rows = new Int32Array(height + 1);
  const runs: number[] = [];
  for (let y = 0; y < height; y++) {
    const start = y * width;
    for (let x = 0; x < width;) {
      const kind = kindOf(px[start + x] as number);
      let end = x + 1;
      while (end < width && kindOf(px[start + end] as number) === kind) end++;
      runs.push(end, kind);
      x = end;
    }
    rows[y + 1] = runs.length;
  }
  return { bitmap, runs: Int32Array.from(runs), rows };
}

/** Draws a layer with its top left corner at whole pixels (`left`, `top`), cut at the edges. `opacity` 0 to 256. */
export function drawLayer(target: Bitmap, layer: Layer, left: number, top: number, opacity = 256): void {
  const { bitmap, runs, rows } = layer;
  if (opacity <= 0) return;
  const firstRow = max(0, -top);
  const lastRow = min(bitmap.height, target.height - top);
  for (let y = firstRow; y < lastRow; y++) {
    const source = y * bitmap.width;
    const out = (y + top) * target.width + left;
    let x = 0;
    for (let r = rows[y] as number; r < (rows[y + 1] as number); r += 2) {
      const end = runs[r] as number;
      const kind = runs[r + 1] as number;
      if (kind !== 0) {
        const from = max(x, -left);
        const to = min(end, target.width - left);
        if (from < to) drawRun(target.px, bitmap.px, source, out, from, to, kind === 1 && opacity >= 256, opacity);
      }
      x = end;
    }
  }
}

function drawRun(
  target: Int32Array,
  px: Int32Array,
  source: number,
  out: number,
  from: number,
  to: number,
  solid: boolean,
  opacity: number,
): void {
  if (solid && to - from > 160) {
    target.set(px.subarray(source + from, source + to), out + from);
    return;
  }
  for (let x = from; x < to; x++) {
    const s = px[source + x] as number;
    target[out + x] = over(opacity >= 256 ? s : fade(s, opacity), target[out + x] as number);
  }
}

/** How to place a sprite: its centre, size as a factor, turn, and mirror. */
export interface Placement {
  x: number;
  y: number;
  scaleX: number;
  scaleY: number;
  /** Radians, clockwise. */
  angle: number;
  /** 0 to 1. */
  opacity: number;
}

/** Draws a bitmap turned, scaled and at fractions of a pixel, with bilinear sampling. Negative `scaleX` mirrors. */
export function drawSprite(target: Bitmap, sprite: Bitmap, at: Placement): void {
  const { width: sw, height: sh, px } = sprite;
  const cosA = cos(at.angle);
  const sinA = sin(at.angle);
  const halfW = (abs(at.scaleX * cosA) * sw + abs(at.scaleY * sinA) * sh) / 2 + 1;
  const halfH = (abs(at.scaleX * sinA) * sw + abs(at.scaleY * cosA) * sh) / 2 + 1;
  const opacity = round(at.opacity * 256);
  if (opacity <= 0 || at.scaleX === 0 || at.scaleY === 0) return;
  const x0 = max(0, floor(at.x - halfW));
  const x1 = min(target.width, ceil(at.x + halfW));
  const y0 = max(0, floor(at.y - halfH));
  const y1 = min(target.height, ceil(at.y + halfH));
  // Source coordinates in 1/65536 pixel, stepped along the row.
  const stepU = round((cosA / at.scaleX) * 65536);
  const stepV = round((-sinA / at.scaleY) * 65536);
  const limitU = (sw - 1) * 65536;
  const limitV = (sh - 1) * 65536;
  for (let y = y0; y < y1; y++) {
    const dx = x0 + 0.5 - at.x;
    const dy = y + 0.5 - at.y;
    let u = round(((dx * cosA + dy * sinA) / at.scaleX + sw / 2 - 0.5) * 65536);
    let v = round(((dy * cosA - dx * sinA) / at.scaleY + sh / 2 - 0.5) * 65536);
    let out = y * target.width + x0;
    for (let x = x0; x < x1; x++, out++, u += stepU, v += stepV) {
      if (u < 0 || v < 0 || u >= limitU || v >= limitV) continue;
      const p = (v >> 16) * sw + (u >> 16);
      const a = px[p] as number;
      const b = px[p + 1] as number;
      const c = px[p + sw] as number;
      const d = px[p + sw + 1] as number;
      if ((a | b | c | d) === 0) continue;
      const s = a === b && a === c && a === d ? a : sample(a, b, c, d, (u >> 8) & 255, (v >> 8) & 255);
      target.px[out] = over(opacity >= 256 ? s : fade(s, opacity), target.px[out] as number);
    }
  }
}

/** Between four neighbours, `fu` and `fv` / 256 of the way right and down. */
function sample(a: number, b: number, c: number, d: number, fu: number, fv: number): number {
  return blend(blend(a, b, fu), blend(c, d, fu), fv) | 0;
}

/** Multiplies colours by a light (0..255 each), keeping alpha; then fades them `haze` (0..1) towards a colour. */
export function relight(bitmap: Bitmap, light: readonly number[], hazeColour: readonly number[], haze: number): void {
  const data = bytesOf(bitmap);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] as number;
    if (alpha === 0) continue;
    for (let c = 0; c < 3; c++) {
      const value = ((data[i + c] as number) * (light[c] as number)) / 255;
      data[i + c] = min(alpha, value + (((hazeColour[c] as number) * alpha) / 255 - value) * haze);
    }
  }
}
