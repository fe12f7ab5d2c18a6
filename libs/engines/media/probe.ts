import type { MediaInfo, ReadOptions } from './types.js';
export async function probe(_path: string, _opts: ReadOptions = {}): Promise<MediaInfo> {
  throw new Error('not yet');
}
