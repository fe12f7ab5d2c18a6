import type { Frame, SampleOptions } from './types.js';
export async function* sampleFrames(_path: string, _opts: SampleOptions = {}): AsyncGenerator<Frame> {
  throw new Error('not yet');
}
