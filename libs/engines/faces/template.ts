import { FaceError, type FaceTemplate } from './types.js';

const DLIB = 128;
const FACERES = 1024;
/** First bytes of an encoded template; the last is the version. */
const MAGIC = Buffer.from('IFT1', 'latin1');

/** Euclidean distance. */
export function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return Math.sqrt(sum);
}

/** Scalar product; the cosine of vectors of length 1. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Mean of one or more vectors of the same length. */
export function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (vector[i] as number);
  return Float32Array.from(sum, (v) => v / vectors.length);
}

/** The vector made 1 long. @throws FaceError `face_output_invalid` when it has no direction */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  if (!(length > 0)) throw new FaceError('face_output_invalid', 'A face network gave a vector without direction.');
  return vector.map((v) => v / length);
}

/**
 * One template of several views of one person. Views far from the middle one (dlib distance over 0.6) are left out:
 * somebody else may have slipped in.
 * @param views one or more, all of the same `model`
 */
export function mergeTemplates(views: readonly FaceTemplate[]): FaceTemplate {
  const total = (one: FaceTemplate) => views.reduce((sum, other) => sum + distance(one.dlib, other.dlib), 0);
  const middle = [...views].sort((a, b) => total(a) - total(b))[0] as FaceTemplate;
  const near = views.filter(({ dlib }) => distance(dlib, middle.dlib) <= 0.6);
  return {
    dlib: meanOf(near.map(({ dlib }) => dlib)),
    faceres: unit(meanOf(near.map(({ faceres }) => faceres))),
    model: middle.model,
  };
}

/** A template as bytes, for sealing: `IFT1`, length and text of `model`, 128 + 1024 little-endian floats. */
export function encodeTemplate({ dlib, faceres, model }: FaceTemplate): Uint8Array {
  const name = Buffer.from(model, 'utf8');
  if (dlib.length !== DLIB || faceres.length !== FACERES || name.length > 255) {
    throw new FaceError('face_template_invalid', 'A face template has not the expected size.');
  }
  const bytes = Buffer.alloc(MAGIC.length + 1 + name.length + 4 * (DLIB + FACERES));
  MAGIC.copy(bytes);
  let at = bytes.writeUInt8(name.length, MAGIC.length);
  at += name.copy(bytes, at);
  for (const value of dlib) at = bytes.writeFloatLE(value, at);
  for (const value of faceres) at = bytes.writeFloatLE(value, at);
  return new Uint8Array(bytes);
}

/** Undoes {@link encodeTemplate}. @throws FaceError `face_template_invalid` for anything else */
export function decodeTemplate(encoded: Uint8Array): FaceTemplate {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const fail = (why: string): never => {
    throw new FaceError('face_template_invalid', `A face template cannot be read: ${why}.`);
  };
  if (bytes.length < MAGIC.length + 1 || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) fail('unknown version');
  const start = MAGIC.length + 1 + bytes.readUInt8(MAGIC.length);
  if (bytes.length !== start + 4 * (DLIB + FACERES)) fail('wrong length');
  const read = (from: number, count: number) => {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = bytes.readFloatLE(from + 4 * i);
    return values;
  };
  const [dlib, faceres] = [read(start, DLIB), read(start + 4 * DLIB, FACERES)];
  if (!dlib.every(Number.isFinite) || !faceres.every(Number.isFinite) || Math.abs(dot(faceres, faceres) - 1) > 1e-3) {
    fail('not numbers');
  }
  return { dlib, faceres, model: bytes.toString('utf8', MAGIC.length + 1, start) };
}
