import { CODED_BITS, encodeConvolution } from './convolution.js';
import { KeyStream } from './keystream.js';
import { messageBits } from './payload.js';
import { AXIS_GUARD, BAND_HIGH, BAND_LOW, PILOT_SHARE, TILE } from './params.js';

/** A group of frequency bins: integer coordinates in cycles per tile and the keyed phase. */
export interface Bins {
  count: number;
  u: Int16Array;
  v: Int16Array;
  /** exp(j theta) of the keyed phase. */
  cos: Float32Array;
  sin: Float32Array;
}

/** Everything a key determines: which bins are pilots, all phases, and where each coded bit goes. */
export interface Layout {
  pilots: Bins;
  data: Bins;
  /** Coded bit carried by each of the 2 * data.count real dimensions; bin b owns 2b (cosine) and 2b + 1 (sine). */
  codedBitOf: Int16Array;
  crcSeed: number;
}

/** Bins of the annulus with v > 0; their mirror images carry the conjugate. */
function bandBins(): Array<[number, number]> {
  const low = BAND_LOW * TILE;
  const high = BAND_HIGH * TILE;
  const reach = Math.floor(high);
  const bins: Array<[number, number]> = [];
  for (let v = AXIS_GUARD + 1; v <= reach; v++) {
    for (let u = -reach; u <= reach; u++) {
      const radius = Math.hypot(u, v);
      if (Math.abs(u) > AXIS_GUARD && radius >= low && radius <= high) bins.push([u, v]);
    }
  }
  return bins;
}

function makeBins(all: Array<[number, number]>, chosen: Int32Array, stream: KeyStream): Bins {
  const count = chosen.length;
  const bins: Bins = {
    count,
    u: new Int16Array(count),
    v: new Int16Array(count),
    cos: new Float32Array(count),
    sin: new Float32Array(count),
  };
  chosen.forEach((index, slot) => {
    const [u, v] = all[index]!;
    const theta = 2 * Math.PI * stream.uniform();
    bins.u[slot] = u;
    bins.v[slot] = v;
    bins.cos[slot] = Math.cos(theta);
    bins.sin[slot] = Math.sin(theta);
  });
  return bins;
}

/** Derives the layout of a 32-byte key. Throws WatermarkError `watermark_bad_key`. */
export function makeLayout(key: Uint8Array): Layout {
  const stream = new KeyStream(key, 'layout');
  const all = bandBins();
  const order = stream.permutation(all.length);
  const pilotCount = Math.round(PILOT_SHARE * all.length);
  const pilots = makeBins(all, order.subarray(0, pilotCount), stream);
  const data = makeBins(all, order.subarray(pilotCount), stream);
  const dimensions = stream.permutation(2 * data.count);
  return {
    pilots,
    data,
    codedBitOf: Int16Array.from(dimensions, (slot) => slot % CODED_BITS),
    crcSeed: stream.uint32() & 0xffffff,
  };
}

/** Coded bits of a release id under a key. */
export function codewordOf(layout: Layout, releaseId: string): Uint8Array {
  return encodeConvolution(messageBits(releaseId, layout.crcSeed));
}
