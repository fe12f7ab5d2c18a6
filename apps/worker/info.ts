import { shownMessage } from '#kernel';
import { loadManifest, probeProvider } from '#engines/inference';
import type { Config } from '#platform/config';
import type { WorkerParts } from './parts.js';

/** What networks run on and which there are; found once, in processes of their own. Null until it is known. */
let networks: Record<string, unknown> | null = null;
let asked = false;

/** Seconds after which it is asked: a worker that was just started has clips to take up first. */
const ASK_AFTER_S = 20;

function askNetworks(order: string[]): void {
  if (asked || process.uptime() < ASK_AFTER_S) return;
  asked = true;
  probeProvider({ order }).then(
    ({ provider, runtime, attempts }) => {
      const models = Object.values(loadManifest()).map(({ name, version, sha256 }) => ({ name, version, sha256 }));
      networks = { provider, runtime, attempts, models };
    },
    (e: unknown) => {
      asked = false; // asked again at the next report
      networks = { fault: shownMessage(e) };
    },
  );
}

/** What a worker tells /healthz: its engines and whether they answer, its networks, its hash banks. */
export async function workerInfo(parts: WorkerParts, config: Config): Promise<Record<string, unknown>> {
  const { generators, bankIndex } = parts;
  askNetworks(config.ORT_PROVIDERS.split(',').map((name) => name.trim()));
  const engines = await Promise.all(
    generators.all.map(async (engine) => ({ name: engine.name, kind: engine.kind, ...(await engine.health()) })),
  );
  return { pid: process.pid, engines, networks, hash_banks: bankIndex.state() };
}
