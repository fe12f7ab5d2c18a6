import OpenAI from 'openai';
import { ApiKey, SCOPES, type ApiKey as Key, type Maker, type Scope } from '#contracts';
import { promptThat } from '../support/prompts.js';
import { until } from '../support/service.js';
import {
  anotherTenant,
  inspect,
  query,
  refusal,
  sdk,
  startWithStubEngine,
  waitFor,
  type StubbedService,
} from '../support/wire.js';

const PROMPT = promptThat('allow');

let stubbed: StubbedService;
let admin: OpenAI;

beforeAll(async () => {
  stubbed = await startWithStubEngine();
  stubbed.engine.faults.neverEnds = true;
  admin = sdk(stubbed.service).client;
}, 120_000);

afterAll(() => stubbed?.stop());

const as = (key: string) => sdk({ ...stubbed.service, key }, { maxRetries: 0 }).client;
const makeKey = (scopes: Scope[], client = admin) =>
  client.post<Key & { key: string }>('/keys', { body: { name: scopes.join(' '), scopes } });
const put = (id: string, body: object, client = admin) => client.put<Maker>(`/makers/${id}`, { body });

describe('API keys', () => {
  it('are shown once; only their hash is kept', async () => {
    const made = ApiKey.parse(await makeKey(['videos:read']));
    expect(made).toMatchObject({
      object: 'api_key',
      prefix: made.key!.slice(0, 10),
      last_used_at: null,
      revoked_at: null,
    });
    const list = await admin.get<{ data: Key[] }>('/keys');
    const shown = list.data.find(({ id }) => id === made.id);
    expect(shown).toEqual({ ...made, key: undefined });
    const rows = await query(stubbed.service, 'SELECT * FROM api_keys');
    expect(JSON.stringify(rows)).not.toContain(made.key);
    expect(JSON.stringify(await query(stubbed.service, 'SELECT data FROM audit_events'))).not.toContain(made.key);
  });

  it('stop working when revoked, also where they were just used', async () => {
    const made = await makeKey(['videos:read']);
    const client = as(made.key);
    await client.videos.list();
    expect(await admin.delete(`/keys/${made.id}`)).toEqual({ id: made.id, object: 'api_key.revoked', revoked: true });
    expect(await refusal(client.videos.list())).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(await refusal(admin.delete('/keys/key_unknown'))).toMatchObject({ status: 404, code: 'key_not_found' });
  });

  it('of a tenant that was switched off stop working within seconds', async () => {
    const tenant = await anotherTenant(stubbed.service);
    const client = sdk(tenant, { maxRetries: 0 }).client;
    await client.videos.list();
    await query(stubbed.service, 'UPDATE tenants SET disabled_at = now() WHERE id = $1', [tenant.tenantId]);
    await until(
      async () =>
        client.videos.list().then(
          () => false,
          (e: unknown) => e instanceof OpenAI.AuthenticationError,
        ),
      8000,
    );
  });

  it.each([
    {},
    { name: 'x', scopes: [] },
    { name: 'x', scopes: ['everything'] },
    { name: '', scopes: ['review'] },
    { name: 'x', scopes: ['review'], owner: 'me' },
  ])('are not made from %j', async (body) => {
    expect(await refusal(admin.post('/keys', { body }))).toMatchObject({ status: 400 });
  });

  it('open exactly what their scopes say', async () => {
    const calls: [Scope, (client: OpenAI) => Promise<unknown>][] = [
      ['videos:read', (c) => c.videos.list()],
      ['videos:read', (c) => c.videos.retrieve('video_0')],
      ['videos:read', (c) => c.videos.downloadContent('video_0')],
      ['videos:read', (c) => c.get('/clips/video_0')],
      ['videos:write', (c) => c.post('/clips/video_0/withdraw', { body: { reason: 'maker' } })],
      ['videos:read', (c) => c.get('/statements/sor_0')],
      ['videos:read', (c) => c.get('/makers/m')],
      ['videos:write', (c) => c.videos.create({ prompt: ' ' })],
      ['videos:write', (c) => c.videos.delete('video_0')],
      ['videos:write', (c) => c.videos.remix('video_0', { prompt: 'x' })],
      ['videos:write', (c) => c.put('/makers/m', { body: { nothing: 1 } })],
      ['moderations', (c) => c.moderations.create({ input: 'a fox' })],
      ['review', (c) => c.get('/clips/held')],
      ['review', (c) => c.post('/clips/video_0/decision', { body: {} })],
      ['webhooks', (c) => c.get('/webhook_endpoints')],
      ['webhooks', (c) => c.post('/webhook_endpoints', { body: {} })],
      ['admin', (c) => c.get('/keys')],
      ['admin', (c) => c.post('/keys', { body: {} })],
      ['admin', (c) => c.delete('/keys/key_0')],
    ];
    for (const scope of SCOPES) {
      const client = as((await makeKey([scope])).key);
      const open: string[] = [];
      const wanted: string[] = [];
      for (const [i, [needed, call]] of calls.entries()) {
        const status = await call(client).then(
          () => 200,
          (e: { status: number }) => e.status,
        );
        if (status !== 403) open.push(`${i}`);
        if (scope === 'admin' || scope === needed) wanted.push(`${i}`);
      }
      expect([scope, open]).toEqual([scope, wanted]);
    }
  });
});

describe('makers', () => {
  const year = new Date().getUTCFullYear();

  it.each([
    [year - 30, 'adult'],
    [year - 19, 'adult'],
    [year - 18, 'teen'],
    [year - 14, 'teen'],
    [year - 13, 'under13'],
    [null, 'unknown'],
  ] as const)('born in %s are %s: the youngest age that the year allows', async (birth_year, age_band) => {
    expect(await put(`born-${birth_year}`, { birth_year })).toMatchObject({
      id: `born-${birth_year}`,
      object: 'maker',
      age_band,
    });
    expect(await admin.get(`/makers/born-${birth_year}`)).toMatchObject({ age_band });
  });

  it('under 13 make no clips; others are judged by their age', async () => {
    await put('kid', { birth_year: year - 10 });
    await put('grown', { birth_year: year - 40 });
    const create = (maker: string) =>
      admin.videos.create({ prompt: PROMPT }, { headers: { 'x-imprimatur-maker': maker } });
    expect(await refusal(create('kid'))).toMatchObject({ status: 403, code: 'maker_too_young' });
    expect(await inspect(admin, (await create('grown')).id)).toMatchObject({ audience: 'adult', maker: 'grown' });
    expect(await inspect(admin, (await create('never-seen')).id)).toMatchObject({
      audience: 'teen',
      maker: 'never-seen',
    });
    expect(await inspect(admin, (await admin.videos.create({ prompt: PROMPT })).id)).toMatchObject({
      audience: 'teen',
      maker: null,
    });
  });

  it('named in the body and in the header must be the same: nobody signs with another’s name', async () => {
    const create = (user: string) =>
      admin.videos.create({ prompt: PROMPT, user } as { prompt: string }, {
        headers: { 'x-imprimatur-maker': 'from-header' },
      });
    expect(await refusal(create('from-body'))).toMatchObject({ status: 400, code: 'maker_conflict' });
    expect((await inspect(admin, (await create('from-header')).id)).maker).toBe('from-header');
  });

  it.each([{ birth_year: 1500 }, { birth_year: 2001.5 }, { credits: -1 }, { age: 20 }, { birth_year: '1990' }])(
    'are not described by %j',
    async (body) => {
      expect(await refusal(admin.put('/makers/someone', { body }))).toMatchObject({ status: 400 });
    },
  );

  it('nobody knows are not found', async () => {
    expect(await refusal(admin.get('/makers/nobody'))).toMatchObject({ status: 404, code: 'maker_not_found' });
  });
});

describe('credits', () => {
  const balance = async (id: string) => (await admin.get<Maker>(`/makers/${id}`)).credits;

  it('are spent by the second, refused when short, and cannot be spent twice at once', async () => {
    await put('payer', { credits: 10 });
    const create = () =>
      admin.videos.create({ prompt: PROMPT, seconds: '4' }, { headers: { 'x-imprimatur-maker': 'payer' } });
    const made = await Promise.allSettled(Array.from({ length: 5 }, create));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    for (const one of made)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ status: 400, code: 'insufficient_credits' });
    expect(await balance('payer')).toBe(2);
  });

  it('come back once when a clip fails, and not when a prompt was refused before they were taken', async () => {
    await put('unlucky', { credits: 8 });
    const headers = { 'x-imprimatur-maker': 'unlucky' };
    await refusal(admin.videos.create({ prompt: promptThat('refuse') }, { headers }));
    expect(await balance('unlucky')).toBe(8);
    const held = await admin.videos.create({ prompt: promptThat('hold') }, { headers });
    expect(await balance('unlucky')).toBe(4);
    await admin.post(`/clips/${held.id}/decision`, {
      body: { outcome: 'refuse', category: 'other', reason: 'a rehearsal' },
    });
    expect(await balance('unlucky')).toBe(8);
    await admin.videos.delete(held.id);
    expect(await balance('unlucky')).toBe(8);
  });

  it('of the tenant count as well', async () => {
    const client = sdk(await anotherTenant(stubbed.service, { credits: 6 })).client;
    await client.videos.create({ prompt: PROMPT });
    expect(await refusal(client.videos.create({ prompt: PROMPT }))).toMatchObject({
      status: 400,
      code: 'insufficient_credits',
    });
  });

  it('and places are limited: no more clips on their way than the tenant may have', async () => {
    const client = sdk(await anotherTenant(stubbed.service, { maxActiveClips: 2 })).client;
    const first = await client.videos.create({ prompt: PROMPT });
    await client.videos.create({ prompt: PROMPT });
    expect(await refusal(client.videos.create({ prompt: PROMPT }))).toMatchObject({
      status: 400,
      code: 'too_many_active_clips',
    });
    await client.videos.delete(first.id);
    await client.videos.create({ prompt: PROMPT });
  });
});

describe('tenants', () => {
  it('see nothing of each other', async () => {
    const other = sdk(await anotherTenant(stubbed.service)).client;
    const held = await admin.videos.create(
      { prompt: promptThat('hold') },
      { headers: { 'x-imprimatur-maker': 'shared-name' } },
    );
    const refused = await refusal(admin.videos.create({ prompt: promptThat('refuse') }));
    const { statement_id } = refused.error as { statement_id: string };
    const hook = await admin.post<{ id: string }>('/webhook_endpoints', {
      body: { url: 'https://example.com/', event_types: ['clip.held'] },
    });
    const { id: keyId } = await makeKey(['review']);
    const body = { outcome: 'release', category: 'other', reason: 'not mine' };
    const calls: (() => Promise<unknown>)[] = [
      () => other.videos.retrieve(held.id),
      () => other.videos.delete(held.id),
      () => other.videos.downloadContent(held.id),
      () => other.videos.remix(held.id, { prompt: 'x' }),
      () => other.videos.list({ after: held.id }),
      () => other.get(`/clips/${held.id}`),
      () => other.post(`/clips/${held.id}/decision`, { body }),
      () => other.get(`/statements/${statement_id}`),
      () => other.get(`/webhook_endpoints/${hook.id}`),
      () => other.post(`/webhook_endpoints/${hook.id}/rotate_secret`, { body: {} }),
      () => other.delete(`/webhook_endpoints/${hook.id}`),
      () => other.delete(`/keys/${keyId}`),
      () => other.get('/makers/shared-name'),
    ];
    for (const [i, call] of calls.entries()) expect([i, (await refusal(call())).status]).toEqual([i, 404]);
    for (const path of ['/videos', '/clips/held', '/webhook_endpoints'])
      expect(await other.get(path)).toMatchObject({ data: [] });
    const { data } = await other.get<{ data: Key[] }>('/keys');
    expect(data).toHaveLength(1);
    // What the other one tried has changed nothing.
    expect(await inspect(admin, held.id)).toMatchObject({ state: 'held', review: null });
    expect(await admin.get(`/webhook_endpoints/${hook.id}`)).toMatchObject({ id: hook.id });
  });

  it('leave a trail of who did what', async () => {
    const { id } = await makeKey(['review']);
    await admin.delete(`/keys/${id}`);
    const trail = await query(
      stubbed.service,
      'SELECT actor, action FROM audit_events WHERE subject = $1 ORDER BY id',
      [id],
    );
    expect(trail.map(({ action }) => action)).toEqual(['key.created', 'key.revoked']);
    for (const { actor } of trail) expect(actor).toMatch(/^key:key_/);
  });
});

describe('a clip that the engine could not make', () => {
  it('costs nothing', async () => {
    const { engine } = stubbed;
    // The one engine slot is taken by clips that never end.
    for await (const video of admin.videos.list({ limit: 100 }))
      await admin.videos.delete(video.id).catch(() => undefined);
    engine.faults.neverEnds = false;
    engine.faults.fails = true;
    await put('patient', { credits: 4 });
    const video = await admin.videos.create({ prompt: PROMPT }, { headers: { 'x-imprimatur-maker': 'patient' } });
    expect((await admin.get<Maker>('/makers/patient')).credits).toBe(0);
    await waitFor(admin, video.id, 'failed');
    expect((await admin.get<Maker>('/makers/patient')).credits).toBe(4);
  }, 90_000);
});
