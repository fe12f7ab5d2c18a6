import { OnnxBuilder, type Value } from './builder.js';
import { ConversionError } from './errors.js';
import { type WeightGroup } from './graph.js';
import { decodeWeights, permute, type Constant } from './weights.js';

/** Mean colour (RGB) that dlib's network was trained to subtract, and what it divides by. */
const MEAN = [122.782, 117.001, 104.298];
const RANGE = 255;

/** Stages after the first convolution: a block that halves the picture, or one that keeps its size. */
const BLOCKS: readonly (readonly [name: string, halves: boolean])[] = [
  ['conv32_1', false],
  ['conv32_2', false],
  ['conv32_3', false],
  ['conv64_down', true],
  ['conv64_1', false],
  ['conv64_2', false],
  ['conv64_3', false],
  ['conv128_down', true],
  ['conv128_1', false],
  ['conv128_2', false],
  ['conv256_down', true],
  ['conv256_1', false],
  ['conv256_2', false],
  ['conv256_down_out', true],
];

/** Writes the layers of one network; all values are NCHW. */
class Writer {
  readonly build = new OnnxBuilder();

  constructor(private readonly weights: Map<string, Constant>) {}

  weight(name: string): Constant {
    const found = this.weights.get(name);
    if (!found) throw new ConversionError('model_source_unreadable', `The weight ${name} is not in the package.`);
    return found;
  }

  /**
   * A convolution and the scale layer behind it, as one Conv: (k * x + b) * s + t = (s k) * x + (s b + t).
   * @param mean colour to subtract from the input before dividing by `RANGE`; exact only without padding
   */
  conv(x: Value, name: string, stride: 1 | 2, mean?: readonly number[]): Value {
    const kernel = permute(this.weight(`${name}/conv/filters`), [3, 2, 0, 1]);
    const [bias, scale, shift] = ['conv/bias', 'scale/weights', 'scale/biases'].map(
      (w) => this.weight(`${name}/${w}`).data,
    );
    const [out, channels, height, width] = kernel.shape as [number, number, number, number];
    const each = channels * height * width;
    const data = kernel.data.map((k, i) => (k * (scale?.[Math.floor(i / each)] ?? NaN)) / (mean ? RANGE : 1));
    const offset = Float32Array.from({ length: out }, (_, o) => {
      let sum = (bias?.[o] ?? NaN) * (scale?.[o] ?? NaN) + (shift?.[o] ?? NaN);
      if (!mean) return sum;
      for (let i = 0; i < each; i++)
        sum -= (data[o * each + i] ?? NaN) * (mean[Math.floor(i / (height * width))] ?? NaN);
      return sum;
    });
    const padding = stride === 1 ? (height - 1) / 2 : 0;
    const names = [
      x.onnx,
      this.build.weight({ shape: kernel.shape, data }),
      this.build.weight({ shape: [out], data: offset }),
    ];
    const onnx = this.build.node('Conv', names, {
      kernel_shape: [height, width],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
    });
    const size = (length: number) => Math.floor((length + 2 * padding - height) / stride) + 1;
    return { onnx, shape: [-1, size(x.shape[1] ?? 0), size(x.shape[2] ?? 0), out], layout: 'nchw' };
  }

  relu(x: Value): Value {
    return { ...x, onnx: this.build.node('Relu', [x.onnx]) };
  }

  /** Zeros below, to the right and as further channels, until the value is as large as `shape`. */
  grow(x: Value, shape: number[]): Value {
    const more = shape.map((size, axis) => (axis === 0 ? 0 : size - (x.shape[axis] ?? 0)));
    if (more.every((n) => n === 0)) return x;
    const [, down = 0, right = 0, channels = 0] = more;
    const pads = this.build.integers([0, 0, 0, 0, 0, channels, down, right]);
    return { ...x, shape, onnx: this.build.node('Pad', [x.onnx, pads]) };
  }

  /** Two convolutions beside a shortcut; the shortcut of a halving block is the mean of 2x2 values. */
  block(x: Value, name: string, halves: boolean): Value {
    const inner = this.conv(this.relu(this.conv(x, `${name}/conv1`, halves ? 2 : 1)), `${name}/conv2`, 1);
    let shortcut = x;
    if (halves) {
      const half = x.shape.map((size, axis) => (axis === 1 || axis === 2 ? size >> 1 : size));
      const onnx = this.build.node('AveragePool', [x.onnx], { kernel_shape: [2, 2], strides: [2, 2] });
      shortcut = { onnx, shape: half, layout: 'nchw' };
    }
    const shape = shortcut.shape.map((size, axis) => Math.max(size, inner.shape[axis] ?? size));
    const sum = this.build.node('Add', [this.grow(shortcut, shape).onnx, this.grow(inner, shape).onnx]);
    return this.relu({ onnx: sum, shape, layout: 'nchw' });
  }
}

/**
 * dlib's face recognition network (ResNet of 29 layers, 150x150 RGB 0..255 to 128 values) as an ONNX file. The
 * package ships weights alone; the layers are facts that its code and dlib's own example agree on.
 * @param manifest the package's list of weights
 * @param packed the weight file
 * @throws ConversionError `model_source_unreadable`
 */
export function convertDlibFace(
  manifest: WeightGroup[],
  packed: Uint8Array,
  options: { name: string; input: string },
): Uint8Array {
  const writer = new Writer(decodeWeights(manifest, packed));
  const { build } = writer;
  const picture = build.as(build.input(options.input, [-1, 150, 150, 3]), 'nchw');
  const first = writer.relu(writer.conv(picture, 'conv32_down', 2, MEAN));
  const [, height = 0, width = 0, channels = 0] = first.shape;
  let x: Value = {
    onnx: build.node('MaxPool', [first.onnx], { kernel_shape: [3, 3], strides: [2, 2] }),
    shape: [-1, ...[height, width].map((size) => Math.floor((size - 3) / 2) + 1), channels],
    layout: 'nchw',
  };
  for (const [name, halves] of BLOCKS) x = writer.block(x, name, halves);
  const mean = build.node('Flatten', [build.node('GlobalAveragePool', [x.onnx])]);
  const onnx = build.node('Gemm', [mean, build.weight(writer.weight('fc'))]);
  build.output('embedding', { onnx, shape: [-1, 128], layout: 'tf' });
  return build.finish(options.name);
}
