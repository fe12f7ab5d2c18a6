import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
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

describe('addresses that are refused', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.64.0.1/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://198.18.0.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::7f00:1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b:1::a00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001:0:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[fd00:ec2::254]/',
    'http://[ff02::1]/',
    'http://[4000::1]/',
    'http://localhost/',
    'http://localhost./',
    'http://a.localhost/',
    'http://printer.local/',
    'http://metadata.google.internal/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'http://user:pass@example.com/',
    'http://user@example.com/',
    'http://example.com:22/',
    'http://example.com:25/',
    'nonsense',
    '',
  ])('%s', async (url) => {
    const resolve = to('93.184.216.34');
    expect((await failure(assertPublicUrl(url, { resolve }))).code).toBe('url_not_allowed');
    const thrown = await failure(safeFetch(url, { timeoutMs: 1000, maxBytes: 10, resolve }));
    expect(thrown).toMatchObject({ code: 'url_not_allowed', kind: 'invalid', details: { param: 'url' } });
  });

  it.each([
    'http://169.254.169.254/',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[fd00:ec2::254]/',
    'http://0.0.0.0/',
    'http://224.0.0.1/',
  ])('%s even where private networks are allowed', async (url) => {
    expect((await failure(assertPublicUrl(url, { allowPrivate: true }))).code).toBe('url_not_allowed');
  });

  it.each([
    'https://example.com/hook',
    'http://example.com:8080/a?b=c',
    'http://93.184.216.34/',
    'http://[2606:2800::1]/',
  ])('but not %s', async (url) => {
    expect((await assertPublicUrl(url, { resolve: to('93.184.216.34') })).href).toBe(url);
  });

  it('a name is refused as soon as one of its addresses is private, and accepted while it does not resolve', async () => {
    const mixed = assertPublicUrl('https://mixed.example/', { resolve: to('93.184.216.34', '10.0.0.1') });
    expect((await failure(mixed)).code).toBe('url_not_allowed');
    const absent = async () => Promise.reject(new Error('ENOTFOUND'));
    await expect(assertPublicUrl('https://later.example/', { resolve: absent })).resolves.toBeInstanceOf(URL);
  });

  it('allow-lists open exactly what they name', async () => {
    const allowed = async (url: string, allowPrivate: string[]) =>
      (await assertPublicUrl(url, { allowPrivate })).hostname;
    await expect(allowed('http://10.1.2.3/', ['10.1.0.0/16'])).resolves.toBe('10.1.2.3');
    await expect(allowed('http://[fd12::3]/', ['fd12::/16'])).resolves.toBe('[fd12::3]');
    expect((await failure(allowed('http://10.2.2.3/', ['10.1.0.0/16']))).code).toBe('url_not_allowed');
    await expect(allowed('http://10.2.2.3/', ['10.1.0.0/33'])).rejects.toMatchObject({
      code: 'address_policy_invalid',
    });
    expect((await assertPublicUrl('http://example.com:25/', { ports: [25], resolve: to('93.184.216.34') })).port).toBe(
      '25',
    );
  });
});

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
