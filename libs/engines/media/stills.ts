import type { ReadOptions } from './types.js';
export async function thumbnail(_path: string, _opts: ReadOptions & { width?: number } = {}): Promise<Buffer> {
  throw new Error('not yet');
}
export async function spritesheet(
  _path: string,
  _opts: ReadOptions & { columns?: number; rows?: number; tileWidth?: number } = {},
): Promise<Buffer> {
  throw new Error('not yet');
}
