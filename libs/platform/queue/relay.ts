import { Client } from 'pg';
import type { Database } from '#platform/database';
import { JOBS, type JobName, type JobPayload } from './jobs.js';
import type { QueueClient } from './queues.js';

const BATCH = 50;
const POLL_MS = 1000;
/** Jobs of a newer version are left for it to carry. */
const JOB_NAMES = Object.keys(JOBS);

/**
 * Carries promised jobs from the outbox to the queue. Any number of relays may run: each row is taken by one, and
 * is deleted only after the queue has it, so a crash repeats a job (same id) rather than losing one.
 */
export class OutboxRelay {
  private listener: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private listening = false;
  private wanted = false;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly queue: QueueClient,
    private readonly databaseUrl: string,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Starts listening; also looks once a second, so that a lost notification delays a job but does not lose it. */
  async start(): Promise<void> {
    await this.listen();
    this.timer = setInterval(() => {
      void this.listen();
      this.wake();
    }, POLL_MS);
    this.wake();
  }

  /** Stops and waits for the batch in flight. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
    await this.listener?.end().catch(() => undefined);
  }

  private async listen(): Promise<void> {
    if (this.listener || this.listening) return;
    this.listening = true;
    const client = new Client({ connectionString: this.databaseUrl, connectionTimeoutMillis: 5000 });
    client.on('notification', () => this.wake());
    client.on('error', () => (this.listener = undefined));
    try {
      await client.connect();
      await client.query('LISTEN imprimatur_outbox');
      this.listener = client;
    } catch (e) {
      this.onError(e);
      await client.end().catch(() => undefined);
    } finally {
      this.listening = false;
    }
  }

  private wake(): void {
    if (this.stopped || this.wanted) return;
    this.wanted = true;
    this.running = this.running.then(async () => {
      this.wanted = false;
      try {
        while (!this.stopped && (await this.carry()) === BATCH);
      } catch (e) {
        this.onError(e);
      }
    });
  }

  private carry(): Promise<number> {
    return this.database.$transaction(
      async (tx) => {
        const rows = await tx.$queryRaw<{ id: bigint; job: string; payload: unknown; dedupe_key: string }[]>`
          SELECT id, job, payload, dedupe_key FROM outbox WHERE not_before <= now() AND job = ANY(${JOB_NAMES})
          ORDER BY not_before, id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
        const carried: bigint[] = [];
        for (const row of rows) {
          try {
            const job = row.job as JobName;
            await this.queue.add(job, row.payload as JobPayload<typeof job>, row.dedupe_key);
            carried.push(row.id);
          } catch (e) {
            this.onError(e); // it must not hold up the rows behind it
          }
        }
        if (carried.length) await tx.outbox.deleteMany({ where: { id: { in: carried } } });
        return carried.length;
      },
      { timeout: 30_000 },
    );
  }
}
