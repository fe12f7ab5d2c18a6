import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { searchPrint } from '#domain/provenance';
import type { Core } from '#platform/core';
import { JobHandlers, JOBS, OutboxRelay, startWorkers, type JobName } from '#platform/queue';
import { createServer } from '../../apps/api/server.js';
import type { GateHarness } from './gate.js';

/** Something that runs until it is stopped. */
type Stop = () => Promise<void>;

/** The API in this process, on a harness's database, with other settings where given. */
export async function serveApi(
  { core }: GateHarness,
  config: Partial<Core['config']>,
): Promise<{ url: string; stop: Stop }> {
  const app = await createServer({ ...core, config: { ...core.config, ...config } });
  const server = (await app.listen(0, '127.0.0.1')) as { address(): AddressInfo };
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => app.close() };
}

/** The jobs of public questions on the real queue; those of clips are driven by the harness. */
export async function answerQuestions({ core, parts }: GateHarness): Promise<Stop> {
  const handlers = new JobHandlers()
    .register('file.verify', ({ id }, context) => parts.verifications.examine(id, context))
    .register('print.search', ({ print }) => searchPrint(parts.prints, Buffer.from(print, 'base64')));
  for (const name of Object.keys(JOBS) as JobName[])
    if (!['file.verify', 'print.search'].includes(name)) handlers.register(name, () => Promise.resolve());
  const concurrency = { generate: 1, examine: 1, quick: 1, enrol: 1, verify: 1, fetch: 1, deliver: 1 };
  const quiet = { onFailure: () => undefined, onError: () => undefined };
  const stopWorkers = startWorkers({ databaseUrl: core.databaseUrl }, handlers, { concurrency, ...quiet });
  const relay = new OutboxRelay(core.database, core.queue, core.databaseUrl, () => undefined);
  await relay.start();
  return async () => {
    await relay.stop();
    await stopWorkers();
  };
}
