import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { type ModelCard } from '#engines/inference';

/** A published network as files: its description, then its weights. */
export interface Original {
  format: string;
  /** Absolute paths. */
  files: string[];
  results?: { name: string; nodes: readonly string[] }[] | undefined;
}

/** The published network that a card was made from. */
export function originalOf({ source, results }: ModelCard): Original {
  const files = source.files.map((f) => join(projectRoot, 'node_modules', source.package, f.path));
  return { format: source.format, files, results };
}

/**
 * What TensorFlow.js (WebAssembly, in a process of its own) computes for a batch, by the results' names; a network
 * without named results gives `output`.
 */
export function runInTensorFlow(
  original: Original,
  batch: Float32Array,
  shape: readonly number[],
): Record<string, Float32Array> {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-'));
  try {
    writeFileSync(join(folder, 'in.f32'), Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength));
    const script = join(projectRoot, 'models', 'convert', 'testing', 'tfjs-reference.mjs');
    execFileSync(process.execPath, [script, folder, JSON.stringify({ ...original, shape })], { stdio: 'pipe' });
    const names = readdirSync(folder).filter((file) => file !== 'in.f32');
    return Object.fromEntries(
      names.map((file) => [
        file.replace(/\.f32$/, ''),
        new Float32Array(Uint8Array.from(readFileSync(join(folder, file))).buffer),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Largest absolute difference of two lists of the same length; NaN where a value is none. */
export function maxDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length || a.length === 0) throw new Error(`lengths differ: ${a.length} and ${b.length}`);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] as number))), 0);
}

/** Largest absolute value of a list. */
export function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
