/** Radix-2 complex FFT of one length; real and imaginary parts lie in separate Float32 arrays. */
export class Fft {
  private readonly swap: Int32Array;
  private readonly cos: Float32Array;
  private readonly sin: Float32Array;

  /** @param size a power of two */
  constructor(readonly size: number) {
    const bits = Math.log2(size);
    if (!Number.isInteger(bits)) throw new RangeError(`FFT size ${size} is not a power of two`);
    this.swap = new Int32Array(size);
    for (let index = 1; index < size; index++) {
      this.swap[index] = (this.swap[index >> 1]! >> 1) | (index & 1 ? size >> 1 : 0);
    }
    this.cos = Float32Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.sin = Float32Array.from({ length: size / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / size));
  }

  /**
   * Transforms the `size` values at `offset` in place, without scaling.
   * @param sign -1 for the forward transform (e^-j), +1 for the inverse
   */
  row(re: Float32Array, im: Float32Array, offset: number, sign: 1 | -1): void {
    const { size, cos, sin } = this;
    this.reorder(re, im, offset);
    for (let half = 1; half < size; half <<= 1) {
      const stride = size / (2 * half);
      for (let k = 0; k < half; k++) {
        const wr = cos[k * stride]!;
        const wi = sign * sin[k * stride]!;
        for (let a = offset + k; a < offset + size; a += 2 * half) {
          const b = a + half;
          const xr = re[b]! * wr - im[b]! * wi;
          const xi = re[b]! * wi + im[b]! * wr;
          re[b] = re[a]! - xr;
          im[b] = im[a]! - xi;
          re[a] = re[a]! + xr;
          im[a] = im[a]! + xi;
        }
      }
    }
  }

  private reorder(re: Float32Array, im: Float32Array, offset: number): void {
    for (let index = 1; index < this.size; index++) {
      const other = this.swap[index]!;
      if (other <= index) continue;
      const r = re[offset + index]!;
      re[offset + index] = re[offset + other]!;
      re[offset + other] = r;
      const i = im[offset + index]!;
      im[offset + index] = im[offset + other]!;
      im[offset + other] = i;
    }
  }

  /** Transforms all columns of a `size` x `width` plane in place; works on whole rows to stay in cache. */
  columns(re: Float32Array, im: Float32Array, width: number, sign: 1 | -1): void {
    const { size, cos, sin } = this;
    for (let index = 1; index < size; index++) {
      const other = this.swap[index]!;
      if (other > index) swapRows(re, im, index * width, other * width, width);
    }
    for (let half = 1; half < size; half <<= 1) {
      const stride = size / (2 * half);
      for (let block = 0; block < size; block += 2 * half) {
        for (let k = 0; k < half; k++) {
          const a = (block + k) * width;
          butterflyRows(re, im, a, a + half * width, width, cos[k * stride]!, sign * sin[k * stride]!);
        }
      }
    }
  }
}

function swapRows(re: Float32Array, im: Float32Array, a: number, b: number, width: number): void {
  for (let x = 0; x < width; x++) {
    const r = re[a + x]!;
    re[a + x] = re[b + x]!;
    re[b + x] = r;
    const i = im[a + x]!;
    im[a + x] = im[b + x]!;
    im[b + x] = i;
  }
}

function butterflyRows(
  re: Float32Array,
  im: Float32Array,
  rowA: number,
  rowB: number,
  width: number,
  wr: number,
  wi: number,
): void {
  for (let x = 0; x < width; x++) {
    const a = rowA + x;
    const b = rowB + x;
    const br = re[b]!;
    const bi = im[b]!;
    const xr = br * wr - bi * wi;
    const xi = br * wi + bi * wr;
    const ar = re[a]!;
    const ai = im[a]!;
    re[b] = ar - xr;
    im[b] = ai - xi;
    re[a] = ar + xr;
    im[a] = ai + xi;
  }
}
