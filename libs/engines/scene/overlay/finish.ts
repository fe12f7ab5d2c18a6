import { layerOf, newBitmap, type Bitmap, type Layer } from '../bitmap.js';
import { type Rng } from '../random.js';

// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { hypot, imul, max, min, round } = Math;

/** Darker corners, as a layer whose middle is clear. */
export function vignette(width: number, height: number): Layer {
  const bitmap = newBitmap(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const d = hypot((x / width - 0.5) * 2, (y / height - 0.5) * 2);
      const alpha = d < 0.92 ? 0 : round(((d - 0.92) / 0.5) ** 1.6 * 70);
      bitmap.px[y * width + x] = (min(90, alpha) << 24) | 0;
    }
  }
  return layerOf(bitmap);
}

/** Where the camera looks: magnification 1 or more, and the middle of the view as fractions. */
export interface View {
  zoom: number;
  x: number;
  y: number;
}

/** Turns composed frames into RGB24 with camera zoom (bilinear) and a film grain that changes every frame. */
export class Finisher {
  /** Clamped view of `bytes`: grain may push a level past either end. */
  private readonly rgb: Uint8ClampedArray;
  private readonly bytes: Uint8Array;
  private readonly grain: Int8Array;
  private readonly columns: Int32Array;
  private seen: Bitmap | undefined;

  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly rng: Rng,
  ) {
    this.bytes = new Uint8Array(width * height * 3);
    this.rgb = new Uint8ClampedArray(this.bytes.buffer);
    this.columns = new Int32Array(width);
    this.grain = new Int8Array(width + 65536);
    for (let i = 0; i < this.grain.length; i++) {
      const bits = rng.uint32();
      // The sum of three dice lies in -4..4 and is mostly small, as grain is.
      this.grain[i] = ((bits & 3) + ((bits >>> 8) & 3) + ((bits >>> 16) & 3) - 4.5) * 0.7;
    }
  }

  /** The frame as the camera sees it: itself, or a magnified copy that the next call overwrites. */
  look(frame: Bitmap, view: View): Bitmap {
    if (view.zoom <= 1.0005) return frame;
    this.seen ??= newBitmap(this.width, this.height);
    this.magnify(frame.px, this.seen.px, view);
    return this.seen;
  }

  /** RGB24 with grain; the buffer is used again by the next call. */
  develop(frame: Bitmap): Uint8Array {
    const { rgb, grain, width, height } = this;
    const { px } = frame;
    for (let y = 0, p = 0, o = 0; y < height; y++) {
      let g = this.rng.uint32() & 0xffff;
      for (let x = 0; x < width; x++, p++, g++, o += 3) {
        const s = px[p] as number;
        const grit = grain[g] as number;
        rgb[o] = (s & 255) + grit;
        rgb[o + 1] = ((s >>> 8) & 255) + grit;
        rgb[o + 2] = ((s >>> 16) & 255) + grit;
      }
    }
    return this.bytes;
  }

  private magnify(px: Int32Array, out: Int32Array, view: View): void {
    const { width, height, columns } = this;
    const step = 1 / view.zoom;
    const left = max(0, min(width * (1 - step), width * (view.x - step / 2)));
    const top = max(0, min(height * (1 - step), height * (view.y - step / 2)));
    for (let x = 0; x < width; x++) columns[x] = min((width - 1) * 256 - 1, max(0, round((left + x * step) * 256)));
    for (let y = 0, o = 0; y < height; y++) {
      const v = min((height - 1) * 256 - 1, max(0, round((top + y * step) * 256)));
      const row = (v >> 8) * width;
      const fy = v & 255;
      for (let x = 0; x < width; x++, o++) {
        const u = columns[x] as number;
        const p = row + (u >> 8);
        const w11 = ((u & 255) * fy) >> 8;
        const w01 = (u & 255) - w11;
        const w10 = fy - w11;
        const w00 = 256 - w11 - w01 - w10;
        const a = px[p] as number;
        const b = px[p + 1] as number;
        const c = px[p + width] as number;
        const d = px[p + width + 1] as number;
        // Two channels at a time; the weights sum to 256, so neither spills into the other.
        const rb =
          (imul(a & 0xff00ff, w00) + imul(b & 0xff00ff, w01) + imul(c & 0xff00ff, w10) + imul(d & 0xff00ff, w11)) | 0;
        const ga =
          (imul((a >>> 8) & 0xff00ff, w00) +
            imul((b >>> 8) & 0xff00ff, w01) +
            imul((c >>> 8) & 0xff00ff, w10) +
            imul((d >>> 8) & 0xff00ff, w11)) |
          0;
        out[o] = ((rb >>> 8) & 0xff00ff) | (ga & 0xff00ff00);
      }
    }
  }
}
