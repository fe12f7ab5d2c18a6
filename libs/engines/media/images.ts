import type { Frame, ImageLimits } from './types.js';
export async function checkImage(
  _bytes: Buffer,
  _limits: ImageLimits = {},
): Promise<{ format: 'png' | 'jpeg' | 'webp'; width: number; height: number }> {
  throw new Error('not yet');
}
export async function decodeImageFrame(_bytes: Buffer, _opts: ImageLimits & { maxSide?: number } = {}): Promise<Frame> {
  throw new Error('not yet');
}
