import { type OnnxBuilder, type Value } from './builder.js';
import { ConversionError } from './errors.js';
import { type GraphNode } from './graph.js';
import { permute, type Constant } from './weights.js';

/** Writes the ONNX form of one TensorFlow operation and returns its result. */
type Emit = (build: OnnxBuilder, node: GraphNode, inputs: Value[]) => Value;

function unsupported(node: GraphNode, what: string): never {
  throw new ConversionError('unsupported_attribute', `Node ${node.name} (${node.op}): ${what} is not supported.`);
}

function input(node: GraphNode, inputs: Value[], i: number): Value {
  return inputs[i] ?? unsupported(node, `a missing input ${i}`);
}

function constantInput(node: GraphNode, inputs: Value[], i: number): Constant {
  return input(node, inputs, i).constant ?? unsupported(node, `a computed input ${i}`);
}

/** Height and width of a per-dimension NHWC attribute such as `strides`. */
function spatial(node: GraphNode, attribute: string, fallback?: number[]): [number, number] {
  const list = node.ints(attribute, fallback);
  return [list[1] ?? 1, list[2] ?? 1];
}

interface Window {
  kernel: [number, number];
  strides: [number, number];
  dilations: [number, number];
  /** Top, left, bottom, right. */
  pads: [number, number, number, number];
  /** Height and width of the result. */
  size: [number, number];
}

/** Output size and padding of a sliding window by TensorFlow's SAME and VALID rules. */
function slide(node: GraphNode, shape: number[], kernel: [number, number]): Window {
  const [format] = node.strings('data_format');
  if (format && format !== 'NHWC') unsupported(node, format);
  const [padding] = node.strings('padding');
  if (padding !== 'SAME' && padding !== 'VALID') unsupported(node, `padding ${padding}`);
  const strides = spatial(node, 'strides');
  const dilations = spatial(node, 'dilations', [1, 1, 1, 1]);
  const axes = ([0, 1] as const).map((a) => {
    const length = shape[a + 1] as number;
    const reach = (kernel[a] - 1) * dilations[a] + 1;
    if (padding === 'VALID') return { out: Math.floor((length - reach) / strides[a]) + 1, before: 0, after: 0 };
    const out = Math.ceil(length / strides[a]);
    const total = Math.max(0, (out - 1) * strides[a] + reach - length);
    return { out, before: total >> 1, after: total - (total >> 1) };
  });
  const [h, w] = axes as [(typeof axes)[0], (typeof axes)[0]];
  return { kernel, strides, dilations, pads: [h.before, w.before, h.after, w.after], size: [h.out, w.out] };
}

/** Bias and activation that TensorFlow's optimiser folded into a node. */
function fused(build: OnnxBuilder, node: GraphNode, name: string): string {
  let result = name;
  for (const op of node.strings('fused_ops')) {
    if (op === 'BiasAdd') continue;
    result = activation(build, node, op, result);
  }
  return result;
}

function activation(build: OnnxBuilder, node: GraphNode, op: string, x: string): string {
  switch (op) {
    case 'Relu':
    case 'Sigmoid':
      return build.node(op, [x]);
    case 'Relu6': {
      const scalar = (value: number) => build.weight({ shape: [], data: Float32Array.of(value) });
      return build.node('Clip', [x, scalar(0), scalar(6)]);
    }
    default:
      return unsupported(node, op);
  }
}

/** Convolution, depthwise or not. ONNX kernels are [out, in / groups, height, width]. */
const convolution: Emit = (build, node, inputs) => {
  const x = build.as(input(node, inputs, 0), 'nchw');
  const kernel = constantInput(node, inputs, 1);
  const [height, width, channels, multiple] = kernel.shape as [number, number, number, number];
  const depthwise = node.op.includes('Depthwise');
  const turned = permute(kernel, depthwise ? [2, 3, 0, 1] : [3, 2, 0, 1]);
  const outChannels = depthwise ? channels * multiple : multiple;
  if (depthwise) turned.shape = [outChannels, 1, height, width];
  const window = slide(node, x.shape, [height, width]);
  const names = [x.onnx, build.weight(turned)];
  if (node.strings('fused_ops').includes('BiasAdd')) names.push(build.weight(constantInput(node, inputs, 2)));
  const result = build.node('Conv', names, {
    kernel_shape: window.kernel,
    strides: window.strides,
    dilations: window.dilations,
    pads: window.pads,
    group: depthwise ? channels : 1,
  });
  const shape = [x.shape[0] as number, ...window.size, outChannels];
  return { onnx: fused(build, node, result), shape, layout: 'nchw' };
};

const pooling: Emit = (build, node, inputs) => {
  const x = build.as(input(node, inputs, 0), 'nchw');
  const window = slide(node, x.shape, spatial(node, 'ksize'));
  const name = build.node(node.op === 'AvgPool' ? 'AveragePool' : 'MaxPool', [x.onnx], {
    kernel_shape: window.kernel,
    strides: window.strides,
    pads: window.pads,
  });
  return { onnx: name, shape: [x.shape[0] as number, ...window.size, x.shape[3] as number], layout: 'nchw' };
};

/** A constant operand as it must lie beside a value in `layout`; a vector over channels becomes [C, 1, 1]. */
function operand(build: OnnxBuilder, node: GraphNode, value: Value, layout: Value['layout'], rank: number): string {
  const constant = value.constant;
  if (!constant || layout === 'tf' || rank !== 4) return build.as(value, layout).onnx;
  if (constant.shape.length === 0 || constant.shape.length === 4) return build.as(value, layout).onnx;
  if (constant.shape.length !== 1) unsupported(node, `a constant of shape [${constant.shape.join()}]`);
  return build.weight({ shape: [constant.data.length, 1, 1], data: constant.data });
}

const BINARY: Record<string, string> = { Add: 'Add', AddV2: 'Add', BiasAdd: 'Add', Sub: 'Sub', Mul: 'Mul' };

const binary: Emit = (build, node, inputs) => {
  const [a, b] = [input(node, inputs, 0), input(node, inputs, 1)];
  const shaped = a.shape.length >= b.shape.length && !a.constant ? a : b;
  const layout = shaped.layout;
  const names = [a, b].map((v) => operand(build, node, v, layout, shaped.shape.length));
  return { onnx: build.node(BINARY[node.op] as string, names), shape: shaped.shape, layout };
};

const elementwise: Emit = (build, node, inputs) => {
  const x = input(node, inputs, 0);
  return { ...x, onnx: activation(build, node, node.op, x.onnx) };
};

const squeeze: Emit = (build, node, inputs) => {
  const x = build.as(input(node, inputs, 0), 'tf');
  const axes = node.ints('squeeze_dims');
  const name = build.node('Squeeze', [x.onnx, build.integers(axes)]);
  return { onnx: name, shape: x.shape.filter((_, i) => !axes.includes(i)), layout: 'tf' };
};

const matMul: Emit = (build, node, inputs) => {
  const x = build.as(input(node, inputs, 0), 'tf');
  const weights = constantInput(node, inputs, 1);
  if (node.flag('transpose_a') || x.shape.length !== 2) unsupported(node, 'a transposed or stacked operand');
  const transB = node.flag('transpose_b');
  const names = [x.onnx, build.weight(weights)];
  if (node.strings('fused_ops').includes('BiasAdd')) names.push(build.weight(constantInput(node, inputs, 2)));
  const name = build.node('Gemm', names, { transB: transB ? 1 : 0 });
  const shape = [x.shape[0] as number, weights.shape[transB ? 0 : 1] as number];
  return { onnx: fused(build, node, name), shape, layout: 'tf' };
};

const softmax: Emit = (build, node, inputs) => {
  const x = build.as(input(node, inputs, 0), 'tf');
  return { ...x, onnx: build.node('Softmax', [x.onnx], { axis: -1 }) };
};

/** TensorFlow operation to ONNX. A model that needs another operation gets a line here and a case in the test. */
export const OPS: Readonly<Record<string, Emit>> = {
  Conv2D: convolution,
  _FusedConv2D: convolution,
  DepthwiseConv2dNative: convolution,
  FusedDepthwiseConv2dNative: convolution,
  AvgPool: pooling,
  MaxPool: pooling,
  Add: binary,
  AddV2: binary,
  BiasAdd: binary,
  Sub: binary,
  Mul: binary,
  Relu: elementwise,
  Relu6: elementwise,
  Sigmoid: elementwise,
  Squeeze: squeeze,
  MatMul: matMul,
  _FusedMatMul: matMul,
  Softmax: softmax,
  Identity: (_build, node, inputs) => input(node, inputs, 0),
};
