import { Client } from 'pg';

const RETRY_MS = 1000;

/** What a {@link Listener} calls. */
export interface ListenerEars {
  onMessage: (payload: string) => void;
  /** The connection was lost and is there again: what was said meanwhile is not known. */
  onReconnect: () => void;
  onError: (error: unknown) => void;
}

/** Hears the notifications of one channel of PostgreSQL, on a connection of its own that is made again when it is lost. */
export class Listener {
  private client: Client | undefined;
  private starting: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private lost = false;

  /** @param channel a plain name */
  constructor(
    private readonly url: string,
    private readonly channel: string,
    private readonly ears: ListenerEars,
  ) {}

  /** Connects if it is not connected. Never throws: it goes on trying. */
  start(): Promise<void> {
    if (this.client || this.stopped) return Promise.resolve();
    this.starting ??= this.connect().finally(() => (this.starting = undefined));
    return this.starting;
  }

  /** Ends the connection for good. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.starting;
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new Client({ connectionString: this.url, connectionTimeoutMillis: 5000 });
    client.on('notification', ({ payload }) => this.ears.onMessage(payload ?? ''));
    client.on('error', (error) => this.again(client, error));
    client.on('end', () => this.again(client));
    try {
      await client.connect();
      await client.query(`LISTEN ${this.channel}`);
      this.client = client;
      if (this.lost) this.ears.onReconnect();
      this.lost = false;
    } catch (e) {
      this.again(client, e);
    }
  }

  private again(client: Client, error?: unknown): void {
    if (error) this.ears.onError(error);
    if (this.client === client) this.client = undefined;
    this.lost = true;
    if (this.stopped || this.client) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.start(), RETRY_MS).unref();
  }
}
