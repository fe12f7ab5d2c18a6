import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { WebhookEvent, type WebhookEndpoint } from '#contracts';
import { promptThat } from '../support/prompts.js';
import { until } from '../support/service.js';
import {
  anotherTenant,
  query,
  refusal,
  sdk,
  startWithStubEngine,
  waitFor,
  type StubbedService,
} from '../support/wire.js';

/** One delivery as the receiver got it. */
interface Delivery {
  path: string;
  headers: Record<string, string>;
  body: string;
  event: WebhookEvent;
}

let stubbed: StubbedService;
let client: OpenAI;
let receiver: Server;
let base: string;
let received: Delivery[];
/** Statuses of the next answers, by path; 204 when there are none left. */
let answers: Record<string, number[]>;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const body = Buffer.concat(chunks).toString();
      const headers = request.headers as Record<string, string>;
      received.push({ path, headers, body, event: WebhookEvent.strict().parse(JSON.parse(body)) });
      const status = answers[path]?.shift() ?? 204;
      response.writeHead(status, status === 302 ? { location: `${base}/elsewhere` } : {}).end();
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  base = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  received = [];
  answers = {};
  stubbed = await startWithStubEngine({ WEBHOOK_ALLOW: '127.0.0.1' });
  client = sdk(stubbed.service).client;
}, 120_000);

afterAll(async () => {
  await stubbed?.stop();
  receiver?.closeAllConnections();
  receiver?.close();
});

function endpoint(
  path: string,
  event_types: string[] = ['video.completed', 'video.failed', 'clip.held'],
  as = client,
): Promise<WebhookEndpoint> {
  return as.post('/webhook_endpoints', { body: { name: path, url: base + path, event_types } });
}

const at = (path: string) => received.filter((delivery) => delivery.path === path);

async function arrived(path: string, count = 1, timeoutMs = 30_000): Promise<Delivery[]> {
  await until(
    async () => at(path).length >= count,
    timeoutMs,
    () => `${at(path).length} of ${count} deliveries at ${path}`,
  );
  return at(path);
}

/** Makes an event without an engine: a held prompt. */
async function hold(as = client): Promise<string> {
  return (await as.videos.create({ prompt: promptThat('hold') })).id;
}

describe('events', () => {
  it('tell of held, refused and completed clips, signed so that the SDK unwraps them', async () => {
    const { secret } = await endpoint('/all');
    expect(secret).toMatch(/^whsec_/);
    const before = Date.now() / 1000;
    const refused = await hold();
    await client.post(`/clips/${refused}/decision`, {
      body: { outcome: 'refuse', category: 'other', reason: 'a rehearsal' },
    });
    const made = await client.videos.create({ prompt: promptThat('allow') });
    await waitFor(client, made.id, 'completed');
    const deliveries = await arrived('/all', 3);
    const told = await Promise.all(
      deliveries.map(
        async ({ body, headers }) => (await client.webhooks.unwrap(body, headers, secret)) as unknown as WebhookEvent,
      ),
    );
    const seen = told.map(({ type, data }) => [type, data.id]);
    expect(seen).toEqual(
      expect.arrayContaining([
        ['clip.held', refused],
        ['video.failed', refused],
        ['video.completed', made.id],
      ]),
    );
    expect(seen).toHaveLength(3);
    for (const [i, event] of told.entries()) {
      expect(event).toMatchObject({ object: 'event', id: deliveries[i]!.headers['webhook-id'] });
      expect(event.created_at).toBeGreaterThanOrEqual(Math.floor(before) - 1);
    }
    expect(new Set(told.map(({ id }) => id)).size).toBe(3);
  });

  it('whose body, time or key was changed are not unwrapped', async () => {
    const { secret } = await endpoint('/tampered', ['clip.held']);
    await hold();
    const [{ body, headers }] = (await arrived('/tampered')) as [Delivery];
    const wrong = OpenAI.InvalidWebhookSignatureError;
    await expect(client.webhooks.unwrap(body.replace('clip.held', 'video.completed'), headers, secret)).rejects.toThrow(
      wrong,
    );
    await expect(
      client.webhooks.unwrap(
        body,
        { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 301) },
        secret,
      ),
    ).rejects.toThrow(wrong);
    await expect(client.webhooks.unwrap(body, headers, `whsec_${Buffer.alloc(32).toString('base64')}`)).rejects.toThrow(
      wrong,
    );
    // The same by hand, as Standard Webhooks describes it.
    const key = Buffer.from(secret!.slice('whsec_'.length), 'base64');
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    expect(headers['content-type']).toBe('application/json');
    expect(headers.authorization).toBeUndefined();
  });

  it('that a receiver could not take come again, with the same id and a new time', async () => {
    answers['/failing'] = [500];
    const { secret } = await endpoint('/failing', ['clip.held']);
    const id = await hold();
    const [first, second] = (await arrived('/failing', 2)) as [Delivery, Delivery];
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.body).toBe(first.body);
    expect(Number(second.headers['webhook-timestamp'])).toBeGreaterThan(Number(first.headers['webhook-timestamp']));
    expect(await client.webhooks.unwrap(second.body, second.headers, secret)).toMatchObject({ data: { id } });
    const done = async () =>
      (
        await query(
          stubbed.service,
          'SELECT status, attempts FROM webhook_deliveries WHERE event_id = $1 AND attempts > 1',
          [second.event.id],
        )
      )[0];
    await until(async () => (await done())?.status === 'delivered', 5000);
    expect((await done())?.attempts).toBe(2);
  });

  it('follow no redirect', async () => {
    answers['/moved'] = [302];
    await endpoint('/moved', ['clip.held']);
    await hold();
    await arrived('/moved');
    await until(
      async () =>
        (await query(stubbed.service, 'SELECT 1 FROM webhook_deliveries WHERE last_status = 302')).length === 1,
      5000,
    );
    expect(at('/elsewhere')).toHaveLength(0);
  });

  it('go only to endpoints that asked for them, of the tenant that they are about', async () => {
    const other = sdk(await anotherTenant(stubbed.service)).client;
    await endpoint('/other', undefined, other);
    await endpoint('/completed-only', ['video.completed']);
    await endpoint('/mine', ['clip.held']);
    const mine = await hold();
    const theirs = await hold(other);
    expect((await arrived('/mine')).map(({ event }) => event.data.id)).toEqual([mine]);
    expect((await arrived('/other')).map(({ event }) => event.data.id)).toEqual([theirs]);
    expect(at('/completed-only')).toHaveLength(0);
  });

  it('of a refused prompt are not sent: its maker was told at once', async () => {
    await endpoint('/refusals');
    await refusal(client.videos.create({ prompt: promptThat('refuse') }));
    const id = await hold();
    expect((await arrived('/refusals')).map(({ event }) => event.data.id)).toEqual([id]);
  });
});

describe('endpoints', () => {
  it('show their secret once, are listed, and are gone when deleted', async () => {
    const made = await endpoint('/listed');
    expect(made).toMatchObject({
      object: 'webhook_endpoint',
      name: '/listed',
      url: `${base}/listed`,
      created_at: expect.any(Number) as number,
    });
    const list = await client.get<{ data: WebhookEndpoint[] }>('/webhook_endpoints');
    expect(list.data.find(({ id }) => id === made.id)).toEqual({ ...made, secret: undefined });
    expect(await client.get(`/webhook_endpoints/${made.id}`)).not.toHaveProperty('secret');
    expect(await client.delete(`/webhook_endpoints/${made.id}`)).toEqual({
      id: made.id,
      object: 'webhook_endpoint.deleted',
      deleted: true,
    });
    expect(await refusal(client.get(`/webhook_endpoints/${made.id}`))).toMatchObject({ status: 404 });
    await endpoint('/after', ['clip.held']);
    await hold();
    await arrived('/after');
    expect(at('/listed')).toHaveLength(0);
  });

  it('rotate their secret: for a day both keys sign, or from now on only the new one', async () => {
    const { id, secret: old } = await endpoint('/rotated', ['clip.held']);
    const rotate = (keep: boolean) =>
      client.post<WebhookEndpoint>(`/webhook_endpoints/${id}/rotate_secret`, {
        body: { keep_old_secret_active_for_24_hours: keep },
      });
    const { secret: next } = await rotate(true);
    expect(next).not.toBe(old);
    await hold();
    const [both] = (await arrived('/rotated')) as [Delivery];
    expect(both.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const secret of [old, next]) await client.webhooks.unwrap(both.body, both.headers, secret);
    const { secret: last } = await rotate(false);
    await hold();
    const [, one] = (await arrived('/rotated', 2)) as [Delivery, Delivery];
    expect(one.headers['webhook-signature']?.split(' ')).toHaveLength(1);
    await client.webhooks.unwrap(one.body, one.headers, last);
    for (const secret of [old, next])
      await expect(client.webhooks.unwrap(one.body, one.headers, secret)).rejects.toThrow(
        OpenAI.InvalidWebhookSignatureError,
      );
  });

  it('keep their secret sealed where it is stored', async () => {
    const { id, secret } = await endpoint('/sealed');
    const [row] = await query(stubbed.service, 'SELECT secret FROM webhook_endpoints WHERE id = $1', [id]);
    expect(String(row?.secret)).not.toContain(secret!.slice('whsec_'.length));
  });

  it.each([
    [{ url: 'http://10.0.0.1/', event_types: ['clip.held'] }, 'url'],
    [{ url: 'http://169.254.169.254/', event_types: ['clip.held'] }, 'url'],
    [{ url: 'ftp://example.com/', event_types: ['clip.held'] }, 'url'],
    [{ url: 'http://user:pass@127.0.0.1:9000/', event_types: ['clip.held'] }, 'url'],
    [{ url: 'https://example.com/', event_types: [] }, 'event_types'],
    [{ url: 'https://example.com/', event_types: ['video.exploded'] }, 'event_types.0'],
    [{ url: 'https://example.com/', event_types: ['clip.held'], colour: 'red' }, 'colour'],
  ])('are refused as %j, though one private address is allowed', async (body, param) => {
    expect(await refusal(client.post('/webhook_endpoints', { body }))).toMatchObject({ status: 400, param });
  });

  it('are at most twenty, and need the right for them', async () => {
    const tenant = await anotherTenant(stubbed.service);
    const other = sdk(tenant).client;
    for (let i = 0; i < 20; i++) await endpoint(`/many/${i}`, ['video.completed'], other);
    expect(await refusal(endpoint('/many/20', ['video.completed'], other))).toMatchObject({
      status: 400,
      code: 'too_many_webhook_endpoints',
    });
    const reader = sdk(
      await anotherTenant(stubbed.service, { scopes: ['videos:read', 'videos:write', 'review'] }),
    ).client;
    expect(await refusal(endpoint('/no', ['clip.held'], reader))).toBeInstanceOf(OpenAI.PermissionDeniedError);
  });
});
