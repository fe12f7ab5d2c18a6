import { ConversionError } from './errors.js';
import { type WeightGroup, type WeightSpec } from './graph.js';

/** A constant of the network: values in row-major order of `shape`. */
export interface Constant {
  shape: number[];
  data: Float32Array;
}

const BYTES: Record<string, number> = { uint8: 1, uint16: 2, float16: 2, float32: 4, int32: 4 };

/** IEEE 754 half precision to a number. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function decode(spec: WeightSpec, bytes: Uint8Array): Float32Array {
  const stored = spec.quantization?.dtype ?? spec.dtype;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { scale = 1, min = 0 } = spec.quantization ?? {};
  const read: Record<string, (i: number) => number> = {
    uint8: (i) => view.getUint8(i) * scale + min,
    uint16: (i) => view.getUint16(i * 2, true) * scale + min,
    float16: (i) => half(view.getUint16(i * 2, true)),
    float32: (i) => view.getFloat32(i * 4, true),
    int32: (i) => view.getInt32(i * 4, true),
  };
  const at = read[stored] as (i: number) => number;
  const out = new Float32Array(bytes.byteLength / (BYTES[stored] as number));
  for (let i = 0; i < out.length; i++) out[i] = at(i);
  return out;
}

/**
 * Unpacks the weight file of a TFJS model.
 * @param manifest the model's `weightsManifest`
 * @param packed all shards, one after another in the order of the manifest
 * @throws ConversionError `model_source_unreadable` when the file is shorter or longer than the manifest says
 */
export function decodeWeights(manifest: WeightGroup[], packed: Uint8Array): Map<string, Constant> {
  const constants = new Map<string, Constant>();
  let offset = 0;
  for (const spec of manifest.flatMap((group) => group.weights)) {
    const width = BYTES[spec.quantization?.dtype ?? spec.dtype];
    if (!width) throw new ConversionError('unsupported_attribute', `Weight ${spec.name} is stored as ${spec.dtype}.`);
    const length = spec.shape.reduce((a, b) => a * b, 1) * width;
    if (offset + length > packed.length) {
      throw new ConversionError('model_source_unreadable', `The weight file ends inside ${spec.name}.`);
    }
    constants.set(spec.name, { shape: spec.shape, data: decode(spec, packed.subarray(offset, offset + length)) });
    offset += length;
  }
  if (offset !== packed.length) {
    throw new ConversionError(
      'model_source_unreadable',
      `The weight file has ${packed.length - offset} bytes too many.`,
    );
  }
  return constants;
}

/** The constant with its axes reordered: axis `i` of the result is axis `axes[i]` of the source. */
export function permute({ shape, data }: Constant, axes: number[]): Constant {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const target = axes.map((a) => shape[a] as number);
  const step = axes.map((a) => strides[a] as number);
  const out = new Float32Array(data.length);
  const index = new Array<number>(axes.length).fill(0);
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[from] as number;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] as number) + 1;
      from += step[axis] as number;
      if ((index[axis] as number) < (target[axis] as number)) break;
      from -= (step[axis] as number) * (target[axis] as number);
      index[axis] = 0;
    }
  }
  return { shape: target, data: out };
}
