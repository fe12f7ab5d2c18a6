import proto, { type onnx } from 'onnx-proto';
import { ConversionError } from './errors.js';

const { AttributeProto, ModelProto, TensorProto } = proto.onnx;
const { INT, INTS } = AttributeProto.AttributeType;
const { FLOAT, INT64 } = TensorProto.DataType;

/** Numbers in one block: 64 samples of the block before, then 512 new ones. */
const BLOCK = 576;
const HIDDEN = 128;

type Attributes = Record<string, number | number[]>;

function node(opType: string, input: string[], output: string[], attributes: Attributes = {}): onnx.INodeProto {
  const attribute = Object.entries(attributes).map(([name, value]) =>
    Array.isArray(value) ? { name, type: INTS, ints: value } : { name, type: INT, i: value },
  );
  return { opType, name: output[0] ?? opType, input, output, attribute };
}

function values(name: string, dims: (number | string)[]): onnx.IValueInfoProto {
  const dim = dims.map((d) => (typeof d === 'string' ? { dimParam: d } : { dimValue: d }));
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}

function integers(name: string, list: number[]): onnx.ITensorProto {
  const bytes = Buffer.alloc(list.length * 8);
  list.forEach((v, i) => bytes.writeBigInt64LE(BigInt(v), i * 8));
  return { name, dims: [list.length], dataType: INT64, rawData: bytes };
}

/** The weights of the 16 kHz half of the published network, by the end of their names. */
function weightsOf(source: Uint8Array): (name: string, dims: number[]) => Buffer {
  const choice = ModelProto.decode(source).graph?.node?.find((n) => n.opType === 'If');
  const half = choice?.attribute?.find((a) => a.name === 'then_branch')?.g?.node ?? [];
  return (name, dims) => {
    const found = half.find((n) => n.opType === 'Constant' && n.output?.[0]?.endsWith(`__${name}`));
    const tensor = found?.attribute?.find((a) => a.name === 'value')?.t;
    const bytes = 4 * dims.reduce((a, b) => a * b, 1);
    if (tensor?.dataType !== FLOAT || tensor.rawData?.length !== bytes || String(tensor.dims) !== String(dims)) {
      throw new ConversionError(
        'model_source_unreadable',
        `The speech network has no ${name} of [${dims.join(', ')}].`,
      );
    }
    return Buffer.from(tensor.rawData);
  };
}

/** PyTorch keeps the gates of an LSTM as input, forget, cell, output; ONNX wants input, output, forget, cell. */
function reorderGates(bytes: Buffer): Buffer {
  const size = bytes.length / 4;
  return Buffer.concat([0, 3, 1, 2].map((gate) => bytes.subarray(gate * size, (gate + 1) * size)));
}

function initializers(source: Uint8Array): onnx.ITensorProto[] {
  const weight = weightsOf(source);
  const floats = (name: string, dims: number[], rawData: Buffer) => ({ name, dims, dataType: FLOAT, rawData });
  const same = (name: string, dims: number[]) => floats(name, dims, weight(name, dims));
  const gates = (name: string, dims: number[]) => reorderGates(weight(`decoder.rnn.${name}`, dims));
  const encoder = [
    [128, 129],
    [64, 128],
    [64, 64],
    [128, 64],
  ].flatMap(([out = 0, into = 0], i) => [
    same(`encoder.${i}.reparam_conv.weight`, [out, into, 3]),
    same(`encoder.${i}.reparam_conv.bias`, [out]),
  ]);
  return [
    integers('pads', [0, 0, 0, 0, 0, 64]),
    integers('axis1', [1]),
    integers('from', [0]),
    integers('half', [129]),
    integers('to', [258]),
    integers('sequence', [-1, 1, HIDDEN]),
    integers('rows', [-1, HIDDEN]),
    same('stft.forward_basis_buffer', [258, 1, 256]),
    ...encoder,
    floats('W', [1, 4 * HIDDEN, HIDDEN], gates('weight_ih', [4 * HIDDEN, HIDDEN])),
    floats('R', [1, 4 * HIDDEN, HIDDEN], gates('weight_hh', [4 * HIDDEN, HIDDEN])),
    floats('B', [1, 8 * HIDDEN], Buffer.concat([gates('bias_ih', [4 * HIDDEN]), gates('bias_hh', [4 * HIDDEN])])),
    floats('decoder.weight', [HIDDEN, 1], weight('decoder.decoder.2.weight', [1, HIDDEN, 1])),
    same('decoder.decoder.2.bias', [1]),
  ];
}

function nodes(): onnx.INodeProto[] {
  const encoder = [1, 2, 2, 1].flatMap((stride, i) => [
    node(
      'Conv',
      [i === 0 ? 'magnitude' : `e${i}`, `encoder.${i}.reparam_conv.weight`, `encoder.${i}.reparam_conv.bias`],
      [`c${i}`],
      { kernel_shape: [3], pads: [1, 1], strides: [stride] },
    ),
    node('Relu', [`c${i}`], [`e${i + 1}`]),
  ]);
  return [
    node('Unsqueeze', ['blocks', 'axis1'], ['mono']),
    { ...node('Pad', ['mono', 'pads'], ['padded']), attribute: [{ name: 'mode', type: 3, s: Buffer.from('reflect') }] },
    node('Conv', ['padded', 'stft.forward_basis_buffer'], ['stft'], { kernel_shape: [256], strides: [128] }),
    node('Slice', ['stft', 'from', 'half', 'axis1'], ['real']),
    node('Slice', ['stft', 'half', 'to', 'axis1'], ['imaginary']),
    node('Mul', ['real', 'real'], ['real2']),
    node('Mul', ['imaginary', 'imaginary'], ['imaginary2']),
    node('Add', ['real2', 'imaginary2'], ['power']),
    node('Sqrt', ['power'], ['magnitude']),
    ...encoder,
    node('Reshape', ['e4', 'sequence'], ['x']),
    node('LSTM', ['x', 'W', 'R', 'B', '', 'h', 'c'], ['y', 'hN', 'cN'], { hidden_size: HIDDEN }),
    node('Reshape', ['y', 'rows'], ['flat']),
    node('Relu', ['flat'], ['kept']),
    node('MatMul', ['kept', 'decoder.weight'], ['logit0']),
    node('Add', ['logit0', 'decoder.decoder.2.bias'], ['logit']),
    node('Sigmoid', ['logit'], ['speech']),
  ];
}

/**
 * Rewrites the published Silero VAD so that one run takes any number of consecutive blocks: the encoder sees them as
 * a batch, the LSTM as a sequence. Same weights, same results; only the 16 kHz half is kept. Same input, same bytes.
 * Inputs: `blocks` [n, 576], `h` and `c` [1, 1, 128]. Outputs: `speech` [n, 1], `hN` and `cN` [1, 1, 128].
 * @throws ConversionError `model_source_unreadable`
 */
export function convertSilero(source: Uint8Array, graphName: string): Uint8Array {
  const state = (name: string) => values(name, [1, 1, HIDDEN]);
  const message = ModelProto.create({
    irVersion: 7,
    producerName: 'imprimatur',
    opsetImport: [{ domain: '', version: 13 }],
    graph: {
      name: graphName,
      node: nodes(),
      initializer: initializers(source),
      input: [values('blocks', ['blocks', BLOCK]), state('h'), state('c')],
      output: [values('speech', ['blocks', 1]), state('hN'), state('cN')],
    },
  });
  return ModelProto.encode(message).finish();
}
