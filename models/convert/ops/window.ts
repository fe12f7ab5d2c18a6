import { type GraphNode } from '../graph.js';
import { permute } from '../weights.js';
import { constantInput, type Emit, fused, input, unsupported } from './common.js';

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

/** Convolution, depthwise or not. ONNX kernels are [out, in / groups, height, width]. */
export const convolution: Emit = (build, node, inputs) => {
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
  return fused(build, node, { onnx: result, shape, layout: 'nchw' }, inputs);
};

/** Largest or mean value of a sliding window. */
export const pooling: Emit = (build, node, inputs) => {
  const x = build.as(input(node, inputs, 0), 'nchw');
  const window = slide(node, x.shape, spatial(node, 'ksize'));
  const name = build.node(node.op === 'AvgPool' ? 'AveragePool' : 'MaxPool', [x.onnx], {
    kernel_shape: window.kernel,
    strides: window.strides,
    pads: window.pads,
  });
  return { onnx: name, shape: [x.shape[0] as number, ...window.size, x.shape[3] as number], layout: 'nchw' };
};
