import { type Original } from './reference.js';

/** Opens a published network in TensorFlow.js on WebAssembly; see originals.mjs. */
export function openOriginal(
  original: Original,
): Promise<(values: Float32Array, shape: readonly number[]) => Promise<Record<string, Float32Array>>>;
