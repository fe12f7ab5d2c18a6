import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createRawServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { readBody, startDeadline } from './exchange.js';
import { openAnswer } from './fetch.js';
import { assertPublicUrl, HttpError, retryAfterSeconds, safeDownload, safeFetch, type Resolver } from './index.js';

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

let server: Server;
let base: string;
let port: number;
let handler: Handler;
let requests: IncomingMessage[];

beforeAll(async () => {
  server = createServer((req, res) => {
    requests.push(req);
    handler(req, res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  base = `http://127.0.0.1:${port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
  handler = (_req, res) => res.end('hello');
});

const opts = { timeoutMs: 3000, maxBytes: 10_000, allowPrivate: ['127.0.0.1'] };
const to =
  (...addresses: string[]): Resolver =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

async function failure(work: Promise<unknown>): Promise<HttpError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof HttpError) return thrown;
    throw thrown;
  }
  throw new Error('it was expected to fail');
}

describe('the connection itself', () => {
  it('a name that changes its address between check and connection gets nowhere', async () => {
    const answers = ['93.184.216.34', '127.0.0.1'];
    const rebinding: Resolver = async () => [{ address: answers.shift() ?? '127.0.0.1', family: 4 }];
    const url = `http://rebind.example:${port}/`;
    await assertPublicUrl(url, { resolve: rebinding });
    const thrown = await failure(safeFetch(url, { timeoutMs: 2000, maxBytes: 100, resolve: rebinding }));
    expect(thrown.code).toBe('url_not_allowed');
    expect(requests).toHaveLength(0);
  });

  it('connects to the resolved address of an allowed host', async () => {
    const answer = await safeFetch(`http://engine.example:${port}/x?y=1`, {
      ...opts,
      allowPrivate: ['engine.example'],
      resolve: to('127.0.0.1'),
    });
    expect(answer).toMatchObject({ status: 200, body: Buffer.from('hello') });
    expect(requests[0]).toMatchObject({ url: '/x?y=1', headers: { host: `engine.example:${port}` } });
  });

  it("asks the system's resolver where none is given", async () => {
    const url = `http://localhost:${port}/`;
    expect((await safeFetch(url, { ...opts, allowPrivate: ['localhost'] })).body.toString()).toBe('hello');
    expect((await failure(safeFetch(url, { ...opts, allowPrivate: ['10.0.0.0/8'] }))).code).toBe('url_not_allowed');
    expect(requests).toHaveLength(1);
  });

  it('sends method, headers and body, and reads the answer', async () => {
    handler = (req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () =>
        res.writeHead(418, { 'X-Kind': 'teapot' }).end(`${req.method} ${Buffer.concat(chunks).toString()}`),
      );
    };
    const answer = await safeFetch(base, { ...opts, method: 'put', body: 'é', headers: { 'X-A': '1' } });
    expect(answer).toMatchObject({ status: 418, headers: { 'x-kind': 'teapot' } });
    expect(answer.body.toString()).toBe('PUT é');
    expect(requests[0]?.headers['x-a']).toBe('1');
  });

  it('an unreachable server, a broken answer and an unknown name are upstream_unreachable', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const free = (closed.address() as AddressInfo).port;
    closed.close();
    expect((await failure(safeFetch(`http://127.0.0.1:${free}/`, opts))).code).toBe('upstream_unreachable');
    handler = (_req, res) => {
      res.writeHead(200, { 'content-length': '100' });
      res.write('short');
      setTimeout(() => res.destroy(), 20);
    };
    expect(await failure(safeFetch(base, opts))).toMatchObject({ code: 'upstream_unreachable', phase: 'body' });
    const resolve: Resolver = async () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    expect((await failure(safeFetch('http://nowhere.example/', { ...opts, resolve }))).code).toBe(
      'upstream_unreachable',
    );
  });
});

describe('limits', () => {
  it('refuses a long body, announced or not', async () => {
    handler = (req, res) => {
      if (req.url === '/announced') res.writeHead(200, { 'content-length': '10001' });
      res.end(Buffer.alloc(10_001));
    };
    expect((await failure(safeFetch(`${base}/announced`, opts))).code).toBe('response_too_large');
    expect((await failure(safeFetch(`${base}/chunked`, opts))).code).toBe('response_too_large');
    expect((await safeFetch(base, { ...opts, maxBytes: 10_001 })).body).toHaveLength(10_001);
  });

  it.each(['gzip', 'br', 'gzip, gzip'])(
    'counts decoded bytes: a %s bomb is refused, an honest body is read',
    async (coding) => {
      const encode = (data: Buffer) => {
        if (coding === 'br') return brotliCompressSync(data);
        return coding === 'gzip' ? gzipSync(data) : gzipSync(gzipSync(data));
      };
      let body = encode(Buffer.alloc(5_000_000));
      expect(body.length).toBeLessThan(10_000);
      handler = (_req, res) => res.writeHead(200, { 'content-encoding': coding }).end(body);
      expect((await failure(safeFetch(base, opts))).code).toBe('response_too_large');
      body = encode(Buffer.from('fine'));
      expect((await safeFetch(base, opts)).body.toString()).toBe('fine');
    },
  );

  it('counts bytes as sent: a long stream that decodes to nothing is refused', async () => {
    const body = Buffer.concat(Array.from({ length: 600 }, () => gzipSync('')));
    expect(body.length).toBeGreaterThan(10_000);
    handler = (_req, res) => {
      res.writeHead(200, { 'content-encoding': 'gzip' });
      res.write(body);
      res.end();
    };
    expect((await failure(safeFetch(base, opts))).code).toBe('response_too_large');
  });

  it('damaged and unknown encodings fail', async () => {
    handler = (req, res) => res.writeHead(200, { 'content-encoding': req.url === '/x' ? 'x' : 'gzip' }).end('not gzip');
    expect((await failure(safeFetch(base, opts))).code).toBe('upstream_unreachable');
    expect((await failure(safeFetch(`${base}/x`, opts))).code).toBe('upstream_unreachable');
  });

  it('silent servers and dripping bodies end at the deadline', async () => {
    handler = (req, res) => {
      if (req.url === '/silent') return;
      const drip = setInterval(() => res.write('.'), 20);
      res.on('close', () => clearInterval(drip));
    };
    const started = Date.now();
    expect((await failure(safeFetch(`${base}/silent`, { ...opts, timeoutMs: 150 }))).code).toBe('upstream_timeout');
    expect(await failure(safeFetch(`${base}/drip`, { ...opts, timeoutMs: 300 }))).toMatchObject({
      code: 'upstream_timeout',
      phase: 'body',
    });
    expect(Date.now() - started).toBeLessThan(2500);
  });

  it('the caller can abort, and gets its own reason', async () => {
    handler = () => undefined;
    const reason = new Error('changed my mind');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    await expect(safeFetch(base, { ...opts, signal: controller.signal })).rejects.toBe(reason);
  });
});

describe('redirects', () => {
  it('are refused, followed or shown', async () => {
    handler = (req, res) => (req.url === '/end' ? res.end('end') : res.writeHead(302, { location: '/end' }).end());
    expect((await failure(safeFetch(base, opts))).code).toBe('url_not_allowed');
    expect((await safeFetch(base, { ...opts, redirect: 'follow' })).body.toString()).toBe('end');
    expect((await safeFetch(base, { ...opts, redirect: 'manual' })).status).toBe(302);
  });

  it('are checked at every hop, and limited to three', async () => {
    const locations: Record<string, string> = {
      '/meta': 'http://169.254.169.254/',
      '/v6': 'http://[::1]/',
      '/file': 'file:///etc/passwd',
    };
    handler = (req, res) => res.writeHead(307, { location: locations[req.url ?? ''] ?? '/again' }).end();
    for (const path of [...Object.keys(locations), '/again']) {
      requests = [];
      expect((await failure(safeFetch(base + path, { ...opts, redirect: 'follow' }))).code).toBe('url_not_allowed');
      expect(requests).toHaveLength(path === '/again' ? 4 : 1);
    }
  });

  it('to another origin lose secrets; 303 becomes GET', async () => {
    handler = (req, res) =>
      req.url === '/start' ? res.writeHead(303, { location: `http://other.example:${port}/end` }).end() : res.end('ok');
    await safeFetch(`${base}/start`, {
      ...opts,
      allowPrivate: ['127.0.0.1', 'other.example'],
      resolve: to('127.0.0.1'),
      redirect: 'follow',
      method: 'POST',
      body: 'secret',
      headers: { Authorization: 'Bearer k', 'content-type': 'text/plain', 'x-a': '1' },
    });
    expect(requests[0]?.headers.authorization).toBe('Bearer k');
    expect(requests[1]).toMatchObject({ method: 'GET', headers: { 'x-a': '1' } });
    expect(requests[1]?.headers).not.toHaveProperty('authorization');
    expect(requests[1]?.headers).not.toHaveProperty('content-type');
  });
});

describe('downloads', () => {
  it('write the file only when it is complete', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'http-'));
    try {
      const path = join(dir, 'clip');
      handler = (req, res) => {
        if (req.url === '/missing') return res.writeHead(404).end('{"detail":"gone"}');
        res.writeHead(200, { 'content-length': '6000' });
        res.write(Buffer.alloc(3000));
        if (req.url === '/whole') res.end(Buffer.alloc(3000, 1));
        else setTimeout(() => res.destroy(), 20);
      };
      expect((await failure(safeDownload(`${base}/cut`, path, opts))).code).toBe('upstream_unreachable');
      expect((await failure(safeDownload(`${base}/whole`, path, { ...opts, maxBytes: 5999 }))).code).toBe(
        'response_too_large',
      );
      const missing = await safeDownload(`${base}/missing`, path, opts);
      expect(missing).toMatchObject({ status: 404, bytes: 0, body: Buffer.from('{"detail":"gone"}') });
      expect(await readdir(dir)).toEqual([]);
      expect((await safeDownload(`${base}/whole`, path, opts)).bytes).toBe(6000);
      expect((await readFile(path))[5999]).toBe(1);
      expect(await readdir(dir)).toEqual(['clip']);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

describe('a server that closes while its answer is still being read', () => {
  it.each([
    ['an announced length', (body: Buffer) => `Content-Length: ${body.length}\r\n`],
    ['no length', () => ''],
  ])('with %s takes nothing away, and does no harm', async (_, framing) => {
    // As much as a stream takes before it asks the connection to pause.
    const body = Buffer.alloc(65_536, 0x61);
    const raw = createRawServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\n${framing(body)}Connection: close\r\n\r\n`);
        setTimeout(() => socket.end(body), 50);
      });
    });
    raw.listen(0, '127.0.0.1');
    await once(raw, 'listening');
    const url = `http://127.0.0.1:${(raw.address() as AddressInfo).port}/`;
    const deadline = startDeadline(5000);
    const answer = await openAnswer(url, { ...opts, maxBytes: 1_000_000 }, deadline);
    // The whole answer and the end of the connection arrive while nobody reads.
    await new Promise((done) => setTimeout(done, 200));
    let bytes = 0;
    for await (const chunk of readBody(answer, 1_000_000, deadline)) bytes += chunk.length;
    expect(bytes).toBe(body.length);
    deadline.dispose();
    await answer.close();
    raw.close();
  });
});

describe('retry-after', () => {
  it.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after': '1.2' }, 2],
    [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 2],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:01:00 GMT' }, 60],
    [{ 'retry-after': '99999999' }, 86_400],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%j is %s s', (headers, seconds) => {
    expect(retryAfterSeconds(headers as Record<string, string>, 0)).toBe(seconds);
  });
});
