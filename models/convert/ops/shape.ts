import { TO_NCHW } from '../builder.js';
import { count, type Emit, input, integerInput, unsupported } from './common.js';

/** Drops axes of length one. */
export const squeeze: Emit = (build, node, inputs) => {
  const x = build.as(input(node, inputs, 0), 'tf');
  const axes = node.ints('squeeze_dims');
  const name = build.node('Squeeze', [x.onnx, build.integers(axes)]);
  return { onnx: name, shape: x.shape.filter((_, i) => !axes.includes(i)), layout: 'tf' };
};

/**
 * The same values under another shape. Only the batch may stay open: networks made for one picture say 1 where
 * the batch stands, and become networks for any number of pictures.
 */
export const reshape: Emit = (build, node, inputs) => {
  const x = build.as(input(node, inputs, 0), 'tf');
  const [first, ...rest] = integerInput(node, inputs, 1);
  if ((first !== 1 && first !== -1) || count(rest) !== count(x.shape.slice(1))) {
    unsupported(node, `[${x.shape.join()}] as [${[first, ...rest].join()}]`);
  }
  const onnx = build.node('Reshape', [x.onnx, build.integers([-1, ...rest])]);
  return { onnx, shape: [x.shape[0] as number, ...rest], layout: 'tf' };
};

/** Zeros around, also along the channels. */
export const pad: Emit = (build, node, inputs) => {
  const x = input(node, inputs, 0);
  const margins = integerInput(node, inputs, 1);
  const around = x.shape.map((_, axis) => [margins[2 * axis] as number, margins[2 * axis + 1] as number] as const);
  if (around[0]?.some((n) => n !== 0)) unsupported(node, 'a longer batch');
  const order = x.layout === 'nchw' ? TO_NCHW : x.shape.map((_, axis) => axis);
  const sides = ([0, 1] as const).flatMap((side) => order.map((axis) => around[axis]?.[side] ?? 0));
  const shape = x.shape.map((size, axis) =>
    axis === 0 ? size : size + (around[axis]?.[0] ?? 0) + (around[axis]?.[1] ?? 0),
  );
  return { onnx: build.node('Pad', [x.onnx, build.integers(sides)]), shape, layout: x.layout };
};

/** Mean over height and width. */
export const mean: Emit = (build, node, inputs) => {
  const x = build.as(input(node, inputs, 0), 'nchw');
  const axes = integerInput(node, inputs, 1).sort();
  if (x.shape.length !== 4 || axes.join() !== '1,2') unsupported(node, `axes ${axes.join()}`);
  const pooled = build.node('GlobalAveragePool', [x.onnx]);
  const [batch, , , channels] = x.shape as [number, number, number, number];
  if (node.flag('keep_dims')) return { onnx: pooled, shape: [batch, 1, 1, channels], layout: 'nchw' };
  return { onnx: build.node('Flatten', [pooled]), shape: [batch, channels], layout: 'tf' };
};

/** Values side by side along one axis. */
export const concat: Emit = (build, node, inputs) => {
  const parts = inputs.slice(0, -1);
  const [axis = 0] = integerInput(node, inputs, parts.length);
  const rank = input(node, inputs, 0).shape.length;
  const at = axis < 0 ? axis + rank : axis;
  if (at === 0 || parts.some((v) => v.constant)) unsupported(node, 'axis 0 or a constant part');
  return build.concat(parts, at);
};

/** Bilinear enlargement by whole factors. */
export const resizeBilinear: Emit = (build, node, inputs) => {
  const x = build.as(input(node, inputs, 0), 'nchw');
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [tall, wide] = integerInput(node, inputs, 1) as [number, number];
  if (tall % height !== 0 || wide % width !== 0) unsupported(node, `${width}x${height} to ${wide}x${tall}`);
  const scales = build.weight({ shape: [4], data: Float32Array.of(1, 1, tall / height, wide / width) });
  const mode = node.flag('align_corners')
    ? 'align_corners'
    : node.flag('half_pixel_centers')
      ? 'half_pixel'
      : 'asymmetric';
  const onnx = build.node('Resize', [x.onnx, '', scales], { mode: 'linear', coordinate_transformation_mode: mode });
  return { onnx, shape: [batch, tall, wide, channels], layout: 'nchw' };
};
