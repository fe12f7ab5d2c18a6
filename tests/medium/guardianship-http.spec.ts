import { randomBytes } from 'node:crypto';
import OpenAI from 'openai';
import {
  AcceptedInvitation,
  AccessView,
  Contacts,
  ErrorEnvelope,
  GuardianAlert,
  GuardianInvitation,
  GuardianLimitsView,
  GuardianLink,
  GuardianSummary,
  GuardianTeen,
  Invite,
  Maker,
  SCOPES,
  type Scope,
} from '#contracts';
import { ApiKeys } from '#platform/auth';
import { systemClock } from '#kernel';
import { serveApi } from '../support/api.js';
import { GateHarness } from '../support/gate.js';

const YEAR = systemClock.now().getUTCFullYear();
const LIMITS = {
  cameo: false,
  remix: false,
  daily_generations: 1,
  quiet_hours: null,
  blocked_categories: ['violence'],
};

let gate: GateHarness;
let url: string;
let stop: () => Promise<void>;

beforeAll(async () => {
  gate = await GateHarness.open();
  ({ url, stop } = await serveApi(gate, {}));
});
afterAll(async () => {
  await stop?.();
  await gate.close();
});

interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
  error: ErrorEnvelope['error'];
}

/** One request; errors come in the envelope and with nothing that it does not describe. */
async function call(secret: string | null, method: string, path: string, body?: unknown): Promise<Answer> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (secret) headers.authorization = `Bearer ${secret}`;
  const answer = await fetch(`${url}/v1${path}`, {
    ...{ method, headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const json: unknown = await answer.json();
  const error = answer.ok ? undefined : ErrorEnvelope.parse(json).error;
  if (!answer.ok) ErrorEnvelope.extend({ error: ErrorEnvelope.shape.error.strict() }).parse(json);
  return { status: answer.status, headers: answer.headers, body: json, error: error as ErrorEnvelope['error'] };
}

/** A platform of its own with a key. */
async function platform(scopes: Scope[] = ['admin']): Promise<string> {
  const keys = new ApiKeys(gate.core.database, systemClock);
  return (await keys.create(await keys.createTenant('Clips & Co'), 'test', scopes, 'test')).key;
}

const newName = () => `m-${randomBytes(6).toString('hex')}`;

/** A teen whose guardian accepted. */
async function accepted(key: string, teen = newName(), session: string | null = null) {
  await call(key, 'PUT', `/makers/${teen}`, { birth_year: YEAR - 15 });
  const invitation = GuardianInvitation.parse((await call(key, 'POST', `/makers/${teen}/guardians`, {})).body);
  const token = new URL(invitation.url).hash.slice(1);
  const answer = await call(session, 'POST', '/guardian/accept', { token, name: 'Maman' });
  const { secret, link } = AcceptedInvitation.parse(answer.body);
  return { teen, token, id: invitation.id, secret: secret ?? session!, number: link.number! };
}

/** A teen whose guardian is confirmed. */
async function family(key: string) {
  const link = await accepted(key);
  await call(key, 'POST', `/makers/${link.teen}/guardians/${link.id}/confirm`, { number: link.number });
  return link;
}

describe('the two-sided way', () => {
  it('from the invitation to limits that hold at POST /v1/videos, and to the end', async () => {
    const key = await platform();
    const { teen, id, secret, number } = await accepted(key);
    const waiting = (await call(key, 'GET', `/makers/${teen}/guardians`)).body as { data: GuardianLink[] };
    expect(GuardianLink.parse(waiting.data[0])).toMatchObject({ id, state: 'accepted', guardian_name: 'Maman' });
    expect(JSON.stringify(waiting)).not.toContain(`"number"`);

    const typed = await call(key, 'POST', `/makers/${teen}/guardians/${id}/confirm`, { number: String(number) });
    expect(GuardianLink.parse(typed.body)).toMatchObject({ state: 'active', ended_by: null });
    const put = await call(secret, 'PUT', `/guardian/links/${id}/limits`, LIMITS);
    expect(GuardianLimitsView.parse(put.body)).toMatchObject({ ...LIMITS, version: 1 });
    expect(put.headers.get('cache-control')).toBe('no-store');

    const client = new OpenAI({ apiKey: key, baseURL: `${url}/v1` });
    const ask = () => client.post<{ id: string }>('/videos', { body: { prompt: 'A red fox in the snow', user: teen } });
    const video = await ask();
    const refusal = await ask().then(
      () => null,
      (e: unknown) => e as InstanceType<typeof OpenAI.APIError>,
    );
    expect(refusal).toBeInstanceOf(OpenAI.PermissionDeniedError);
    expect(refusal).toMatchObject({ code: 'daily_limit_reached' });
    expect(refusal!.error).toMatchObject({ limit: 'daily_limit_reached', set_by: 'guardian' });
    const wait = Number(refusal!.headers!.get('retry-after'));
    const resets = Date.parse((refusal!.error as { resets_at: string }).resets_at);
    expect(wait).toBeGreaterThan(0);
    expect(Math.abs(resets - Date.now() - wait * 1000)).toBeLessThan(10_000);

    const alerts = (await call(secret, 'GET', `/guardian/links/${id}/alerts`)).body as { data: unknown[] };
    const alert = GuardianAlert.parse(alerts.data[0]);
    // An SDK does not repeat what is forbidden.
    expect(alert).toMatchObject({ kind: 'limit', code: 'daily_limit_reached', count: 1 });
    expect((await call(key, 'GET', `/guardian_alerts/${alert.id}`)).body).toMatchObject({ id: alert.id, maker: teen });
    expect((await call(await platform(), 'GET', `/guardian_alerts/${alert.id}`)).status).toBe(404);
    const seen = GuardianAlert.parse((await call(secret, 'POST', `/guardian/alerts/${alert.id}/seen`)).body);
    expect(seen.seen_at).not.toBeNull();
    const summary = GuardianSummary.parse((await call(secret, 'GET', `/guardian/links/${id}/summary?days=2`)).body);
    expect(summary.days.at(-1)).toMatchObject({ in_progress: 1, limited: 1 });
    expect(JSON.stringify(summary)).not.toMatch(/fox/);

    const teens = (await call(secret, 'GET', '/guardian/links')).body as { data: unknown[] };
    expect(GuardianTeen.parse(teens.data[0])).toMatchObject({ maker: teen, platform: 'Clips & Co', unseen_alerts: 0 });
    expect((await call(key, 'DELETE', `/makers/${teen}/guardians/${id}`)).body).toMatchObject({ ended_by: 'maker' });
    expect((await call(secret, 'GET', `/guardian/links/${id}/summary`)).error.code).toBe('guardian_link_ended');
    expect((await call(secret, 'PUT', `/guardian/links/${id}/limits`, LIMITS)).status).toBe(410);
    expect((await ask()).id).not.toBe(video.id);
    await call(secret, 'DELETE', '/guardian/session');
    expect((await call(secret, 'GET', '/guardian/links')).status).toBe(401);
  });

  it('promises a webhook for each alert, and says nothing in it', async () => {
    const key = await platform();
    const { database } = gate.core;
    const endpoint = { url: 'https://example.com/hook', event_types: ['guardian.alert'] };
    expect((await call(key, 'POST', '/webhook_endpoints', endpoint)).status).toBeLessThan(300);
    const { teen, id, secret } = await family(key);
    await call(secret, 'PUT', `/guardian/links/${id}/limits`, { ...LIMITS, daily_generations: 0 });
    for (let i = 0; i < 2; i++) await call(key, 'POST', '/videos', { prompt: 'A red fox', user: teen });
    const alert = await database.guardianAlertRow.findFirstOrThrow({ where: { linkId: id } });
    const sent = await database.webhookDelivery.findMany({ where: { type: 'guardian.alert' } });
    expect(sent.map(({ body }) => (JSON.parse(body) as { data: unknown }).data)).toEqual([{ id: alert.id }]);
    expect(alert.count).toBe(2);
  });

  it('a wrong number, a second opening, somebody else’s link, a foreign platform', async () => {
    const [key, foreign] = [await platform(), await platform()];
    const link = await accepted(key);
    const { teen, id, token, number } = link;
    const confirm = (as: string, body: object) => call(as, 'POST', `/makers/${teen}/guardians/${id}/confirm`, body);
    const wrong = ((number - 9) % 90) + 10;
    expect((await confirm(key, { number: wrong })).error).toMatchObject({
      ...{ code: 'guardian_number_wrong', param: 'number', tries_left: 2 },
    });
    expect((await confirm(key, { number: 100 })).error.code).toBe('invalid_value');
    expect((await call(null, 'POST', '/guardian/accept', { token, name: 'Eve' })).error.code).toBe('invitation_used');
    expect((await confirm(foreign, { number })).status).toBe(404);
    for (const path of ['', '/address'] as const)
      expect((await call(foreign, path ? 'POST' : 'DELETE', `/makers/${teen}/guardians/${id}${path}`)).status).toBe(
        404,
      );
    expect((await call(foreign, 'GET', `/makers/${teen}/guardians`)).status).toBe(404);
    // A maker of the same name elsewhere has nothing to do with it.
    await call(foreign, 'PUT', `/makers/${teen}`, {});
    expect((await call(foreign, 'GET', `/makers/${teen}/guardians`)).body).toMatchObject({ data: [] });
    expect((await confirm(foreign, { number })).error.code).toBe('guardian_link_not_found');
    expect((await confirm(key, { number })).status).toBe(200);
    const other = await family(key);
    for (const [method, path, body] of [
      ['GET', `/guardian/links/${id}/summary`],
      ['GET', `/guardian/links/${id}/alerts`],
      ['GET', `/guardian/links/${id}/limits`],
      ['PUT', `/guardian/links/${id}/limits`, LIMITS],
      ['DELETE', `/guardian/links/${id}`],
    ] as const)
      expect((await call(other.secret, method, path, body)).error.code).toBe('guardian_link_not_found');
  });

  it('a guardian of several teens holds them in one session; an API key opens nothing there', async () => {
    const key = await platform();
    const first = await family(key);
    const second = await accepted(key, newName(), first.secret);
    expect(second.secret).toBe(first.secret);
    const { data } = (await call(first.secret, 'GET', '/guardian/links')).body as { data: GuardianTeen[] };
    expect(data.map(({ id, state }) => [id, state])).toEqual([
      [first.id, 'active'],
      [second.id, 'accepted'],
    ]);
    for (const secret of [key, null, `gds_${'A'.repeat(43)}`])
      expect((await call(secret, 'GET', '/guardian/links')).error.code).toBe('guardian_session_invalid');
    expect((await call(first.secret, 'GET', `/makers/${first.teen}`)).status).toBe(401);
  });

  it.each([
    { ...LIMITS, colour: 1 },
    { ...LIMITS, daily_generations: -1 },
    { ...LIMITS, blocked_categories: ['fun'] },
    { ...LIMITS, quiet_hours: { from: '25:00', to: '07:00', time_zone: 'UTC' } },
    { ...LIMITS, quiet_hours: { from: '21:00', to: '07:00', time_zone: 'Mars/Olympus' } },
    { ...LIMITS, quiet_hours: { from: '21:00', to: '21:00', time_zone: 'UTC' } },
    { cameo: true },
  ])('limits are not %j', async (limits) => {
    const { id, secret } = await sharedFamily();
    expect((await call(secret, 'PUT', `/guardian/links/${id}/limits`, limits)).status).toBe(400);
  });

  let shared: ReturnType<typeof family> | undefined;
  const sharedFamily = () => (shared ??= platform().then(family));
});

describe('makers and access rules over HTTP', () => {
  it('ages, countries, contacts', async () => {
    const key = await platform();
    const name = newName();
    const age = { state: 'estimated', low: 14, high: 16, by: 'estimator' };
    const maker = Maker.parse((await call(key, 'PUT', `/makers/${name}`, { age, country: 'fr' })).body);
    expect(maker).toMatchObject({ age_band: 'teen', age_state: 'estimated', country: 'FR', invited: false });
    for (const body of [
      { age: { state: 'guessed', birth_year: 2000, by: 'x' } },
      { age: { state: 'declared', birth_year: 2000, low: 3, high: 4, by: 'x' } },
      { age: { state: 'estimated', low: 20, high: 14, by: 'x' } },
      { age: { state: 'verified', birth_year: 2000 } },
      { country: 'France' },
    ])
      expect((await call(key, 'PUT', `/makers/${name}`, body)).status).toBe(400);
    const friend = newName();
    const contacts = await call(key, 'PUT', `/makers/${name}/contacts`, { follows: [friend] });
    expect(Contacts.parse(contacts.body)).toMatchObject({ follows: [friend], mutual: [] });
    expect((await call(key, 'GET', `/makers/${friend}`)).body).toMatchObject({ age_band: 'unknown' });
  });

  it('codes and a free allowance, with the time at which it starts anew', async () => {
    const key = await platform();
    const name = newName();
    const rules = { invite_required: true, countries: ['fr'], free_allowance: { seconds: 4, per: 'month' } };
    expect(AccessView.parse((await call(key, 'PUT', '/access', rules)).body)).toEqual({
      ...{ object: 'access', ...rules, countries: ['FR'] },
    });
    const ask = () => call(key, 'POST', '/videos', { prompt: 'A red fox', user: name });
    await call(key, 'PUT', `/makers/${name}`, { country: 'FR' });
    expect((await ask()).error).toMatchObject({ code: 'invite_required', set_by: 'platform' });
    const { code } = Invite.parse((await call(key, 'POST', '/access/invites', {})).body);
    expect((await call(key, 'POST', `/makers/${name}/redeem`, { code: 'NOPE' })).error.code).toBe('invite_not_found');
    expect((await call(key, 'POST', `/makers/${name}/redeem`, { code })).body).toMatchObject({ invited: true });
    expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect([refused.status, refused.error.code]).toEqual([403, 'allowance_used_up']);
    expect(refused.error.resets_at).toMatch(/-01T00:00:00\.000Z$/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await call(key, 'PUT', '/access', {})).body).toMatchObject({ free_allowance: null, countries: [] });
    expect((await ask()).status).toBe(200);
  });

  it('each route asks for its right', async () => {
    const calls: [Scope, string, string][] = [
      ['admin', 'GET', '/access'],
      ['admin', 'PUT', '/access'],
      ['admin', 'GET', '/access/invites'],
      ['admin', 'POST', '/access/invites'],
      ['videos:read', 'GET', '/makers/m/contacts'],
      ['videos:read', 'GET', '/makers/m/guardians'],
      ['videos:read', 'GET', '/guardian_alerts/gal_0'],
      ['videos:write', 'PUT', '/makers/m/contacts'],
      ['videos:write', 'POST', '/makers/m/redeem'],
      ['videos:write', 'POST', '/makers/m/guardians/gdl_0/confirm'],
      ['videos:write', 'POST', '/makers/m/guardians/gdl_0/address'],
      ['videos:write', 'DELETE', '/makers/m/guardians/gdl_0'],
    ];
    for (const scope of SCOPES.filter((one) => one !== 'admin')) {
      const key = await platform([scope]);
      for (const [needed, method, path] of calls) {
        const { status } = await call(key, method, path, method === 'PUT' || method === 'POST' ? {} : undefined);
        expect([scope, method, path, status === 403]).toEqual([scope, method, path, scope !== needed]);
      }
    }
  });
});
