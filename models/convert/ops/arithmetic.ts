import { type Value } from '../builder.js';
import { type GraphNode } from '../graph.js';
import { activation, constantInput, type Emit, fused, input, limit, operand, unsupported } from './common.js';

/** Shape of two values side by side, each axis as long as the longer one. */
function broadcast(node: GraphNode, a: number[], b: number[]): number[] {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const skip = long.length - short.length;
  return long.map((size, i) => {
    const other = i < skip ? 1 : (short[i - skip] as number);
    if (size !== other && size !== 1 && other !== 1) unsupported(node, `[${a.join()}] beside [${b.join()}]`);
    return size === 1 ? other : size;
  });
}

const BINARY: Record<string, string> = { Add: 'Add', AddV2: 'Add', BiasAdd: 'Add', Sub: 'Sub', Mul: 'Mul' };

/** Sum, difference or product, value by value. */
export const binary: Emit = (build, node, inputs) => {
  const [a, b] = [input(node, inputs, 0), input(node, inputs, 1)];
  if (a.constant && b.constant) unsupported(node, 'arithmetic on constants alone');
  const layout = [a, b].some((v) => !v.constant && v.layout === 'nchw') ? 'nchw' : 'tf';
  const shape = broadcast(node, a.shape, b.shape);
  const names = [a, b].map((v) => operand(build, node, v, layout, shape.length));
  return { onnx: build.node(BINARY[node.op] as string, names), shape, layout };
};

/** Minimum or Maximum with a constant number. */
export const extreme: Emit = (build, node, inputs) => {
  const [a, b] = [input(node, inputs, 0), input(node, inputs, 1)];
  const [value, edge] = a.constant ? [b, a.constant] : [a, b.constant];
  if (value.constant || edge?.data.length !== 1) unsupported(node, 'anything but one constant number');
  const bound = edge.data[0] as number;
  return node.op === 'Minimum' ? limit(build, value, -Infinity, bound) : limit(build, value, bound, Infinity);
};

/** An activation in a node of its own. */
export const elementwise: Emit = (build, node, inputs) =>
  activation(build, node, node.op, input(node, inputs, 0), inputs[1]);

/** Matrix product with constant weights, on rows of the batch. */
export const matMul: Emit = (build, node, inputs) => {
  const x = build.as(input(node, inputs, 0), 'tf');
  const weights = constantInput(node, inputs, 1);
  if (node.flag('transpose_a') || x.shape.length !== 2) unsupported(node, 'a transposed or stacked operand');
  const transB = node.flag('transpose_b');
  const names = [x.onnx, build.weight(weights)];
  if (node.strings('fused_ops').includes('BiasAdd')) names.push(build.weight(constantInput(node, inputs, 2)));
  const onnx = build.node('Gemm', names, { transB: transB ? 1 : 0 });
  const shape = [x.shape[0] as number, weights.shape[transB ? 0 : 1] as number];
  const product: Value = { onnx, shape, layout: 'tf' };
  return fused(build, node, product, inputs);
};

/** Probabilities over the last axis. */
export const softmax: Emit = (build, node, inputs) => {
  const x = build.as(input(node, inputs, 0), 'tf');
  return { onnx: build.node('Softmax', [x.onnx], { axis: -1 }), shape: x.shape, layout: 'tf' };
};
