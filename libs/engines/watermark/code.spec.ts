import { CODED_BITS, encodeConvolution } from './convolution.js';
import { Fft } from './fft.js';
import { makeLayout } from './layout.js';
import { messageBits, parseSoftBindingValue, readMessage, softBindingValue } from './payload.js';
import { viterbiDecode } from './viterbi.js';

/** A small generator of uniform numbers, so that failures repeat. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

const ID = 'c0ffee0123456789';
const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;

describe('payload', () => {
  it('reads back what it wrote, under the same seed only', () => {
    const bits = messageBits(ID, 0x123456);
    expect(readMessage(bits, 0x123456)).toBe(ID);
    expect(readMessage(bits, 0x123457)).toBeNull();
  });

  it('notices every single wrong bit', () => {
    const bits = messageBits(ID, 77);
    for (let index = 0; index < bits.length; index++) {
      const changed = bits.slice();
      changed[index] = 1 - changed[index]!;
      expect(readMessage(changed, 77)).toBeNull();
    }
  });

  it('refuses what is no release id', () => {
    for (const bad of ['', 'C0FFEE0123456789', 'c0ffee012345678', 'c0ffee01234567890', 'g0ffee0123456789']) {
      expect(() => messageBits(bad, 1)).toThrow(code('watermark_bad_release_id'));
      expect(() => softBindingValue(bad)).toThrow(code('watermark_bad_release_id'));
    }
  });

  it('writes and reads the soft binding value', () => {
    expect(softBindingValue('0000000000000001')).toBe('AAAAAAAAAAE=');
    expect(parseSoftBindingValue(softBindingValue(ID))).toBe(ID);
    // Wrong length, wrong alphabet, a second spelling of the same bytes.
    for (const bad of ['', 'AAAA', 'AAAAAAAAAAE', 'AAAAAAAAAAF=', 'AAAAAAAA_AE=', 'AAAAAAAAAAEAAAA=']) {
      expect(parseSoftBindingValue(bad)).toBeNull();
    }
  });
});

describe('convolutional code', () => {
  it('is linear, terminated, and its shortest path to zero is long', () => {
    const one = new Uint8Array(88);
    one[40] = 1;
    const weight = encodeConvolution(one).reduce((sum, bit) => sum + bit, 0);
    // An impulse gives all taps of the six generators.
    expect(weight).toBe(
      ['46321', '51271', '63667', '70535', '73277', '76513']
        .map((octal) => [...Number.parseInt(octal, 8).toString(2)].filter((bit) => bit === '1').length)
        .reduce((sum, ones) => sum + ones, 0),
    );
  });

  it('corrects 22 % wrong bits and, with soft values, noise of 1.6 times the signal', () => {
    const next = uniform(5);
    for (let run = 0; run < 4; run++) {
      const message = Uint8Array.from({ length: 88 }, () => (next() < 0.5 ? 1 : 0));
      const coded = encodeConvolution(message);
      const hard = Float32Array.from(coded, (bit) => (bit ? 1 : -1) * (next() < 0.22 ? -1 : 1));
      expect(viterbiDecode(hard)).toEqual(message);
      const gauss = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      const soft = Float32Array.from(coded, (bit) => (bit ? 1 : -1) + 1.6 * gauss());
      expect(viterbiDecode(soft)).toEqual(message);
    }
    expect(encodeConvolution(new Uint8Array(88))).toHaveLength(CODED_BITS);
  });
});

describe('FFT', () => {
  it('agrees with the sum that defines it, by rows and by columns', () => {
    const size = 16;
    const next = uniform(9);
    const re = Float32Array.from({ length: size }, () => next() - 0.5);
    const im = Float32Array.from({ length: size }, () => next() - 0.5);
    const rowRe = re.slice();
    const rowIm = im.slice();
    new Fft(size).row(rowRe, rowIm, 0, -1);
    // The same numbers as the second column of a plane three wide.
    const planeRe = new Float32Array(3 * size);
    const planeIm = new Float32Array(3 * size);
    for (let y = 0; y < size; y++) [planeRe[3 * y + 1], planeIm[3 * y + 1]] = [re[y]!, im[y]!];
    new Fft(size).columns(planeRe, planeIm, 3, -1);
    for (let k = 0; k < size; k++) {
      let real = 0;
      let imag = 0;
      for (let n = 0; n < size; n++) {
        const angle = (-2 * Math.PI * k * n) / size;
        real += re[n]! * Math.cos(angle) - im[n]! * Math.sin(angle);
        imag += re[n]! * Math.sin(angle) + im[n]! * Math.cos(angle);
      }
      expect(rowRe[k]).toBeCloseTo(real, 5);
      expect(rowIm[k]).toBeCloseTo(imag, 5);
      expect(planeRe[3 * k + 1]).toBeCloseTo(real, 5);
      expect(planeIm[3 * k + 1]).toBeCloseTo(imag, 5);
      expect(planeRe[3 * k]).toBe(0);
    }
  });
});

describe('layout', () => {
  it('depends on the whole key, fills the band and carries every coded bit at least twice', () => {
    const key = new Uint8Array(32).fill(3);
    const layout = makeLayout(key);
    expect(makeLayout(key)).toEqual(layout);
    const other = key.slice();
    other[31] = 4;
    expect(makeLayout(other).pilots.cos).not.toEqual(layout.pilots.cos);
    expect(layout.pilots.count / (layout.pilots.count + layout.data.count)).toBeCloseTo(0.2, 2);
    const uses = new Uint8Array(CODED_BITS);
    for (const bit of layout.codedBitOf) uses[bit] = uses[bit]! + 1;
    expect(Math.min(...uses)).toBeGreaterThanOrEqual(2);
    for (let slot = 0; slot < layout.data.count; slot++) {
      const radius = Math.hypot(layout.data.u[slot]!, layout.data.v[slot]!) / 128;
      expect(radius).toBeGreaterThanOrEqual(0.045);
      expect(radius).toBeLessThanOrEqual(0.2);
    }
    expect(() => makeLayout(new Uint8Array(16))).toThrow(code('watermark_bad_key'));
  });
});
