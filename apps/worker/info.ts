import type { WorkerParts } from './parts.js';

/** What a worker tells /healthz: its engines and whether they answer. */
export async function workerInfo({ generators }: WorkerParts): Promise<Record<string, unknown>> {
  const engines = await Promise.all(
    generators.all.map(async (engine) => ({ name: engine.name, kind: engine.kind, ...(await engine.health()) })),
  );
  return { pid: process.pid, engines };
}
