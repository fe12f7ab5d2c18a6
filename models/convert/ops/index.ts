import { binary, elementwise, extreme, matMul, softmax } from './arithmetic.js';
import { type Emit, input } from './common.js';
import { concat, mean, pad, reshape, resizeBilinear, squeeze } from './shape.js';
import { convolution, pooling } from './window.js';

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
  Prelu: elementwise,
  Minimum: extreme,
  Maximum: extreme,
  Squeeze: squeeze,
  Reshape: reshape,
  Pad: pad,
  Mean: mean,
  ConcatV2: concat,
  ResizeBilinear: resizeBilinear,
  MatMul: matMul,
  _FusedMatMul: matMul,
  Softmax: softmax,
  Identity: (_build, node, inputs) => input(node, inputs, 0),
};
