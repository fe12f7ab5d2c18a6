import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { compiledModule } from '#kernel';
import { type TrustSettings } from '../types.js';

/** What the C2PA library says of a manifest store that lies apart from its clip. */
export interface DetachedReport {
  active_manifest: string;
  manifests: Record<string, { assertions: { label: string; data: unknown }[] }>;
  validation_results: { activeManifest: Record<'success' | 'informational' | 'failure', { code: string }[]> };
}

/** Reads a file of type `application/c2pa`, in a process of its own: the WASM build does not run in the test sandbox. */
export async function readDetached(path: string, trust: TrustSettings): Promise<DetachedReport> {
  const module = compiledModule(import.meta.url, '../wasm.js');
  const script = `
    const { librarySettings, loadWasm, WasmReader } = await import(${JSON.stringify(module)});
    await loadWasm();
    const { readFileSync } = await import('node:fs');
    const settings = librarySettings(JSON.parse(process.argv[2]));
    const reader = await WasmReader.fromBytes('application/c2pa', readFileSync(process.argv[1]), settings);
    process.stdout.write(reader.json());`;
  const run = promisify(execFile);
  const args = ['--input-type=module', '-e', script, path, JSON.stringify(trust)];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1e7 });
  return JSON.parse(stdout) as DetachedReport;
}
