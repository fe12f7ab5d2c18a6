import { request, type IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { toFile, type OpenAI } from 'openai';
import { ErrorEnvelope } from '#contracts';
import { promptThat } from '../support/prompts.js';
import { until, type TestService } from '../support/service.js';
import {
  refusal,
  scratchFiles,
  scratchIsEmpty,
  sdk,
  startWithStubEngine,
  type StubbedService,
} from '../support/wire.js';

const PROMPT = promptThat('allow');
const FOUR_GB = 4 * 1024 ** 3;

let stubbed: StubbedService;
let service: TestService;
let client: OpenAI;
let workers: number[];

beforeAll(async () => {
  stubbed = await startWithStubEngine({ MAX_UPLOAD_MB: '2', VERIFY_PER_MINUTE: '1000' });
  service = stubbed.service;
  client = sdk(service, { maxRetries: 0 }).client;
  workers = await service.workerPids();
}, 120_000);

afterAll(() => stubbed?.stop());

function codeOf(body: unknown): string | null {
  return ErrorEnvelope.strict().parse(body).error.code;
}

/** Sends as much as the service takes, up to `bytes`, until it answers. */
function pour(
  path: string,
  headers: Record<string, string>,
  head: string,
  bytes = FOUR_GB,
): Promise<{ status: number; body: unknown; sent: number; ms: number }> {
  const started = performance.now();
  return new Promise((done, fail) => {
    let sent = head.length;
    const outgoing = request(service.baseURL + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, ...headers },
    });
    const block = Buffer.alloc(256 * 1024, 0x61);
    const more = () => {
      while (sent < bytes && !outgoing.destroyed) {
        const part = block.subarray(0, bytes - sent);
        sent += part.length;
        if (!outgoing.write(part)) return;
      }
      if (!outgoing.destroyed) outgoing.end();
    };
    outgoing.on('drain', more);
    outgoing.on('error', fail);
    outgoing.on('response', (answer: IncomingMessage) => {
      const chunks: Buffer[] = [];
      answer.on('data', (part: Buffer) => chunks.push(part));
      answer.on('error', fail);
      answer.on('end', () => {
        outgoing
          .removeAllListeners('error')
          .on('error', () => undefined)
          .destroy();
        done({
          status: answer.statusCode ?? 0,
          body: JSON.parse(Buffer.concat(chunks).toString()),
          sent,
          ms: performance.now() - started,
        });
      });
    });
    if (head) outgoing.write(head);
    more();
  });
}

const PART =
  '--x\r\nContent-Disposition: form-data; name="input_reference"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n';
const FORM = { 'content-type': 'multipart/form-data; boundary=x' };

describe('uploads of 4 GB', () => {
  it.each([
    ['/videos', FORM, PART],
    ['/verify', FORM, PART.replace('input_reference', 'file')],
    ['/verify', { 'content-type': 'video/mp4' }, ''],
    ['/moderations', { 'content-type': 'application/json' }, '{"input":"'],
  ])('to %s as %j, announced: refused before they are sent', async (path, headers, head) => {
    const { status, body, sent, ms } = await pour(path, { ...headers, 'content-length': String(FOUR_GB) }, head);
    expect([status, codeOf(body)]).toEqual([413, expect.stringMatching(/too_large$/)]);
    expect(sent).toBeLessThan(64 * 1024 ** 2);
    expect(ms).toBeLessThan(10_000);
    await scratchIsEmpty(service);
  });

  it.each([
    ['/videos', FORM, PART],
    ['/verify', FORM, PART.replace('input_reference', 'file')],
    ['/verify', { 'content-type': 'video/mp4' }, ''],
    ['/moderations', { 'content-type': 'application/json' }, '{"input":"'],
  ])('to %s as %j, in chunks without an end: refused at the limit, nothing is kept', async (path, headers, head) => {
    const { status, body, sent, ms } = await pour(path, { ...headers, 'transfer-encoding': 'chunked' }, head);
    expect([status, codeOf(body)]).toEqual([413, expect.stringMatching(/too_large$/)]);
    expect(sent).toBeLessThan(128 * 1024 ** 2);
    expect(ms).toBeLessThan(20_000);
    await scratchIsEmpty(service);
  });

  it.each([5, 40])('the SDK sees the refusal of %d MB, not a broken connection', async (megabytes) => {
    const file = await toFile(Buffer.alloc(megabytes * 1024 ** 2), 'a.png', { type: 'image/png' });
    expect(await refusal(client.videos.create({ prompt: PROMPT, input_reference: file }))).toMatchObject({
      status: 413,
      code: 'file_too_large',
    });
    await scratchIsEmpty(service);
  });

  it.each([
    ['/videos', FORM, PART],
    ['/verify', { 'content-type': 'video/mp4' }, ''],
  ])('to %s as %j, given up half-way: nothing is left', async (path, headers, head) => {
    const outgoing = request(service.baseURL + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, ...headers, 'content-length': '1500000' },
    });
    outgoing.on('error', () => undefined);
    outgoing.write(head + 'x'.repeat(500_000));
    await until(
      async () => (await scratchFiles(service)).length > 0,
      5000,
      () => 'nothing arrived',
    );
    outgoing.destroy();
    await scratchIsEmpty(service);
  });

  const BIG = 28_000_000;
  const FIELD = `--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n`;
  it.each<[string, string, Record<string, string>, string, number, number]>([
    [
      'JSON without a key',
      '/moderations',
      { 'content-type': 'application/json', authorization: '' },
      '{"input":"',
      BIG,
      401,
    ],
    ['JSON with a key', '/moderations', { 'content-type': 'application/json' }, '{"input":"', BIG, 400],
    ['form fields without a key', '/verify', FORM, FIELD, 16_000_000, 413],
    ['form fields with a key', '/videos', FORM, FIELD, 16_000_000, 413],
  ])(
    'sixteen large bodies at once, as %s, do not exhaust the service',
    async (_, path, headers, head, bytes, status) => {
      const answers = await Promise.all(
        Array.from({ length: 16 }, () => pour(path, { ...headers, 'content-length': String(bytes) }, head, bytes)),
      );
      expect([...new Set(answers.map((answer) => answer.status))]).toEqual([status]);
    },
  );

  it('a compressed bomb of JSON is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(28_000_000, 0x20));
    expect(bomb.length).toBeLessThan(100_000);
    const headers = {
      authorization: `Bearer ${service.key}`,
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    };
    const answer = await fetch(`${service.baseURL}/moderations`, {
      method: 'POST',
      headers,
      body: new Uint8Array(bomb),
    });
    expect([answer.status, codeOf(await answer.json())]).toEqual([415, 'invalid_request']);
  });
});

describe('after all this', () => {
  it('every process still lives, nothing is left over, and nothing was filed', async () => {
    expect(service.output()).not.toMatch(/ended \(|starting it again|out of memory/i);
    expect(await service.workerPids()).toEqual(workers);
    await scratchIsEmpty(service);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    expect((await client.videos.list()).data).toEqual([]);
  });
});
