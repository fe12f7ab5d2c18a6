import { shownMessage } from '#kernel';
import type { WorkerParts } from './parts.js';

/** What networks run on, asked of a media process once; null until it answered. */
let networks: Promise<Record<string, unknown>> | undefined;
let known: Record<string, unknown> | null = null;

function askNetworks({ examiner }: WorkerParts): void {
  networks ??= examiner.run('about', null).then(
    ({ provider, models }) =>
      (known = { provider: provider.provider, runtime: provider.runtime, tried: provider.attempts, models }),
    (e: unknown) => {
      networks = undefined; // asked again at the next report
      return (known = { fault: shownMessage(e) });
    },
  );
}

/** What a worker tells /healthz: its engines and whether they answer, its networks, its hash banks. */
export async function workerInfo(parts: WorkerParts): Promise<Record<string, unknown>> {
  const { generators, bankIndex } = parts;
  askNetworks(parts);
  const engines = await Promise.all(
    generators.all.map(async (engine) => ({ name: engine.name, kind: engine.kind, ...(await engine.health()) })),
  );
  return { pid: process.pid, engines, networks: known, hash_banks: bankIndex.state() };
}
