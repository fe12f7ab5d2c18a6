import type { Logger } from '#platform/telemetry';

/** A job that is not done by then is dropped; another worker starts it again. */
const DRAIN_MS = 25_000;

/** Ends the process in order on SIGTERM, SIGINT, or when the parent goes away. A second signal ends it at once. */
export function onShutdown(logger: Logger, close: () => Promise<void>): void {
  let closing = false;
  const end = (why: string) => {
    if (closing) process.exit(1);
    closing = true;
    logger.info({ why }, 'closing');
    const late = setTimeout(() => {
      logger.warn('jobs are still running; they will be started again');
      process.exit(0);
    }, DRAIN_MS);
    close()
      .catch((err: unknown) => logger.error({ err }, 'closing failed'))
      // BullMQ ends its last connection shortly after close() resolves.
      .finally(() => setTimeout(() => (clearTimeout(late), process.exit(0)), 250));
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  // From a terminal, Ctrl-C reaches every process of the group; under a supervisor, the supervisor decides.
  process.on('SIGINT', () => !process.send && end('SIGINT'));
  process.on('disconnect', () => end('parent gone'));
}
