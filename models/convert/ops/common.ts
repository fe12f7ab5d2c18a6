import { type OnnxBuilder, type Value } from '../builder.js';
import { ConversionError } from '../errors.js';
import { type GraphNode } from '../graph.js';
import { type Constant } from '../weights.js';

/** Writes the ONNX form of one TensorFlow operation and returns its result. */
export type Emit = (build: OnnxBuilder, node: GraphNode, inputs: Value[]) => Value;

/** @throws ConversionError `unsupported_attribute`, naming the node */
export function unsupported(node: GraphNode, what: string): never {
  throw new ConversionError('unsupported_attribute', `Node ${node.name} (${node.op}): ${what} is not supported.`);
}

/** The `i`-th input, which must be there. */
export function input(node: GraphNode, inputs: Value[], i: number): Value {
  return inputs[i] ?? unsupported(node, `a missing input ${i}`);
}

/** The `i`-th input, which must be known while converting. */
export function constantInput(node: GraphNode, inputs: Value[], i: number): Constant {
  return input(node, inputs, i).constant ?? unsupported(node, `a computed input ${i}`);
}

/** The numbers of a constant that lists sizes, axes or margins. */
export function integerInput(node: GraphNode, inputs: Value[], i: number): number[] {
  return [...constantInput(node, inputs, i).data];
}

/** Product of a list of sizes. */
export const count = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/**
 * A constant operand as it must lie beside a value of rank `rank` in `layout`: in NCHW a vector over channels, of
 * whatever leading ones, becomes [C, 1, 1].
 */
export function operand(
  build: OnnxBuilder,
  node: GraphNode,
  value: Value,
  layout: Value['layout'],
  rank: number,
): string {
  const constant = value.constant;
  if (!constant || layout === 'tf' || rank !== 4) return build.as(value, layout).onnx;
  if (constant.shape.length === 0 || constant.shape.length === 4) return build.as(value, layout).onnx;
  const channels = constant.shape.at(-1) as number;
  if (channels !== constant.data.length) unsupported(node, `a constant of shape [${constant.shape.join()}]`);
  return build.weight({ shape: [channels, 1, 1], data: constant.data });
}

/**
 * `x` limited to `min`..`max`. Limits of limits become one Clip, as exporters write ReLU6 in three nodes.
 */
export function limit(build: OnnxBuilder, x: Value, min: number, max: number): Value {
  const of = x.limited?.of ?? x.onnx;
  // The later limit wins where the two contradict each other.
  const low = Math.min(Math.max(x.limited?.min ?? -Infinity, min), max);
  const high = Math.max(Math.min(x.limited?.max ?? Infinity, max), min);
  const edge = (value: number) =>
    Number.isFinite(value) ? build.weight({ shape: [], data: Float32Array.of(value) }) : '';
  const onnx =
    low === 0 && high === Infinity
      ? build.node('Relu', [of])
      : build.node('Clip', high === Infinity ? [of, edge(low)] : [of, edge(low), edge(high)]);
  return { onnx, shape: x.shape, layout: x.layout, limited: { of, min: low, max: high } };
}

/**
 * `x` where positive, `x` times the slope of its channel elsewhere. onnxruntime has no blocked form of PRelu, so each one
 * would unpack and repack its picture; slope * x + (1 - slope) * Relu(x), as two convolutions of one pixel, stays blocked
 * and is half again as fast over a whole face mesh.
 */
function prelu(build: OnnxBuilder, node: GraphNode, x: Value, slope: Value): Value {
  const channels = x.shape.at(-1) as number;
  const slopes = slope.constant;
  const perChannel = slopes?.shape.at(-1) === channels && slopes.data.length === channels;
  if (x.layout !== 'nchw' || x.shape.length !== 4 || !perChannel) {
    const alpha = operand(build, node, slope, x.layout, x.shape.length);
    return { onnx: build.node('PRelu', [x.onnx, alpha]), shape: x.shape, layout: x.layout };
  }
  const times = (name: string, data: Float32Array) =>
    build.node('Conv', [name, build.weight({ shape: [channels, 1, 1, 1], data })], {
      kernel_shape: [1, 1],
      group: channels,
    });
  const below = times(x.onnx, slopes.data);
  const above = times(
    build.node('Relu', [x.onnx]),
    slopes.data.map((v) => 1 - v),
  );
  return { onnx: build.node('Add', [below, above]), shape: x.shape, layout: x.layout };
}

/** An activation by TensorFlow's name. `slope` is that of Prelu. */
export function activation(build: OnnxBuilder, node: GraphNode, op: string, x: Value, slope?: Value): Value {
  switch (op) {
    case 'Relu':
      return limit(build, x, 0, Infinity);
    case 'Relu6':
      return limit(build, x, 0, 6);
    case 'Sigmoid':
      return { onnx: build.node(op, [x.onnx]), shape: x.shape, layout: x.layout };
    case 'Prelu':
      return prelu(build, node, x, slope ?? unsupported(node, 'Prelu without slopes'));
    default:
      return unsupported(node, op);
  }
}

/** Bias and activation that TensorFlow's optimiser folded into a node; `inputs` are the node's own. */
export function fused(build: OnnxBuilder, node: GraphNode, x: Value, inputs: Value[]): Value {
  return node
    .strings('fused_ops')
    .filter((op) => op !== 'BiasAdd')
    .reduce((value, op) => activation(build, node, op, value, inputs[3]), x);
}
