import type { ClipFormat, ClipWriter } from './types.js';
export async function openClipWriter(_path: string, _format: ClipFormat): Promise<ClipWriter> {
  throw new Error('not yet');
}
