import OpenAI from 'openai';
import type { DeskKey, DeskWebhook, WebhookDeliveryView } from '#contracts';
import { WebhookDeliveries } from '#domain/webhooks';
import { ApiKeys } from '#platform/auth';
import { openDesk, type Desk, type Person } from '../support/staff.js';
import { startStub, type StubCall, type StubServer } from '../support/stub-http.js';

let desk: Desk;
let receiver: StubServer;
const calls: StubCall[] = [];
/** What the receiver answers. */
let status = 200;
/** Two platforms, and people: for all of them, for one, and one who only reads. */
let north: string;
let south: string;
let admin: Person;
let northern: Person;
let auditor: Person;

beforeAll(async () => {
  desk = await openDesk({ WEBHOOK_ALLOW: '127.0.0.1' });
  receiver = await startStub((call) => {
    calls.push(call);
    return { status };
  });
  const keys = new ApiKeys(desk.core.database, desk.core.clock);
  [north, south] = [await keys.createTenant('North'), await keys.createTenant('South')];
  [admin, northern, auditor] = await Promise.all([
    desk.signedIn(['admin']),
    desk.signedIn(['admin'], { tenants: [north] }),
    desk.signedIn(['auditor']),
  ]);
}, 60_000);

afterAll(async () => {
  await receiver?.close();
  await desk?.close();
});

const list = async <T>(who: Person, what: string) =>
  (await who.call('GET', `/v1/desk/${what}`)).body as unknown as { data: T[] };
const made = (tenant: string, more: object = {}) => ({ tenant, name: 'For the app', scopes: ['videos:read'], ...more });
const opens = async (key: string) =>
  (await fetch(`${desk.url}/v1/videos`, { headers: { authorization: `Bearer ${key}` } })).status;
const auditOf = (subject: string) =>
  desk.core.database.auditEvent.findMany({ where: { subject }, orderBy: { id: 'asc' } });
/** What the worker does with the promised deliveries. */
async function deliver(id: string): Promise<void> {
  const { database, keyring, clock, metrics, config } = desk.core;
  await new WebhookDeliveries(database, keyring.sealer, clock, metrics, config.webhookAllow).attempt(id);
}

it('a key is made for a platform, shown once, works, and ends at once when it is revoked', async () => {
  const { status: ok, body } = await admin.call('POST', '/v1/desk/keys', made(north));
  const { key, ...shown } = body as unknown as DeskKey;
  expect(ok).toBe(200);
  expect(shown).toMatchObject({ tenant: { id: north, name: 'North' }, scopes: ['videos:read'], last_used_at: null });
  expect(await opens(key!)).toBe(200);
  const [listed] = (await list<DeskKey>(auditor, 'keys')).data;
  expect(listed).toMatchObject({ id: shown.id, prefix: key!.slice(0, 10) });
  expect(JSON.stringify(listed)).not.toContain(key);
  expect(listed!.last_used_at).not.toBeNull();

  expect((await admin.call('POST', `/v1/desk/keys/${shown.id}/revoke`)).body.revoked_at).not.toBeNull();
  expect(await opens(key!)).toBe(401);
  expect(await admin.call('POST', `/v1/desk/keys/${shown.id}/revoke`)).toMatchObject({
    status: 409,
    body: { error: { code: 'key_revoked' } },
  });
  expect((await auditOf(shown.id)).map(({ action, actor }) => [action, actor])).toEqual([
    ['key.created', `staff:${admin.id}`],
    ['key.revoked', `staff:${admin.id}`],
  ]);
});

it('no screen makes keys to evidence or to the register, for whom nobody is there, or for somebody who only reads', async () => {
  for (const scope of ['child_safety', 'register'])
    expect(await admin.call('POST', '/v1/desk/keys', made(north, { scopes: ['admin', scope] }))).toMatchObject({
      status: 403,
      body: { error: { code: 'scope_not_here' } },
    });
  const refused = async (who: Person, body: object) => (await who.call('POST', '/v1/desk/keys', body)).body.error?.code;
  expect(await refused(auditor, made(north))).toBe('not_allowed');
  expect(await refused(admin, made('ten_none'))).toBe('tenant_not_found');
  expect(await refused(admin, made(north, { scopes: [] }))).toBe('invalid_value');
});

it('whoever is limited to a platform sees and changes nothing of another', async () => {
  const theirs = (await admin.call('POST', '/v1/desk/keys', made(south))).body as unknown as DeskKey;
  const hook = { tenant: south, url: receiver.url, event_types: ['video.completed'] };
  const other = (await admin.call('POST', '/v1/desk/webhooks', hook)).body as unknown as DeskWebhook;
  const seen = [
    ...(await list<{ id: string }>(northern, 'tenants')).data.map(({ id }) => id),
    ...(await list<DeskKey>(northern, 'keys')).data.map(({ tenant }) => tenant.id),
    ...(await list<DeskWebhook>(northern, 'webhooks')).data.map(({ tenant }) => tenant.id),
  ];
  expect(new Set(seen)).toEqual(new Set([north]));
  const tries: [string, string, object?][] = [
    ['POST', '/v1/desk/keys', made(south)],
    ['POST', `/v1/desk/keys/${theirs.id}/revoke`],
    ['POST', '/v1/desk/webhooks', hook],
    ['DELETE', `/v1/desk/webhooks/${other.id}`],
    ['GET', `/v1/desk/webhooks/${other.id}/deliveries`],
    ['POST', `/v1/desk/webhooks/${other.id}/test`],
    ['POST', `/v1/desk/webhooks/${other.id}/rotate_secret`],
    ['POST', `/v1/desk/webhooks/${other.id}/deliveries/whd_x/again`],
  ];
  for (const [method, path, body] of tries)
    expect([path, (await northern.call(method, path, body)).status]).toEqual([path, 404]);
  await admin.call('DELETE', `/v1/desk/webhooks/${other.id}`);
});

it('an endpoint is tested, its deliveries are seen and sent again, and it is removed', async () => {
  const request = { tenant: north, url: `${receiver.url}/hook`, event_types: ['video.completed'] };
  const { secret, ...hook } = (await northern.call('POST', '/v1/desk/webhooks', request))
    .body as unknown as DeskWebhook;
  const path = `/v1/desk/webhooks/${hook.id}`;
  expect(hook.state).toBe('unused');
  const sent = (await northern.call('POST', `${path}/test`)).body as unknown as WebhookDeliveryView;
  expect(sent).toMatchObject({ type: 'webhook.test', subject: hook.id, state: 'pending', attempts: 0 });
  const again = `${path}/deliveries/${sent.id}/again`;
  expect((await northern.call('POST', again)).body.error?.code).toBe('webhook_delivery_pending');
  expect(await desk.core.database.outbox.count({ where: { dedupeKey: `${sent.id}-0` } })).toBe(1);

  status = 500;
  await deliver(sent.id);
  expect((await list<DeskWebhook>(auditor, 'webhooks')).data).toMatchObject([{ id: hook.id, state: 'failing' }]);
  status = 200;
  await deliver(sent.id);
  const [delivered] = (await list<WebhookDeliveryView>(auditor, `webhooks/${hook.id}/deliveries`)).data;
  expect(delivered).toMatchObject({ id: sent.id, state: 'delivered', attempts: 2, last_status: 200, next_at: null });

  expect((await northern.call('POST', again)).body).toMatchObject({ state: 'pending', attempts: 2 });
  await deliver(sent.id);
  expect((await list<DeskWebhook>(auditor, 'webhooks')).data).toMatchObject([
    { state: 'working', last: { attempts: 3 } },
  ]);
  const [first, , third] = calls.slice(-3);
  const body = JSON.stringify(third!.fields);
  expect(body).toBe(JSON.stringify(first!.fields));
  const client = new OpenAI({ apiKey: 'none', webhookSecret: secret! });
  const headers = Object.fromEntries(Object.entries(third!.headers).map(([name, value]) => [name, String(value)]));
  expect(await client.webhooks.unwrap(body, headers)).toMatchObject({ type: 'webhook.test' });

  const rotated = (await northern.call('POST', `${path}/rotate_secret`)).body as unknown as DeskWebhook;
  expect(rotated.secret).not.toBe(secret);
  expect((await auditor.call('DELETE', path)).status).toBe(403);
  expect((await northern.call('DELETE', path)).status).toBe(200);
  expect((await northern.call('POST', `${path}/test`)).status).toBe(404);
  expect((await auditOf(hook.id)).map(({ action }) => action)).toEqual([
    ...['webhook_endpoint.created', 'webhook_endpoint.tested', 'webhook_endpoint.resent'],
    ...['webhook_endpoint.rotated', 'webhook_endpoint.deleted'],
  ]);
});
