import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo } from 'node:net';

/** A file part of a multipart request. */
export interface StubFile {
  field: string;
  filename: string;
  type: string;
  bytes: Buffer;
}

/** One request as a stub received it. */
export interface StubCall {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  encoding: 'json' | 'multipart' | 'none';
  /** Text of every field; the value itself for JSON. */
  fields: Record<string, unknown>;
  files: StubFile[];
}

/** An answer of a stub. */
export interface StubAnswer {
  status: number;
  json?: unknown;
  bytes?: Buffer;
  headers?: Record<string, string>;
  /** Sends this many bytes of a body announced whole, then breaks the connection. */
  cutAfter?: number;
}

/** A running stub. */
export interface StubServer {
  url: string;
  calls: StubCall[];
  server: Server;
  close: () => Promise<void>;
}

async function fileOf(field: string, file: File): Promise<StubFile> {
  return { field, filename: file.name, type: file.type, bytes: Buffer.from(await file.arrayBuffer()) };
}

/** Decodes a request: JSON, or multipart/form-data. */
export async function readCall(req: IncomingMessage): Promise<StubCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const url = new URL(req.url ?? '/', 'http://stub');
  const type = req.headers['content-type'] ?? '';
  const call: StubCall = {
    method: req.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: req.headers,
    encoding: 'none',
    fields: {},
    files: [],
  };
  if (type.includes('application/json')) {
    call.encoding = 'json';
    call.fields = JSON.parse(body.toString()) as Record<string, unknown>;
  } else if (type.includes('multipart/form-data')) {
    call.encoding = 'multipart';
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    const files: Promise<StubFile>[] = [];
    form.forEach((value, field) => {
      if (typeof value === 'string') call.fields[field] = value;
      else files.push(fileOf(field, value));
    });
    call.files = await Promise.all(files);
  }
  return call;
}

function send(res: ServerResponse, answer: StubAnswer): void {
  const body = answer.bytes ?? Buffer.from(answer.json === undefined ? '' : JSON.stringify(answer.json));
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length), ...answer.headers };
  res.writeHead(answer.status, headers);
  if (answer.cutAfter === undefined) return void res.end(body);
  res.write(body.subarray(0, answer.cutAfter));
  setTimeout(() => res.destroy(), 20);
}

/** Starts a server on a free port of this machine that answers each call with what `handle` returns. */
export async function startStub(handle: (call: StubCall) => Promise<StubAnswer> | StubAnswer): Promise<StubServer> {
  const calls: StubCall[] = [];
  const server = createServer((req, res) => {
    readCall(req)
      .then((call) => {
        calls.push(call);
        return handle(call);
      })
      .then(
        (answer) => send(res, answer),
        (thrown: unknown) =>
          send(res, { status: 500, json: { error: { message: String(thrown), type: 'server_error' } } }),
      );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    server,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
