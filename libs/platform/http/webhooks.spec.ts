import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { deliverWebhook, newWebhookSecret } from './index.js';

interface Received {
  req: IncomingMessage;
  body: string;
}

let server: Server;
let url: string;
let received: Received[];
let answer: { status: number; headers?: Record<string, string> } | 'silence';

beforeAll(async () => {
  server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      received.push({ req, body: Buffer.concat(chunks).toString() });
      if (answer !== 'silence') res.writeHead(answer.status, answer.headers).end('x'.repeat(200_000));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received = [];
  answer = { status: 204 };
});

const client = new OpenAI({ apiKey: 'unused' });
const opts = { allowPrivate: ['127.0.0.1'] };
const event = {
  id: 'evt_1',
  object: 'event',
  type: 'video.completed',
  created_at: 1,
  data: { id: 'video_1', note: 'é✓' },
};
const body = JSON.stringify(event, null, 1);

function deliver(secrets: string[], timestamp = new Date()) {
  return deliverWebhook({ url, secrets, id: 'evt_1', timestamp, body }, opts);
}

function unwrap(secret: string, text = received[0]?.body ?? '') {
  return client.webhooks.unwrap(text, received[0]?.req.headers, secret);
}

describe('deliverWebhook', () => {
  it('is accepted by the official SDK, byte for byte', async () => {
    const secret = newWebhookSecret();
    expect(await deliver([secret])).toEqual({ ok: true, status: 204 });
    expect(received[0]?.body).toBe(body);
    expect(received[0]?.req).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'webhook-id': 'evt_1' },
    });
    await expect(unwrap(secret)).resolves.toEqual(event);
  });

  it('is refused by the SDK when changed, old, or signed with another key', async () => {
    const secret = newWebhookSecret();
    await deliver([secret]);
    await expect(unwrap(secret, body.replace('video_1', 'video_2'))).rejects.toThrow();
    await expect(unwrap(newWebhookSecret())).rejects.toThrow();
    received = [];
    await deliver([secret], new Date(Date.now() - 301_000));
    await expect(unwrap(secret)).rejects.toThrow(/old/);
  });

  it('carries a signature per key while keys are rotated', async () => {
    const [older, newer] = [newWebhookSecret(), newWebhookSecret()];
    expect(older).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(older).not.toBe(newer);
    await deliver([newer, older]);
    await expect(unwrap(older)).resolves.toEqual(event);
    await expect(unwrap(newer)).resolves.toEqual(event);
  });

  it('reports failures without throwing', async () => {
    const secret = newWebhookSecret();
    answer = { status: 503, headers: { 'retry-after': '30' } };
    expect(await deliver([secret])).toMatchObject({
      ok: false,
      status: 503,
      retryAfterS: 30,
      error: { code: 'http_status' },
    });
    answer = { status: 302, headers: { location: 'http://169.254.169.254/' } };
    expect(await deliver([secret])).toMatchObject({ ok: false, status: 302 });
    expect(received).toHaveLength(2);
    answer = 'silence';
    const late = await deliverWebhook(
      { url, secrets: [secret], id: 'e', timestamp: new Date(), body },
      { ...opts, timeoutMs: 100 },
    );
    expect(late).toMatchObject({ ok: false, status: null, error: { code: 'upstream_timeout' } });
    const inside = await deliverWebhook({ url, secrets: [secret], id: 'e', timestamp: new Date(), body });
    expect(inside).toMatchObject({ ok: false, status: null, error: { code: 'url_not_allowed' } });
    expect(received).toHaveLength(3);
  });

  it('refuses to send unsigned', async () => {
    await expect(deliver([])).rejects.toMatchObject({ code: 'webhook_secret_invalid' });
    await expect(deliver(['whsec_'])).rejects.toMatchObject({ code: 'webhook_secret_invalid' });
    expect(received).toHaveLength(0);
  });
});
