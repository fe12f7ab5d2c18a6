/** Input of the probe network, shape [1, 1, 3, 3]. */
export const PROBE_INPUT = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);

/** What it must give, shape [1, 1, 2, 2]: Relu of the 2x2 convolution with kernel [[1, -1], [2, 0.5]]. */
export const PROBE_OUTPUT: readonly number[] = [9.5, 12, 17, 19.5];

/**
 * An ONNX file of 149 bytes (opset 13): one Conv and one Relu, so that a GPU provider needs its convolution library
 * too. The unit test rebuilds it from its description.
 */
export const PROBE_MODEL = Uint8Array.from(
  Buffer.from(
    'CAcSCmltcHJpbWF0dXI6fwoPCgF4CgF3EgFjIgRDb252CgwKAWMSAXkiBFJlbHUSBXByb2JlKh0KBAEBAgIQAUIBd0oQAACAPwAAgL8AAABA' +
      'AAAAP1obCgF4EhYKFAgBEhAKAggBCgIIAQoCCAMKAggDYhsKAXkSFgoUCAESEAoCCAEKAggBCgIIAgoCCAJCBAoAEA0=',
    'base64',
  ),
);
