import type { MarkLuma, RewriteOptions } from './types.js';
export async function rewriteLuma(
  _input: string,
  _output: string,
  _mark: MarkLuma,
  _opts: RewriteOptions = {},
): Promise<{ frames: number; durationS: number }> {
  throw new Error('not yet');
}
