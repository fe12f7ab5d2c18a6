import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

/** A running stand-in for S3: one bucket, path style, PutObject, GetObject with Range, HeadObject, DeleteObject. */
export interface StubS3 {
  endpoint: string;
  /** Objects by key; tests may change them behind the client's back. */
  objects: Map<string, Buffer>;
  /** `METHOD key` of each request. */
  calls: string[];
  /** The next so many requests are answered with 503. */
  failNext(count: number): void;
  close(): Promise<void>;
}

/** Credentials that the stub knows. */
export const STUB_S3 = { region: 'eu-west-1', bucket: 'blobs', accessKeyId: 'AKSTUB', secretAccessKey: 'stub-secret' };

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest();

/** Checks the request's signature, version 4, as S3 does. */
function isSigned(req: IncomingMessage): boolean {
  const match = /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]+)$/.exec(
    req.headers.authorization ?? '',
  );
  if (!match) return false;
  const [, credential = '', signedHeaders = '', signature] = match;
  const [keyId, date = '', region = '', service = ''] = credential.split('/');
  const url = new URL(req.url ?? '/', 'http://stub');
  const query = [...url.searchParams].map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(v)}`).sort();
  const headers = signedHeaders.split(';').map((name) => `${name}:${String(req.headers[name]).trim()}\n`);
  const payload = String(req.headers['x-amz-content-sha256']);
  const canonical = [req.method, url.pathname, query.join('&'), headers.join(''), signedHeaders, payload].join('\n');
  const scope = [date, region, service, 'aws4_request'];
  const time = String(req.headers['x-amz-date']);
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical).toString('hex')].join('\n');
  const key = scope.reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${STUB_S3.secretAccessKey}`,
  );
  return keyId === STUB_S3.accessKeyId && createHmac('sha256', key).update(toSign).digest('hex') === signature;
}

function fail(res: ServerResponse, status: number, code: string): void {
  const xml = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  res.writeHead(status, { 'content-type': 'application/xml' }).end(xml);
}

function put(res: ServerResponse, req: IncomingMessage, body: Buffer): boolean {
  const digest = sha256(body);
  const announced = req.headers['x-amz-checksum-sha256'];
  if (announced !== undefined && announced !== digest.toString('base64')) {
    fail(res, 400, 'BadDigest');
    return false;
  }
  if (req.headers['x-amz-content-sha256'] !== digest.toString('hex')) {
    fail(res, 400, 'XAmzContentSHA256Mismatch');
    return false;
  }
  res.writeHead(200, { etag: '"stub"' }).end();
  return true;
}

function get(res: ServerResponse, req: IncomingMessage, object: Buffer | undefined): void {
  if (!object) return req.method === 'HEAD' ? void res.writeHead(404).end() : fail(res, 404, 'NoSuchKey');
  const range = /^bytes=(\d+)-(\d*)$/.exec(req.headers.range ?? '');
  const start = range ? Number(range[1]) : 0;
  const end = range?.[2] ? Math.min(Number(range[2]), object.length - 1) : object.length - 1;
  if (range && start > end) return fail(res, 416, 'InvalidRange');
  const part = object.subarray(start, end + 1);
  res.writeHead(range ? 206 : 200, {
    'content-length': part.length,
    etag: '"stub"',
    ...(range && { 'content-range': `bytes ${start}-${end}/${object.length}` }),
  });
  res.end(req.method === 'HEAD' ? undefined : part);
}

/** Starts the stub on a free port of this machine. */
export async function startStubS3(): Promise<StubS3> {
  const objects = new Map<string, Buffer>();
  const calls: string[] = [];
  let failing = 0;
  const answer = async (req: IncomingMessage, res: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const [, bucket, key = ''] = new URL(req.url ?? '/', 'http://stub').pathname.split('/');
    calls.push(`${req.method} ${key}`);
    if (failing > 0) {
      failing--;
      return fail(res, 503, 'SlowDown');
    }
    if (!isSigned(req)) return fail(res, 403, 'SignatureDoesNotMatch');
    if (bucket !== STUB_S3.bucket) return fail(res, 404, 'NoSuchBucket');
    const body = Buffer.concat(chunks);
    if (req.method === 'PUT') return void (put(res, req, body) && objects.set(key, body));
    if (req.method !== 'DELETE') return get(res, req, objects.get(key));
    objects.delete(key);
    res.writeHead(204).end();
  };
  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => fail(res, 500, String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    calls,
    failNext: (count) => void (failing = count),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
