import { randomUUID } from 'node:crypto';
import { type WebSocket, WebSocketServer } from 'ws';
import { startStub, type StubAnswer, type StubCall } from './stub-http.js';

/** What to play. */
export interface StubComfyOptions {
  clip: Buffer;
  /** Questions about the queue until the running job is done. Default 2. */
  ticks?: number;
  faults?: {
    /** The graph is refused when it is posted. */
    badGraph?: boolean;
    /** The running job fails in a node. */
    fails?: boolean;
    /** The server forgets everything after so many questions about the queue. */
    forgetAfter?: number;
    /** The output is a picture. */
    noClip?: boolean;
    truncateContent?: boolean;
    neverEnds?: boolean;
    /** Websocket connections are refused. */
    noSocket?: boolean;
    badJson?: boolean;
  };
}

/** A running stub of ComfyUI. */
export interface StubComfy {
  url: string;
  calls: StubCall[];
  faults: NonNullable<StubComfyOptions['faults']>;
  /** Websocket clients that are connected now. */
  sockets: () => number;
  close: () => Promise<void>;
}

interface ComfyJob {
  id: string;
  number: number;
  graph: Record<string, unknown>;
  client: string;
}

/** Starts a ComfyUI stand-in: /prompt, /queue, /history, /view, /interrupt, /upload/image, /system_stats and /ws. */
export async function startStubComfy(options: StubComfyOptions): Promise<StubComfy> {
  const comfy = new Comfy(options);
  const stub = await startStub((call) => comfy.answer(call));
  const sockets = new WebSocketServer({ noServer: true });
  stub.server.on('upgrade', (req, socket, head) => {
    if (comfy.faults.noSocket) return void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
    const client = new URL(req.url ?? '/', 'http://stub').searchParams.get('clientId') ?? '';
    sockets.handleUpgrade(req, socket, head, (ws) => {
      comfy.clients.set(client, ws);
      ws.on('close', () => comfy.clients.delete(client));
      ws.send(JSON.stringify({ type: 'status', data: { status: { exec_info: { queue_remaining: 0 } }, sid: client } }));
    });
  });
  return {
    url: stub.url,
    calls: stub.calls,
    faults: comfy.faults,
    sockets: () => sockets.clients.size,
    close: async () => {
      for (const ws of sockets.clients) ws.terminate();
      sockets.close();
      await stub.close();
    },
  };
}

class Comfy {
  readonly faults: NonNullable<StubComfyOptions['faults']>;
  readonly clients = new Map<string, WebSocket>();
  private readonly history = new Map<string, unknown>();
  private queue: ComfyJob[] = [];
  private asked = 0;
  private step = 0;
  private number = 0;

  constructor(private readonly options: StubComfyOptions) {
    this.faults = { ...options.faults };
  }

  answer(call: StubCall): StubAnswer {
    const answer = this.route(call);
    if (!this.faults.badJson || answer.json === undefined) return answer;
    return { status: 200, bytes: Buffer.from('<html>'), headers: { 'content-type': 'text/html' } };
  }

  private route(call: StubCall): StubAnswer {
    const { method, path } = call;
    const history = /^\/history\/(.+)$/.exec(path)?.[1];
    if (method === 'GET' && path === '/system_stats') return { status: 200, json: { system: {}, devices: [] } };
    if (method === 'POST' && path === '/prompt') return this.prompt(call);
    if (method === 'POST' && path === '/upload/image') return this.upload(call);
    if (method === 'GET' && path === '/queue') return this.tell();
    if (method === 'POST' && path === '/queue') return this.drop(call.fields['delete'] as string[]);
    if (method === 'POST' && path === '/interrupt') return this.interrupt();
    if (method === 'GET' && path === '/view') return this.view();
    if (method === 'GET' && history !== undefined) {
      const entry = this.history.get(history);
      return { status: 200, json: entry === undefined ? {} : { [history]: entry } };
    }
    return { status: 404, json: { error: 'not found' } };
  }

  private prompt(call: StubCall): StubAnswer {
    const graph = call.fields['prompt'] as Record<string, unknown> | undefined;
    if (!graph || this.faults.badGraph) {
      const error = {
        type: 'prompt_outputs_failed_validation',
        message: 'Prompt outputs failed validation',
        details: '',
        extra_info: {},
      };
      return { status: 400, json: { error, node_errors: { 3: { errors: [] } } } };
    }
    const job = { id: randomUUID(), number: this.number++, graph, client: String(call.fields['client_id']) };
    this.queue.push(job);
    if (this.queue.length === 1) this.start(job);
    return { status: 200, json: { prompt_id: job.id, number: job.number, node_errors: {} } };
  }

  private upload(call: StubCall): StubAnswer {
    const file = call.files.find((one) => one.field === 'image');
    if (!file) return { status: 400, json: { error: 'no image' } };
    return { status: 200, json: { name: file.filename, subfolder: '', type: call.fields?.type ?? 'input' } };
  }

  private tell(): StubAnswer {
    if (this.faults.forgetAfter !== undefined && this.asked++ >= this.faults.forgetAfter) {
      this.queue = [];
      this.history.clear();
    }
    const entries = this.queue.map((job) => [job.number, job.id, job.graph, { client_id: job.client }, []]);
    const answer = { queue_running: entries.slice(0, 1), queue_pending: entries.slice(1) };
    this.tick();
    return { status: 200, json: answer };
  }

  private start(job: ComfyJob): void {
    this.step = 0;
    this.event(job, 'execution_start', {});
    this.event(job, 'executing', { node: Object.keys(job.graph)[0] });
  }

  private tick(): void {
    const job = this.queue[0];
    if (!job || this.faults.neverEnds) return;
    const ticks = this.options.ticks ?? 2;
    const nodes = Object.keys(job.graph);
    this.step++;
    if (this.step < ticks) {
      const client = this.clients.get(job.client);
      client?.send(Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]));
      this.event(job, 'executing', { node: nodes[1] });
      this.event(job, 'progress', { node: nodes[1], value: this.step, max: ticks });
      return;
    }
    if (this.faults.fails) {
      const facts = { node_id: '3', exception_type: 'torch.OutOfMemoryError', exception_message: 'CUDA out of memory' };
      return this.end(job, { status_str: 'error', completed: false, messages: [['execution_error', facts]] }, {});
    }
    const name = this.faults.noClip ? 'frame_00001_.png' : 'clip_00001_.mp4';
    const outputs = {
      7: { images: [{ filename: 'preview.png', subfolder: '', type: 'temp' }] },
      9: { gifs: [{ filename: name, subfolder: 'video', type: 'output', format: 'video/h264-mp4' }], animated: [true] },
    };
    this.end(job, { status_str: 'success', completed: true, messages: [] }, outputs);
  }

  private end(job: ComfyJob, status: unknown, outputs: unknown): void {
    this.history.set(job.id, { prompt: [job.number, job.id, job.graph], outputs, status });
    this.event(job, 'executing', { node: null });
    this.queue.shift();
    if (this.queue[0]) this.start(this.queue[0]);
  }

  private drop(ids: string[]): StubAnswer {
    this.queue = this.queue.filter((job, index) => index === 0 || !ids.includes(job.id));
    return { status: 200 };
  }

  private interrupt(): StubAnswer {
    const job = this.queue[0];
    if (job) this.end(job, { status_str: 'error', completed: false, messages: [['execution_interrupted', {}]] }, {});
    return { status: 200 };
  }

  private view(): StubAnswer {
    const { clip } = this.options;
    const cut = this.faults.truncateContent ? { cutAfter: Math.floor(clip.length / 2) } : {};
    return { status: 200, bytes: clip, headers: { 'content-type': 'video/mp4' }, ...cut };
  }

  private event(job: ComfyJob, type: string, data: Record<string, unknown>): void {
    this.clients.get(job.client)?.send(JSON.stringify({ type, data: { prompt_id: job.id, ...data } }));
  }
}
