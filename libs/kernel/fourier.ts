/** Radix-2 complex Fourier transform of one length in double precision. */
export class Fourier {
  private readonly swap: Uint32Array;
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;

  /**
   * @param size a power of two
   * @throws RangeError for another number
   */
  constructor(readonly size: number) {
    if (!Number.isInteger(Math.log2(size))) throw new RangeError(`FFT size ${size} is not a power of two`);
    this.swap = new Uint32Array(size);
    for (let i = 1; i < size; i++) this.swap[i] = ((this.swap[i >> 1] as number) >> 1) | (i & 1 ? size >> 1 : 0);
    const angles = new Float64Array(size / 2).map((_, i) => (2 * Math.PI * i) / size);
    this.cos = angles.map(Math.cos);
    this.sin = angles.map(Math.sin);
  }

  /** Transforms `size` values forward (e^-j) in place, without scaling. */
  transform(re: Float64Array, im: Float64Array): void {
    const { size, cos, sin } = this;
    this.reorder(re);
    this.reorder(im);
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let k = 0; k < half; k++) {
        const c = cos[k * stride] as number;
        const s = -(sin[k * stride] as number);
        for (let a = k; a < size; a += 2 * half) {
          const b = a + half;
          const r = (re[b] as number) * c - (im[b] as number) * s;
          const i = (re[b] as number) * s + (im[b] as number) * c;
          re[b] = (re[a] as number) - r;
          im[b] = (im[a] as number) - i;
          re[a] = (re[a] as number) + r;
          im[a] = (im[a] as number) + i;
        }
      }
    }
  }

  private reorder(values: Float64Array): void {
    for (let i = 1; i < this.size; i++) {
      const other = this.swap[i] as number;
      if (other <= i) continue;
      const kept = values[i] as number;
      values[i] = values[other] as number;
      values[other] = kept;
    }
  }
}
