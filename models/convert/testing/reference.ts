import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#kernel';

/** A network as files: its description, then its weights. */
export interface ReferenceModel {
  model: string;
  weights: string[];
}

/** What TensorFlow.js (WebAssembly, in a process of its own) computes for `batch`. */
export function runInTensorFlow(
  { model, weights }: ReferenceModel,
  batch: Float32Array,
  shape: number[],
): Float32Array {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-'));
  try {
    const [input, output] = [join(folder, 'in.f32'), join(folder, 'out.f32')];
    writeFileSync(input, Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength));
    const script = join(projectRoot, 'models', 'convert', 'testing', 'tfjs-reference.mjs');
    execFileSync(process.execPath, [script, input, output, shape.join(), model, ...weights], { stdio: 'pipe' });
    return new Float32Array(Uint8Array.from(readFileSync(output)).buffer);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Largest absolute difference of two lists of the same length. */
export function maxDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length || a.length === 0) throw new Error(`lengths differ: ${a.length} and ${b.length}`);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] as number))), 0);
}
