import { CODED_BITS, encodeConvolution } from './convolution.js';
import { type Pose } from './geometry.js';
import { type Bins, type Layout } from './layout.js';
import { HYPOTHESES_LOG2, ID_BITS, THRESHOLD_Z, TILE } from './params.js';
import { readMessage } from './payload.js';
import { type Sampled } from './spectrum.js';
import { viterbiDecode } from './viterbi.js';

/** Pilots are grouped by frequency to learn how well each part of the band survived. */
const RINGS = 5;
/** Least weight of a ring relative to the best one. */
const LEAST_WEIGHT = 0.15;

/** Outcome of decoding one pose. */
export interface Decoded {
  /** Null when the CRC does not hold. */
  releaseId: string | null;
  z: number;
}

interface Values {
  re: Float32Array;
  im: Float32Array;
}

/** Bin values under a pose with its shift taken off. */
function aligned(spectrum: Sampled, bins: Bins, pose: Pose): Values {
  const re = new Float32Array(bins.count);
  const im = new Float32Array(bins.count);
  spectrum.sample(bins, pose, re, im);
  for (let slot = 0; slot < bins.count; slot++) {
    const angle = (2 * Math.PI * (bins.u[slot]! * pose.shiftX + bins.v[slot]! * pose.shiftY)) / TILE;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const real = re[slot]! * cos - im[slot]! * sin;
    im[slot] = re[slot]! * sin + im[slot]! * cos;
    re[slot] = real;
  }
  return { re, im };
}

/**
 * Weight of each data bin: the mean pilot response in its ring of frequencies. Pilots only, so that the weights do
 * not depend on the data phases, on which the false-positive bound rests.
 */
function ringWeights(spectrum: Sampled, layout: Layout, pose: Pose): Float32Array {
  const { pilots, data } = layout;
  const { re } = aligned(spectrum, pilots, pose);
  const radius = (bins: Bins, slot: number) => Math.hypot(bins.u[slot]!, bins.v[slot]!);
  const order = Array.from(pilots.u.keys()).sort((a, b) => radius(pilots, a) - radius(pilots, b));
  const size = Math.ceil(order.length / RINGS);
  const rings = Array.from({ length: RINGS }, (_, ring) => {
    const slots = order.slice(ring * size, (ring + 1) * size);
    const response = slots.reduce((sum, slot) => sum + re[slot]!, 0) / slots.length;
    return { outer: radius(pilots, slots.at(-1)!), response };
  });
  const best = Math.max(1e-3, ...rings.map((ring) => ring.response));
  return Float32Array.from({ length: data.count }, (_, slot) => {
    const ring = rings.find(({ outer }) => radius(data, slot) <= outer) ?? rings.at(-1)!;
    return Math.max(LEAST_WEIGHT, ring.response / best);
  });
}

/** What a pose gives before anything is decoded. */
interface Weighted extends Values {
  weights: Float32Array;
}

function weighted(spectrum: Sampled, layout: Layout, pose: Pose): Weighted {
  return { ...aligned(spectrum, layout.data, pose), weights: ringWeights(spectrum, layout, pose) };
}

/** Decision statistic of a codeword: unit variance where it was not drawn. */
function zOf({ re, im, weights }: Weighted, { data, codedBitOf }: Layout, coded: Uint8Array): number {
  let sum = 0;
  let power = 0;
  for (let slot = 0; slot < data.count; slot++) {
    const c1 = coded[codedBitOf[2 * slot]!]! ? Math.SQRT1_2 : -Math.SQRT1_2;
    const c2 = coded[codedBitOf[2 * slot + 1]!]! ? Math.SQRT1_2 : -Math.SQRT1_2;
    sum += weights[slot]! * (re[slot]! * c1 + im[slot]! * c2);
    power += weights[slot]! ** 2 * (re[slot]! ** 2 + im[slot]! ** 2);
  }
  return power > 0 ? sum / Math.sqrt(power / 2) : 0;
}

function decode(values: Weighted, layout: Layout): Decoded {
  const { data, codedBitOf, crcSeed } = layout;
  const { re, im, weights } = values;
  const soft = new Float32Array(CODED_BITS);
  for (let slot = 0; slot < data.count; slot++) {
    const cosineBit = codedBitOf[2 * slot]!;
    const sineBit = codedBitOf[2 * slot + 1]!;
    soft[cosineBit] = soft[cosineBit]! + weights[slot]! * re[slot]!;
    soft[sineBit] = soft[sineBit]! + weights[slot]! * im[slot]!;
  }
  const message = viterbiDecode(soft);
  return { releaseId: readMessage(message, crcSeed), z: zOf(values, layout, encodeConvolution(message)) };
}

/** Decodes the payload under a pose: soft Viterbi, CRC, and z of the re-encoded codeword over the data bins. */
export function decodeAt(spectrum: Sampled, layout: Layout, pose: Pose): Decoded {
  return decode(weighted(spectrum, layout, pose), layout);
}

/**
 * How clearly ids that are expected lie under a pose.
 * @param expected codewords by id
 * @returns z of each id
 */
export function expectAt(
  spectrum: Sampled,
  layout: Layout,
  pose: Pose,
  expected: ReadonlyMap<string, Uint8Array>,
): Map<string, number> {
  const values = weighted(spectrum, layout, pose);
  return new Map(Array.from(expected, ([id, coded]) => [id, zOf(values, layout, coded)]));
}

/**
 * Upper bound of the chance that an unmarked clip is accepted under any of `keys` keys: for a host made without the
 * key z is sub-Gaussian with unit variance, so P(z >= tau) <= exp(-tau^2 / 2), summed over 2^64 codewords and 2^35
 * poses.
 */
export function falsePositiveBound(keys: number): number {
  return Math.min(1, keys * 2 ** (ID_BITS + HYPOTHESES_LOG2) * Math.exp(-(THRESHOLD_Z ** 2) / 2));
}
