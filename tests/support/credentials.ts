import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '#kernel';
import type { GateHarness } from './gate.js';

interface CrManifest {
  label: string;
  assertions: Record<string, { actions?: { action: string; parameters?: { ingredients?: unknown[] } }[] }>;
}

/** What the active manifest of a released clip says. */
export interface StatedCredentials {
  actions: string[];
  /** Our statement about its visible label. */
  disclosure: unknown;
  /** Labels of all manifests in the file. */
  manifests: string[];
}

/** Reads a released clip's crJSON in a process of its own: the WASM build does not run in the test sandbox. */
export async function readCredentialsOf(gate: GateHarness, clipId: string): Promise<StatedCredentials> {
  const clip = await gate.clip(clipId);
  const wasm = join(projectRoot, 'dist/libs/engines/credentials/wasm.js');
  const script = `
    const { loadWasm, WasmReader } = await import(${JSON.stringify(wasm)});
    await loadWasm();
    const { readFileSync } = await import('node:fs');
    const reader = await WasmReader.fromBytes('video/mp4', readFileSync(process.argv[1]));
    process.stdout.write(reader.crJson());`;
  const path = await gate.blobPath(clip.signedSha256!);
  const args = ['--input-type=module', '-e', script, path];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e7 });
  const { manifests } = JSON.parse(stdout) as { manifests: CrManifest[] };
  const active = manifests.find(({ label }) => label === clip.manifestId)!;
  return {
    actions: active.assertions['c2pa.actions.v2']!.actions!.map(({ action }) => action),
    disclosure: active.assertions['org.imprimatur.disclosure'],
    manifests: manifests.map(({ label }) => label),
  };
}
