import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { toFile, type OpenAI } from 'openai';
import sharp from 'sharp';
import { ErrorEnvelope, VerifyReport, type VerifyReport as Report } from '#contracts';
import { projectRoot } from '#kernel';
import { promptThat } from '../support/prompts.js';
import { type TestService } from '../support/service.js';
import { query, refusal, scratchIsEmpty, sdk, startWithStubEngine, type StubbedService } from '../support/wire.js';

const FIXTURES = join(projectRoot, 'tests/fixtures');
const PROMPT = promptThat('allow');

let stubbed: StubbedService;
let service: TestService;
let client: OpenAI;
let workers: number[];

beforeAll(async () => {
  stubbed = await startWithStubEngine({ MAX_UPLOAD_MB: '2', VERIFY_PER_MINUTE: '1000' });
  // What is admitted by the way must not take the processors.
  stubbed.engine.faults.neverEnds = true;
  service = stubbed.service;
  client = sdk(service, { maxRetries: 0 }).client;
  workers = await service.workerPids();
}, 120_000);

afterAll(() => stubbed?.stop());

const clipCount = async () => Number((await query(service, 'SELECT count(*) FROM clips'))[0]?.count);

async function post(
  path: string,
  headers: Record<string, string>,
  body: Buffer | string,
): Promise<{ status: number; body: unknown }> {
  const authorization = `Bearer ${service.key}`;
  const answer = await fetch(service.baseURL + path, {
    method: 'POST',
    headers: { authorization, ...headers },
    body: new Uint8Array(Buffer.from(body)),
  });
  return { status: answer.status, body: await answer.json() };
}

function codeOf(body: unknown): string | null {
  return ErrorEnvelope.strict().parse(body).error.code;
}

describe('prompts', () => {
  it.each([
    ['empty', '', 'prompt'],
    ['blank', ' \n\t ', 'prompt'],
    ['100 kB long', 'word '.repeat(20_000), 'prompt'],
    ['8001 characters long', 'x'.repeat(8001), 'prompt'],
    ['with a NUL', 'a\u0000b', null],
  ])('%s: refused in a form and in JSON, nothing is filed', async (_, prompt, param) => {
    const before = await clipCount();
    expect(await refusal(client.videos.create({ prompt }))).toMatchObject({ status: 400, param });
    const { status, body } = await post('/videos', { 'content-type': 'application/json' }, JSON.stringify({ prompt }));
    expect([status, ErrorEnvelope.parse(body).error.param]).toEqual([400, param]);
    expect(await clipCount()).toBe(before);
  });

  it('half a surrogate pair is refused before anything is filed', async () => {
    const before = await clipCount();
    const { status, body } = await post(
      '/videos',
      { 'content-type': 'application/json' },
      '{"prompt": "a fox \\ud83d runs"}',
    );
    expect([status, codeOf(body)]).toEqual([400, 'invalid_text']);
    expect(await clipCount()).toBe(before);
  });

  it('8000 characters of any script are read in good time', async () => {
    for (const unit of ['🦊', 'é', '\u202e', 'ا', '漢', 'a\u0301']) {
      const started = performance.now();
      const prompt = unit.repeat(Math.floor(8000 / unit.length));
      const answer = await client.videos.create({ prompt }).then(
        () => null,
        (e: unknown) => e,
      );
      if (answer !== null) expect(answer).toMatchObject({ status: 400, code: 'moderation_blocked' });
      expect(performance.now() - started).toBeLessThan(3000);
    }
  });
});

describe('fields', () => {
  it.each<[string, Record<string, string>, string]>([
    ['an unknown one', { quality: 'high' }, 'unknown_parameter'],
    ['a prototype', { '__proto__[polluted]': 'yes' }, 'unknown_parameter'],
    ['a constructor', { 'constructor[prototype][polluted]': 'yes' }, 'unknown_parameter'],
    ['a wrong size', { size: '640x480' }, 'invalid_value'],
    ['a size of words', { size: 'huge' }, 'invalid_value'],
    ['too long a clip', { seconds: '3600' }, 'invalid_value'],
    ['an unknown model', { model: 'sora-9' }, 'model_not_found'],
    ['a model with markup', { model: '<img src=x onerror=alert(1)>' }, 'model_not_found'],
    ['a file id', { 'input_reference[file_id]': 'file_1' }, 'file_id_not_supported'],
    [
      'two kinds of reference',
      { 'input_reference[file_id]': 'f', 'input_reference[image_url]': 'https://example.com/' },
      'invalid_value',
    ],
  ])('%s: a clear error', async (_, fields, code) => {
    const form = new FormData();
    form.set('prompt', PROMPT);
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const error = await refusal(client.post('/videos', { body: form }));
    expect([error.status, error.code]).toEqual([400, code]);
    expect(error.message).not.toMatch(/<img/);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  it('too many, too deep, too long: a clear error', async () => {
    const many = new FormData();
    for (let i = 0; i < 100; i++) many.append(`f${i}`, 'x');
    expect(await refusal(client.post('/videos', { body: many }))).toMatchObject({
      status: 400,
      code: 'invalid_multipart',
    });
    const long = new FormData();
    long.set('x'.repeat(200_000), 'x');
    expect(await refusal(client.post('/videos', { body: long }))).toMatchObject({ status: 400 });
    const deep = await post(
      '/videos',
      { 'content-type': 'application/json' },
      '['.repeat(1_000_000) + ']'.repeat(1_000_000),
    );
    expect([400, 413]).toContain(deep.status);
    const inside = await post(
      '/videos',
      { 'content-type': 'application/json' },
      `{"prompt":"a","x":${'['.repeat(500_000)}${']'.repeat(500_000)}}`,
    );
    expect([400, 413]).toContain(inside.status);
  });

  it('a webhook to this machine or this network: refused, by address and by name', async () => {
    for (const url of [
      'http://127.0.0.1:9/',
      'http://localhost:9/',
      'http://[::1]:9/',
      'http://10.1.2.3/',
      'http://169.254.169.254/',
      'http://0x7f000001/',
      'http://[::ffff:127.0.0.1]/',
    ]) {
      const error = await refusal(
        client.post('/webhook_endpoints', { body: { url, event_types: ['video.completed'] } }),
      );
      expect([url, error.status, error.code, error.param]).toEqual([url, 400, 'url_not_allowed', 'url']);
    }
    expect(await client.get('/webhook_endpoints')).toMatchObject({ data: [] });
  });
});

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** A grey PNG of one bit a pixel; `rows` of its pixel data are really there. */
function greyPng(width: number, height: number, rows = height): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const pixels = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * rows), { level: 9 });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

describe('pictures', () => {
  const send = async (bytes: Buffer) =>
    client.videos.create({
      prompt: PROMPT,
      input_reference: await toFile(bytes, 'a.png', { type: 'image/png' }),
    });

  it.each([
    ['claims 50000 x 50000 pixels', () => greyPng(50_000, 50_000, 1)],
    ['unpacks to 400 million pixels', () => greyPng(20_000, 20_000)],
  ])('a bomb that %s: refused at once by its header', async (_, bomb) => {
    const bytes = bomb();
    expect(bytes.length).toBeLessThan(200_000);
    const started = performance.now();
    const error = await refusal(send(bytes));
    expect(error).toMatchObject({ code: 'image_too_large', param: 'input_reference' });
    expect([400, 413]).toContain(error.status);
    expect(performance.now() - started).toBeLessThan(15_000);
    const data = `data:image/png;base64,${bytes.toString('base64')}`;
    expect(
      await refusal(client.moderations.create({ input: [{ type: 'image_url', image_url: { url: data } }] })),
    ).toMatchObject({ code: 'image_too_large' });
    await scratchIsEmpty(service);
  });

  it.each([
    [
      'cut short',
      () => readFile(join(FIXTURES, 'images/astronaut_collins.png')).then((b) => b.subarray(0, b.length / 2)),
    ],
    ['that is a film', () => readFile(join(FIXTURES, 'c2pa/video1.mp4'))],
    [
      'that is a script',
      async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    ],
    ['that is empty', async () => Buffer.alloc(0)],
  ])('a picture %s: refused', async (_, bytes) => {
    expect(await refusal(send(await bytes()))).toMatchObject({ status: 400, param: 'input_reference' });
    await scratchIsEmpty(service);
  });
});

describe('POST /v1/verify', () => {
  const verify = async (bytes: Buffer, type = 'video/mp4') => {
    const { status, body } = await post('/verify', { 'content-type': type }, bytes);
    expect([status, body]).toMatchObject([200, { object: 'verification' }]);
    return VerifyReport.parse(body);
  };
  const file = (name: string) => readFile(join(FIXTURES, name));
  const CLAIMS: Report['verdict']['code'][] = [
    'released_exact',
    'released_repackaged',
    'derived',
    'credentials_do_not_match_content',
  ];

  it.each<[string, () => Promise<Buffer>, Report['verdict']['code'][]]>([
    ['a stranger’s clip', () => file('c2pa/video1_no_manifest.mp4'), ['no_evidence']],
    ['a clip that another signed', () => file('c2pa/video1.mp4'), ['signed_by_other']],
    ['a thousand nested boxes', () => file('c2pa/nested_moov_1000.mp4'), ['unable']],
    ['the head of a stream', () => file('c2pa/dashinit.mp4'), ['unable', 'credentials_damaged', 'no_evidence']],
    [
      'half a clip',
      async () => (await file('c2pa/video1.mp4')).subarray(0, 400_000),
      ['unable', 'credentials_damaged', 'signed_by_other'],
    ],
    [
      'a box that claims 4 GB',
      async () => Buffer.from('000000186674797069736f6d0000020069736f6d6d703432ffffffff6d646174', 'hex'),
      ['unable'],
    ],
    ['noise', async () => Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 251)), ['unable']],
    ['a web page', async () => Buffer.from('<html><body>hello</body></html>'), ['unable']],
    ['a picture', () => file('images/astronaut_collins.png'), ['unable', 'no_evidence']],
  ])('of %s: a careful verdict', async (_, bytes, expected) => {
    const report = await verify(await bytes());
    expect(expected).toContain(report.verdict.code);
    expect(CLAIMS).not.toContain(report.verdict.code);
    if (report.verdict.code === 'unable') expect(report.failed).not.toHaveLength(0);
    expect(JSON.stringify(report)).not.toContain(service.dataDir);
  });

  it('takes a form as well as bare bytes, and asks for a file when there is none', async () => {
    const form = new FormData();
    form.set('file', new File([new Uint8Array(await file('c2pa/dashinit.mp4'))], 'x.mp4'));
    const answer = await fetch(`${service.baseURL}/verify`, { method: 'POST', body: form });
    expect(VerifyReport.parse(await answer.json()).file.bytes).toBe(4765);
    for (const [type, body] of [
      ['application/json', '{}'],
      ['video/mp4', ''],
      ['multipart/form-data; boundary=x', '--x--\r\n'],
    ] as const) {
      const { status, body: answer } = await post('/verify', { 'content-type': type }, body);
      expect([type, status, codeOf(answer)]).toEqual([type, 400, 'file_missing']);
    }
  });
});

describe('after all this', () => {
  it('every process still lives, nothing is left over, and requests are served', async () => {
    expect(service.output()).not.toMatch(/ended \(|starting it again|out of memory/i);
    expect(await service.workerPids()).toEqual(workers);
    await scratchIsEmpty(service);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    // A real person's picture is refused with reasons, and one of nobody is taken.
    const person = createReadStream(join(FIXTURES, 'images/astronaut_collins.png'));
    const refused = await refusal(client.videos.create({ prompt: PROMPT, input_reference: person }));
    expect(refused).toMatchObject({ status: 400, code: 'moderation_blocked' });
    const background = { r: 90, g: 140, b: 200 };
    const sky = await sharp({ create: { width: 640, height: 360, channels: 3, background } })
      .png()
      .toBuffer();
    const reference = await toFile(sky, 'sky.png', { type: 'image/png' });
    expect(await client.videos.create({ prompt: PROMPT, input_reference: reference })).toMatchObject({
      object: 'video',
    });
  });
});
