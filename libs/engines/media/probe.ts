import { openSource } from './source.js';
import type { MediaInfo, ReadOptions } from './types.js';

/**
 * What the header of a clip says. Nothing is decoded beyond what the container needs to name its codecs.
 * @throws MediaError `media_unreadable`; `media_too_large` or `media_too_long` when the header exceeds the limits
 */
export async function probe(path: string, opts: ReadOptions = {}): Promise<MediaInfo> {
  const source = await openSource(path, opts, { video: false, audio: true });
  await source.close();
  return source.info;
}
