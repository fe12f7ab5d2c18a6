import type { TranscodeOptions } from './types.js';
export async function transcode(
  _input: string,
  _output: string,
  _opts: TranscodeOptions = {},
): Promise<{ frames: number; durationS: number }> {
  throw new Error('not yet');
}
