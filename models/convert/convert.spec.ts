import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '#kernel';
import { closeInference, openSession } from '#engines/inference';
import { ConversionError, convertGraphModel, readModuleExport, type GraphModelJson } from './index.js';
import { maxDifference, runInTensorFlow } from './testing/reference.js';
import { decodeWeights, permute } from './weights.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const ints = (...i: number[]) => ({ list: { i: i.map(String) } });
const padding = (kind: 'SAME' | 'VALID') => ({ padding: { s: base64(kind) }, data_format: { s: base64('NHWC') } });
const type = { T: { type: 'DT_FLOAT' } };

/** Repeatable values in -0.5..0.5. */
function values(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

/** A network of every written operation, on odd sizes, where SAME padding is lopsided. */
function everyOperation(): { model: GraphModelJson; packed: Buffer } {
  const weights = [
    { name: 'scale', shape: [] },
    { name: 'shift', shape: [3] },
    { name: 'k1', shape: [3, 3, 3, 4] },
    { name: 'b1', shape: [4] },
    { name: 'k2', shape: [3, 3, 4, 2] },
    { name: 'b2', shape: [8] },
    { name: 'k3', shape: [1, 1, 8, 8] },
    { name: 'b3', shape: [8] },
    { name: 'plane', shape: [1, 1, 1, 8] },
    { name: 'slopes', shape: [1, 1, 8] },
    { name: 'k4', shape: [2, 2, 8, 1] },
    { name: 'dense', shape: [8, 5] },
    { name: 'bd', shape: [5] },
    { name: 'dense2', shape: [3, 5] },
  ].map((w) => ({ ...w, dtype: 'float32' }));
  const conv = { strides: ints(1, 2, 2, 1), dilations: ints(1, 1, 1, 1), ...type };
  const single = { ...conv, strides: ints(1, 1, 1, 1) };
  const fused = (...ops: string[]) => ({ fused_ops: { list: { s: ops.map(base64) } }, num_args: { i: '1' } });
  const shape = { shape: { dim: ['-1', '11', '9', '3'].map((size) => ({ size })) } };
  const pool = { ksize: ints(1, 2, 2, 1), strides: ints(1, 2, 2, 1), ...type };
  const node = [
    // Out of order on purpose: nothing says that a file lists a node after its inputs.
    { name: 'probability', op: 'Softmax', input: ['logits'], attr: type },
    { name: 'input', op: 'Placeholder', attr: { shape, dtype: { type: 'DT_FLOAT' } } },
    ...weights.map((w) => ({ name: w.name, op: 'Const', attr: { dtype: { type: 'DT_FLOAT' } } })),
    { name: 'scaled', op: 'Mul', input: ['scale', 'input'], attr: type },
    { name: 'shifted', op: 'Sub', input: ['scaled', 'shift'], attr: type },
    {
      name: 'c1',
      op: '_FusedConv2D',
      input: ['shifted', 'k1', 'b1'],
      attr: { ...conv, ...padding('SAME'), ...fused('BiasAdd', 'Relu6') },
    },
    {
      name: 'c2',
      op: 'FusedDepthwiseConv2dNative',
      input: ['c1', 'k2', 'b2'],
      attr: { ...single, ...padding('SAME'), ...fused('BiasAdd', 'Relu') },
    },
    { name: 'c3', op: 'Conv2D', input: ['c2', 'k3'], attr: { ...single, ...padding('VALID') } },
    { name: 'c3b', op: 'BiasAdd', input: ['c3', 'b3'], attr: type },
    { name: 'c3r', op: 'Relu', input: ['c3b'], attr: type },
    { name: 'sum', op: 'AddV2', input: ['c2', 'c3r'], attr: type },
    { name: 'planed', op: 'Mul', input: ['sum', 'plane'], attr: type },
    { name: 'bent', op: 'Prelu', input: ['planed', 'slopes'], attr: type },
    { name: 'max', op: 'MaxPool', input: ['bent'], attr: { ...pool, ...padding('SAME') } },
    { name: 'c4', op: 'DepthwiseConv2dNative', input: ['max', 'k4'], attr: { ...single, ...padding('VALID') } },
    { name: 'six', op: 'Relu6', input: ['c4'], attr: type },
    { name: 'soft', op: 'Sigmoid', input: ['six'], attr: type },
    {
      name: 'avg',
      op: 'AvgPool',
      input: ['soft'],
      attr: { ...pool, ksize: ints(1, 2, 2, 1), strides: ints(1, 1, 1, 1), ...padding('VALID') },
    },
    { name: 'flat', op: 'Squeeze', input: ['avg'], attr: { squeeze_dims: ints(1, 2), ...type } },
    {
      name: 'hidden',
      op: '_FusedMatMul',
      input: ['flat', 'dense', 'bd'],
      attr: { transpose_a: { b: false }, transpose_b: { b: false }, ...fused('BiasAdd', 'Relu'), ...type },
    },
    {
      name: 'logits',
      op: 'MatMul',
      input: ['hidden', 'dense2'],
      attr: { transpose_a: { b: false }, transpose_b: { b: true }, ...type },
    },
  ];
  const count = (w: { shape: number[] }) => w.shape.reduce((a, b) => a * b, 1);
  // Biases are positive, so that the rectifiers pass something on.
  const floats = weights.map((w, i) => values(count(w), i + 1).map((v) => (w.name.startsWith('b') ? v + 1 : 2 * v)));
  const packed = Buffer.concat(floats.map((f) => Buffer.from(f.buffer)));
  return { model: { modelTopology: { node }, weightsManifest: [{ paths: [], weights }] } as GraphModelJson, packed };
}

describe('convertGraphModel', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'convert-'))));
  afterAll(async () => {
    await closeInference();
    rmSync(folder, { recursive: true, force: true });
  });

  it('computes what TensorFlow.js computes, for every written operation', async () => {
    const { model, packed } = everyOperation();
    const shape = [3, 11, 9, 3];
    const batch = values(3 * 11 * 9 * 3, 99).map((v) => v * 10);
    const onnx = convertGraphModel(model, packed, { name: 'every-operation' });
    const file = join(folder, 'every.onnx');
    writeFileSync(file, onnx);
    const session = await openSession(file, sha256Hex(onnx), { provider: 'cpu' });
    const ours = await session.run(batch, shape);
    writeFileSync(
      join(folder, 'model.json'),
      JSON.stringify({ ...model, modelTopology: { ...model.modelTopology, versions: {} } }),
    );
    writeFileSync(join(folder, 'weights.bin'), packed);
    const files = [join(folder, 'model.json'), join(folder, 'weights.bin')];
    const theirs = runInTensorFlow({ format: 'tfjs-graph-model', files }, batch, shape).output as Float32Array;
    expect(ours).toHaveLength(9);
    // Rows differ, so that a network which ignores its input cannot pass.
    expect(maxDifference(ours.slice(0, 3), ours.slice(3, 6))).toBeGreaterThan(1e-4);
    expect(maxDifference(ours, theirs)).toBeLessThan(1e-6);
  });

  it('gives the same bytes for the same network', () => {
    const { model, packed } = everyOperation();
    const [a, b] = [convertGraphModel(model, packed, { name: 'n' }), convertGraphModel(model, packed, { name: 'n' })];
    expect(sha256Hex(a)).toBe(sha256Hex(b));
  });

  it('names the node and the operation that it cannot translate', () => {
    const { model, packed } = everyOperation();
    const soft = model.modelTopology.node.find((n) => n.name === 'soft');
    if (soft) soft.op = 'Erf';
    expect(() => convertGraphModel(model, packed, { name: 'n' })).toThrow(ConversionError);
    expect(() => convertGraphModel(model, packed, { name: 'n' })).toThrow(/soft needs Erf/);
  });

  it('refuses NCHW graphs instead of mistranslating them', () => {
    const { model, packed } = everyOperation();
    const c1 = model.modelTopology.node.find((n) => n.name === 'c1');
    Object.assign(c1?.attr ?? {}, { data_format: { s: base64('NCHW') } });
    expect(() => convertGraphModel(model, packed, { name: 'n' })).toThrow(/NCHW is not supported/);
  });
});

describe('decodeWeights', () => {
  const model = (weights: GraphModelJson['weightsManifest'][0]['weights']) => [{ paths: [], weights }];

  it('undoes each kind of quantisation', () => {
    const bytes = Buffer.alloc(2 + 4 + 6 + 4);
    bytes.set([0, 255], 0);
    bytes.writeUInt16LE(1, 2);
    bytes.writeUInt16LE(65535, 4);
    // Half precision: 1.5, -2^-24 (subnormal), 65504 (largest).
    [0x3e00, 0x8001, 0x7bff].forEach((h, i) => bytes.writeUInt16LE(h, 6 + 2 * i));
    bytes.writeFloatLE(0.1, 12);
    const all = decodeWeights(
      model([
        { name: 'a', shape: [2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
        { name: 'b', shape: [2], dtype: 'float32', quantization: { dtype: 'uint16', scale: 2, min: 1 } },
        { name: 'c', shape: [3], dtype: 'float32', quantization: { dtype: 'float16' } },
        { name: 'd', shape: [], dtype: 'float32' },
      ]),
      bytes,
    );
    expect([...(all.get('a')?.data ?? [])]).toEqual([-1, 126.5]);
    expect([...(all.get('b')?.data ?? [])]).toEqual([3, 131071]);
    expect([...(all.get('c')?.data ?? [])]).toEqual([1.5, -(2 ** -24), 65504]);
    expect([...(all.get('d')?.data ?? [])]).toEqual([Math.fround(0.1)]);
  });

  it('refuses a file that is too short or too long', () => {
    const one = model([{ name: 'a', shape: [2], dtype: 'float32' }]);
    expect(() => decodeWeights(one, Buffer.alloc(7))).toThrow(/ends inside a/);
    expect(() => decodeWeights(one, Buffer.alloc(9))).toThrow(/1 bytes too many/);
  });

  it('permutes axes', () => {
    const source = { shape: [2, 3, 1], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
    expect(permute(source, [1, 2, 0])).toEqual({ shape: [3, 1, 2], data: Float32Array.of(1, 4, 2, 5, 3, 6) });
  });
});

describe('readModuleExport', () => {
  it('reads a bundle without giving it the machine', () => {
    expect(readModuleExport('module.exports = { a: [.5, !0] }', 'm')).toEqual({ a: [0.5, true] });
    expect(() => readModuleExport('module.exports = require("node:fs")', 'm')).toThrow(/require is not defined/);
    expect(() => readModuleExport('module.exports = process.env', 'm')).toThrow(/process is not defined/);
  });
});
