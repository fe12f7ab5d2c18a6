import { type ScratchSpace } from './types.js';

/** A scratch space in `dir`, which is created when needed. */
export function createScratch(_dir: string): ScratchSpace {
  throw new Error('to be written');
}
