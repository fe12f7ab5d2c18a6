import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { compiledModule } from '#kernel';
import { type KeyMaterial, type TrustSettings } from '../types.js';

/** Work for the C2PA library alone. `now` (ISO 8601) is the time that the library is made to believe. */
export type BareJob = { now?: string; trust: TrustSettings } & (
  | {
      kind: 'sign';
      input: string;
      output: string;
      /** Manifest definition as JSON. */
      definition: string;
      material: KeyMaterial;
      /** Time stamp by this authority at this time, or none. */
      stamp: (KeyMaterial & { at: string }) | null;
      /** OCSP response to staple, base64. */
      ocsp: string | null;
      /** Without the library's own check of what it has signed. */
      force?: boolean;
    }
  | { kind: 'read'; path: string }
);

/** What the library said. */
export type BareOutcome = { ok: true; state: string; codes: string[]; crJson: unknown } | { ok: false; reason: string };

/** Does all jobs in turn, in one process of its own: the WASM build does not run in the test sandbox. */
export async function runBare(jobs: BareJob[]): Promise<BareOutcome[]> {
  const module = compiledModule(import.meta.url, './bare-child.js');
  const child = spawn(process.execPath, [module], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(jobs));
  return JSON.parse(await text(child.stdout)) as BareOutcome[];
}
