// The API process. Run by `imprimatur start`, or alone.
import { assertLog } from '#domain/transparency';
import { openCore } from '#platform/core';
import { createServer } from './server.js';

const DRAIN_MS = 10_000;

const core = await openCore('api');
await assertLog(core);
const app = await createServer(core);
const { HOST, PORT } = core.config;
const server = await app.listen(PORT, HOST);
// Time for an upload of the largest size over a slow line.
server.requestTimeout = 15 * 60_000;

let closing = false;
const end = (why: string) => {
  if (closing) process.exit(1);
  closing = true;
  core.logger.info({ why }, 'closing');
  setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
  server.closeIdleConnections();
  app
    .close()
    .then(() => core.close())
    .catch((err: unknown) => core.logger.error({ err }, 'closing failed'))
    .finally(() => setTimeout(() => process.exit(0), 250));
};
process.on('SIGTERM', () => end('SIGTERM'));
// From a terminal, Ctrl-C reaches every process of the group; under a supervisor, the supervisor decides.
process.on('SIGINT', () => !process.send && end('SIGINT'));
process.on('disconnect', () => end('parent gone'));
core.logger.info({ host: HOST, port: PORT }, 'api ready');
process.send?.('ready');
