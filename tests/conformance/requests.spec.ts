import { randomUUID } from 'node:crypto';
import OpenAI, { toFile, type ClientOptions } from 'openai';
import type { VideoCreateParams } from 'openai/resources/videos';
import { ErrorEnvelope } from '#contracts';
import { promptThat } from '../support/prompts.js';
import { anotherTenant, query, refusal, sdk, startWithStubEngine, type StubbedService } from '../support/wire.js';

const PROMPT = promptThat('allow');
const REFUSED = promptThat('refuse');

let stubbed: StubbedService;
let client: OpenAI;

beforeAll(async () => {
  stubbed = await startWithStubEngine();
  stubbed.engine.faults.neverEnds = true;
  client = sdk(stubbed.service).client;
}, 120_000);

afterAll(() => stubbed?.stop());

async function clipCount(): Promise<number> {
  return Number((await query(stubbed.service, 'SELECT count(*) FROM clips'))[0]?.count);
}

describe('errors', () => {
  it.each<[string, string | undefined, unknown]>([
    ['no such key', 'imp_wrong', OpenAI.AuthenticationError],
    ['a key with spaces', 'a b c', OpenAI.AuthenticationError],
  ])('%s: 401, not retried', async (_, key, kind) => {
    const { client, sent } = sdk({ ...stubbed.service, key: key! });
    const error = await refusal(client.videos.list());
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ status: 401, type: 'authentication_error' });
    expect(sent).toHaveLength(1);
  });

  it('a key without the right for it: 403', async () => {
    const { client } = sdk(await anotherTenant(stubbed.service, { scopes: ['videos:read'] }));
    expect((await client.videos.list()).data).toEqual([]);
    const error = await refusal(client.videos.create({ prompt: PROMPT }));
    expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError);
    expect(error).toMatchObject({ code: 'missing_scope', type: 'permission_error' });
  });

  it('too many requests: 429 with the time to wait, in the words that the SDK understands', async () => {
    const { client } = sdk(await anotherTenant(stubbed.service, { ratePerMinute: 3 }), { maxRetries: 0 });
    const left: string[] = [];
    for (let i = 0; i < 3; i++)
      left.push((await client.videos.list().asResponse()).headers.get('x-ratelimit-remaining-requests')!);
    expect(left).toEqual(['2', '1', '0']);
    const error = await refusal(client.videos.list());
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(Number(error.headers?.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(error.headers?.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(error.headers?.get('x-ratelimit-limit-requests')).toBe('3');
    expect(error.headers?.get('x-ratelimit-remaining-requests')).toBe('0');
  });

  it.each<[string, string, number]>([
    ['GET', '/videos/video_0', 404],
    ['GET', '/nothing/here', 404],
    ['PATCH', '/videos', 404],
    ['GET', '/videos/%E0%A4%A', 400],
    ['GET', '/videos/x...', 404],
    ['GET', '/videos/a%00b', 400],
  ])('%s %s: %d in the envelope', async (method, path, status) => {
    const { baseURL, key } = stubbed.service;
    const answer = await fetch(baseURL + path.replace('...', 'x'.repeat(3000)), {
      method,
      headers: { authorization: `Bearer ${key}` },
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/json');
    const body = ErrorEnvelope.strict().parse(await answer.json());
    expect(body.error.message.length).toBeLessThan(300);
  });

  it.each<[string, string, string, Record<string, string>?, number?]>([
    ['no JSON', 'application/json', '{"prompt": '],
    ['JSON of another kind', 'application/json', '"prompt"'],
    ['a list', 'application/json', '[1]'],
    [
      'a form that ends too early',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nhal',
    ],
    ['a form without a boundary', 'multipart/form-data', 'prompt=x'],
    ['plain text', 'text/plain', 'a fox'],
    ['in an unknown charset', 'application/json; charset=nonsense', '{}', {}, 415],
    ['in an unknown encoding', 'application/json', '{}', { 'content-encoding': 'nonsense' }, 415],
  ])('a body that is %s: 4xx in the envelope', async (_, type, body, more = {}, status = 400) => {
    const { baseURL, key } = stubbed.service;
    const headers = { authorization: `Bearer ${key}`, 'content-type': type, ...more };
    const answer = await fetch(`${baseURL}/videos`, { method: 'POST', headers, body });
    expect(answer.status).toBe(status);
    ErrorEnvelope.strict().parse(await answer.json());
  });

  it('a policy decision: 400 with its categories and statement, asked once', async () => {
    const { client, sent } = sdk(stubbed.service);
    const error = await refusal(client.videos.create({ prompt: REFUSED }));
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ code: 'moderation_blocked', type: 'invalid_request_error', param: 'prompt' });
    const { categories, statement_id } = ErrorEnvelope.parse({ error: error.error }).error;
    expect(categories).not.toHaveLength(0);
    expect(statement_id).toMatch(/^sor_/);
    expect(sent).toHaveLength(1);
  });
});

describe('request ids', () => {
  it('are shown by the SDK, on answers and on errors, and are all different', async () => {
    const pages = [await client.videos.list(), await client.videos.list()] as unknown as { _request_id: string }[];
    const ids = [
      (await client.videos.list().withResponse()).request_id,
      (await refusal(client.videos.retrieve('video_0'))).requestID,
    ];
    expect(pages).toHaveLength(2);
    for (const id of ids) expect(id).toMatch(/^req_[0-9a-f]{32}$/);
    expect(new Set(ids).size).toBe(2);
  });

  it('of a caller are kept when harmless, and replaced when not', async () => {
    const idFor = async (given: string) =>
      (await client.videos.list({}, { headers: { 'x-request-id': given } }).withResponse()).request_id;
    expect(await idFor('my-trace.0001')).toBe('my-trace.0001');
    expect(await idFor('<script>alert(1)</script>')).toMatch(/^req_/);
  });
});

describe('Idempotency-Key', () => {
  const create = (key: string, body: { prompt: string } = { prompt: PROMPT }) =>
    client.videos.create(body, { headers: { 'idempotency-key': key } });

  it('gives the first answer again, and makes one clip', async () => {
    const key = randomUUID();
    const before = await clipCount();
    const first = await create(key);
    const again = await create(key);
    expect([again.id, again.created_at, again.prompt]).toEqual([first.id, first.created_at, PROMPT]);
    expect(await clipCount()).toBe(before + 1);
  });

  it('refuses another body under the same key, and makes nothing', async () => {
    const key = randomUUID();
    await create(key);
    const before = await clipCount();
    expect(await refusal(create(key, { prompt: 'Something else' }))).toMatchObject({
      status: 400,
      code: 'idempotency_key_reused',
    });
    expect(await clipCount()).toBe(before);
  });

  it('makes one clip of requests that come at the same moment', async () => {
    const key = randomUUID();
    const before = await clipCount();
    const made = await Promise.all(Array.from({ length: 6 }, () => create(key)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await clipCount()).toBe(before + 1);
  });

  it('repeats a refusal instead of judging twice', async () => {
    const key = randomUUID();
    const [first, again] = [
      await refusal(create(key, { prompt: REFUSED })),
      await refusal(create(key, { prompt: REFUSED })),
    ];
    expect(again.error).toEqual(first.error);
  });

  it('is free again after a request that was not valid', async () => {
    const key = randomUUID();
    expect(await refusal(create(key, { prompt: ' ' }))).toMatchObject({ status: 400 });
    expect(await create(key)).toMatchObject({ object: 'video' });
  });

  it('belongs to its tenant', async () => {
    const key = randomUUID();
    const mine = await create(key);
    const other = sdk(await anotherTenant(stubbed.service)).client;
    const theirs = await other.videos.create({ prompt: PROMPT }, { headers: { 'idempotency-key': key } });
    expect(theirs.id).not.toBe(mine.id);
  });

  it('may have 255 characters', async () => {
    expect(await create('k'.repeat(255))).toMatchObject({ object: 'video' });
    expect(await refusal(create('k'.repeat(256)))).toMatchObject({ status: 400, code: 'idempotency_key_invalid' });
  });
});

describe('the SDK’s own retries, which carry no key', () => {
  /** A network that loses the first so many answers after the service has given them. */
  function losing(count: number, early = false): ClientOptions {
    let left = count;
    return {
      fetch: async (url, init) => {
        // The SDK’s question to itself is not on the network.
        if (typeof url === 'string' && url.startsWith('data:')) return fetch(url);
        const answer = fetch(url, init);
        if (left-- > 0) {
          if (!early) await answer;
          answer.catch(() => undefined);
          throw new TypeError('fetch failed: the connection was reset');
        }
        return answer;
      },
    };
  }

  it('are answered with the clip that the lost answer was about', async () => {
    const { client, sent } = sdk(stubbed.service, losing(2));
    const before = await clipCount();
    const prompt = `A kite over the beach ${randomUUID()}`;
    const video = await client.videos.create({ prompt });
    expect(sent.map(({ headers }) => headers.get('x-stainless-retry-count'))).toEqual(['0', '1', '2']);
    expect(video.prompt).toBe(prompt);
    expect(await clipCount()).toBe(before + 1);
  });

  it('are answered once, too, while the first request is still being served', async () => {
    const { client } = sdk(stubbed.service, losing(1, true));
    const before = await clipCount();
    await client.videos.create({ prompt: `A kite over the hills ${randomUUID()}` });
    expect(await clipCount()).toBe(before + 1);
  });

  it('are not confused with a second wish for the same clip', async () => {
    const before = await clipCount();
    const [first, second] = [
      await client.videos.create({ prompt: PROMPT }),
      await client.videos.create({ prompt: PROMPT }),
    ];
    expect(second.id).not.toBe(first.id);
    expect(await clipCount()).toBe(before + 2);
  });
});

describe('characters', () => {
  const file = () => toFile(Buffer.from('x'), 'a.mp4', { type: 'video/mp4' });
  const shown = (...ids: string[]) =>
    ({ prompt: PROMPT, characters: ids.map((id) => ({ id })) }) as unknown as VideoCreateParams;
  it.each<[string, (client: OpenAI) => Promise<unknown>, { status: number; code: string }]>([
    [
      'createCharacter: a person enrols oneself',
      async (c) => c.videos.createCharacter({ name: 'Ann', video: await file() }),
      { status: 400, code: 'enrolment_required' },
    ],
    ['getCharacter of nobody', (c) => c.videos.getCharacter('char_1'), { status: 404, code: 'character_not_found' }],
    ['one that nobody granted', (c) => c.videos.create(shown('a')), { status: 403, code: 'cameo_not_allowed' }],
    ['two that nobody granted', (c) => c.videos.create(shown('a', 'b')), { status: 403, code: 'cameo_not_allowed' }],
  ])('%s: refused once, though the SDK would retry', async (_, call, refused) => {
    const { client, sent } = sdk(stubbed.service);
    expect(await refusal(call(client))).toMatchObject(refused);
    expect(sent).toHaveLength(1);
  });

  it('may be two at most, named as the SDK’s characters[][id] or as JSON', async () => {
    expect(await refusal(client.videos.create(shown('a', 'b', 'c')))).toMatchObject({
      status: 400,
      param: 'characters',
    });
    const body = { prompt: PROMPT, characters: [{ id: 'a' }] };
    expect(await refusal(client.post('/videos', { body }))).toMatchObject({ status: 403, code: 'cameo_not_allowed' });
  });
});
