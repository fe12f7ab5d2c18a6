import type { LumaFrame, LumaOptions } from './types.js';
export async function* decodeLuma(_path: string, _opts: LumaOptions = {}): AsyncGenerator<LumaFrame> {
  throw new Error('not yet');
}
