import { Fourier } from './fourier.js';

describe('Fourier', () => {
  it('agrees with the sum that defines it', () => {
    for (const size of [1, 2, 8, 64]) {
      const re = new Float64Array(size).map((_, i) => Math.sin(i * 1.7) + 0.2 * i);
      const im = new Float64Array(size).map((_, i) => Math.cos(i * 2.3));
      const [gotRe, gotIm] = [re.slice(), im.slice()];
      new Fourier(size).transform(gotRe, gotIm);
      for (let k = 0; k < size; k++) {
        let [r, i] = [0, 0];
        for (let n = 0; n < size; n++) {
          const [c, s] = [Math.cos((2 * Math.PI * k * n) / size), -Math.sin((2 * Math.PI * k * n) / size)];
          r += re[n]! * c - im[n]! * s;
          i += re[n]! * s + im[n]! * c;
        }
        expect(gotRe[k]).toBeCloseTo(r, 9);
        expect(gotIm[k]).toBeCloseTo(i, 9);
      }
    }
  });

  it('refuses a length that is no power of two', () => {
    expect(() => new Fourier(12)).toThrow(RangeError);
  });
});
