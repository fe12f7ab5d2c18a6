import { WebSocket } from 'ws';
import { z } from 'zod';
import { guardedSocketOptions, type AddressPolicy } from '#platform/http';

const Event = z.object({
  type: z.string(),
  data: z.object({
    prompt_id: z.string(),
    node: z.string().nullish(),
    value: z.number().optional(),
    max: z.number().optional(),
  }),
});
type Event = z.infer<typeof Event>;

interface Track {
  seen: Set<string>;
  percent: number;
}

const HANDSHAKE_MS = 3_000;

/**
 * Progress of the jobs of one ComfyUI client, from its websocket. It is a courtesy: whether a job is done is asked over
 * HTTP, so every failure here is ignored. The socket is open only while jobs are started or followed.
 */
export class ComfyProgress {
  private socket: WebSocket | null = null;
  private starting = 0;
  private readonly tracks = new Map<string, Track>();
  /** Events that came before `start` gave the job's id. */
  private readonly early = new Map<string, Track>();

  /**
   * @param url the websocket's address with the http or https scheme
   * @param nodes nodes of the graph
   */
  constructor(
    private readonly url: string,
    private readonly policy: AddressPolicy,
    private readonly nodes: number,
  ) {}

  /** Starts a job and follows it. Events go to connected clients only, so the socket is opened first. */
  async follow(start: () => Promise<string>): Promise<string> {
    this.starting++;
    try {
      await this.connect();
      const ref = await start();
      this.tracks.set(ref, this.early.get(ref) ?? { seen: new Set(), percent: 0 });
      return ref;
    } finally {
      this.starting--;
      if (this.starting === 0) this.early.clear();
      this.closeWhenIdle();
    }
  }

  /** 0..99, never falling; 0 for a job that is not followed. */
  percent(ref: string): number {
    const track = this.tracks.get(ref);
    if (track) void this.connect();
    return track?.percent ?? 0;
  }

  /** Stops following a job, and closes the socket after the last one. */
  forget(ref: string): void {
    this.tracks.delete(ref);
    this.closeWhenIdle();
  }

  private closeWhenIdle(): void {
    if (this.tracks.size > 0 || this.starting > 0) return;
    this.socket?.close();
    this.socket = null;
  }

  /** Resolves when events can arrive, or when it is clear that they cannot. */
  private async connect(): Promise<void> {
    if (this.socket) return;
    let socket: WebSocket;
    try {
      const { lookup } = guardedSocketOptions(this.url, this.policy);
      const options = { lookup, handshakeTimeout: HANDSHAKE_MS, maxPayload: 16_777_216, perMessageDeflate: false };
      socket = new WebSocket(this.url.replace(/^http/, 'ws'), options);
    } catch {
      return;
    }
    this.socket = socket;
    socket.on('message', (data, binary) => {
      // Binary messages are preview pictures.
      if (!binary) this.read((data as Buffer).toString());
    });
    await new Promise<void>((done) => {
      socket.on('open', () => {
        done();
        this.closeWhenIdle();
      });
      socket.on('error', () => done());
      socket.on('close', () => {
        if (this.socket === socket) this.socket = null;
        done();
      });
    });
  }

  private read(text: string): void {
    let event: Event;
    try {
      event = Event.parse(JSON.parse(text));
    } catch {
      return;
    }
    const track = this.trackOf(event.data.prompt_id);
    if (!track) return;
    const { node, value, max } = event.data;
    if (node != null) track.seen.add(node);
    if (event.type !== 'progress' && event.type !== 'executing') return;
    const part = event.type === 'progress' && max ? Math.min(1, (value ?? 0) / max) : 0;
    // The node that runs counts by its part; those seen before it are done.
    const done = Math.max(0, track.seen.size - 1) + part;
    track.percent = Math.max(track.percent, Math.min(99, Math.round((100 * done) / this.nodes)));
  }

  private trackOf(ref: string): Track | undefined {
    const known = this.tracks.get(ref);
    if (known || this.starting === 0) return known;
    const early = this.early.get(ref) ?? { seen: new Set<string>(), percent: 0 };
    this.early.set(ref, early);
    return early;
  }
}
