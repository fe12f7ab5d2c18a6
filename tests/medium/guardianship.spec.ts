import { randomBytes } from 'node:crypto';
import type { GuardianLimits, PutAccess, PutMaker } from '#contracts';
import { areMutual, ageOfMaker } from '#domain/guardianship';
import { systemClock } from '#kernel';
import { GateHarness, synthetic } from '../support/gate.js';
import { promptThat } from '../support/prompts.js';

const NO_LIMITS: GuardianLimits = {
  ...{ cameo: true, remix: true, daily_generations: null, quiet_hours: null, blocked_categories: [] },
};
const NO_RULES: PutAccess = { invite_required: false, countries: [], free_allowance: null };
const YEAR = systemClock.now().getUTCFullYear();
const DAY_MS = 24 * 3600_000;

let gate: GateHarness;
let tenant: string;
const realNow = systemClock.now;

beforeAll(async () => {
  gate = await GateHarness.open();
  gate.caller = { ...gate.caller, maxActiveClips: 1000, makerRatePerMinute: 1000 };
  tenant = gate.caller.tenantId;
});
afterAll(() => gate.close());
afterEach(async () => {
  systemClock.now = realNow;
  await gate.guardianship.access.put(tenant, NO_RULES, 'test');
});

/** Moves the clock of the whole service. */
function setClock(iso: string): void {
  systemClock.now = () => new Date(iso);
}

const newName = () => `m-${randomBytes(6).toString('hex')}`;
const put = (name: string, change: PutMaker) => gate.guardianship.makers.put(tenant, name, change, 'test');
const follow = (name: string, follows: string[]) => gate.guardianship.contacts.put(tenant, name, follows, 'test');
const access = (rules: Partial<PutAccess>) => gate.guardianship.access.put(tenant, { ...NO_RULES, ...rules }, 'test');
const ask = (maker: string, more: Parameters<GateHarness['admit']>[1] = {}, prompt = {}) =>
  gate.admit(prompt, { maker, ...more });
const idOf = async (name: string) =>
  (await gate.core.database.maker.findFirstOrThrow({ where: { tenantId: tenant, externalId: name } })).id;
const stops = async (name: string) =>
  (await gate.core.database.makerStop.findMany({ where: { makerId: await idOf(name) } })).map(
    ({ code, count }) => `${code} ${count}`,
  );

/** A teen with a guardian who is signed in. */
async function family(limits: Partial<GuardianLimits> = {}, teen = newName()) {
  const { links, guardians, sessions } = gate.guardianship;
  await put(teen, { birth_year: YEAR - 15 });
  const { id, code } = await links.invite(tenant, teen, { locale: 'fr' }, 'test');
  const { secret, link } = await guardians.accept({ token: code, name: 'Maman' }, null);
  const session = await sessions.authenticate(`Bearer ${secret}`);
  await links.confirm(tenant, teen, id, link.number!, 'test');
  await guardians.putLimits(session, id, { ...NO_LIMITS, ...limits });
  return { teen, id, session, secret: secret! };
}

describe('ages at the gate', () => {
  it('children make nothing, unknown and teen are judged as teens, adults as adults', async () => {
    const [child, teen, adult] = [newName(), newName(), newName()];
    await put(child, { age: { state: 'estimated', low: 8, high: 11, by: 'estimator' } });
    await put(teen, { birth_year: YEAR - 15 });
    await put(adult, { age: { state: 'verified', birth_year: YEAR - 30, by: 'provider' } });
    await expect(ask(child)).rejects.toMatchObject({ kind: 'forbidden', code: 'maker_too_young' });
    expect((await ask(teen)).audience).toBe('teen');
    expect((await ask(newName())).audience).toBe('teen');
    expect((await ask(adult)).audience).toBe('adult');
    expect((await gate.admit()).audience).toBe('teen');
    expect(await stops(child)).toEqual(['maker_too_young 1']);
  });

  it('keeps what was learnt, and nothing can rewrite it', async () => {
    const name = newName();
    await put(name, { age: { state: 'estimated', low: 14, high: 17, by: 'estimator' } });
    await put(name, { birth_year: 1990 });
    const view = await put(name, { birth_year: 1990, country: 'FR' });
    expect(view).toMatchObject({ age_band: 'teen', age_state: 'estimated', country: 'FR' });
    expect(view.age_history.map(({ state, birth_year, low }) => [state, birth_year, low])).toEqual([
      ['estimated', null, 14],
      ['declared', 1990, null],
    ]);
    const { database } = gate.core;
    await expect(database.$executeRaw`UPDATE maker_ages SET birth_year = 1980`).rejects.toThrow(/append-only/);
    await expect(database.$executeRaw`DELETE FROM maker_ages`).rejects.toThrow(/append-only/);
    const events = await database.auditEvent.findMany({
      where: { action: 'maker.age', subject: await idOf(name) },
      orderBy: { id: 'asc' },
    });
    expect(events.map(({ fromState, toState }) => [fromState, toState])).toEqual([
      ['unknown', 'teen'],
      ['teen', 'teen'],
    ]);
  });

  it('a finding between the check and the filing is not missed', async () => {
    const name = newName();
    await put(name, { birth_year: YEAR - 30 });
    const asked = { tenantId: tenant, maker: name, parent: undefined, cameo: false };
    const standing = await gate.guardianship.rules.check(asked);
    await put(name, { age: { state: 'verified', birth_year: YEAR - 15, by: 'provider' } });
    const take = () => gate.core.database.$transaction((tx) => gate.guardianship.rules.take(tx, standing, 4));
    await expect(take()).rejects.toMatchObject({ kind: 'conflict', code: 'maker_changed' });
    await put(name, { birth_year: YEAR - 9 });
    await expect(take()).rejects.toMatchObject({ code: 'maker_too_young' });
  });

  it('no cameo for teens: the policy says so, and the guardian hears of it', async () => {
    const { teen, session, id } = await family();
    const characters = [{ id: 'char_0' }];
    await expect(ask(teen, {}, { characters })).rejects.toMatchObject({
      code: 'cameo_not_allowed',
      details: { data: { set_by: 'policy' } },
    });
    expect(await gate.guardianship.guardians.alerts(session, id)).toMatchObject([{ kind: 'cameo', code: null }]);
  });
});

describe('contacts', () => {
  it('are mutual only when both follow, within one tenant', async () => {
    const [a, b] = [newName(), newName()];
    expect(await follow(a, [b, b, a])).toMatchObject({ follows: [b], mutual: [] });
    const ids = [await idOf(a), await idOf(b)] as const;
    const { database } = gate.core;
    expect(await areMutual(database, ...ids)).toBe(false);
    expect(await follow(b, [a])).toMatchObject({ mutual: [a] });
    expect(await areMutual(database, ...ids)).toBe(true);
    expect(await areMutual(database, ids[0], ids[0])).toBe(false);
    await follow(a, []);
    expect(await areMutual(database, ...ids)).toBe(false);
  });

  it('nobody but mutual contacts remixes, edits or extends what a teen made, also further down the chain', async () => {
    const [teen, friend, stranger] = [newName(), newName(), newName()];
    await put(teen, { birth_year: YEAR - 15 });
    for (const name of [friend, stranger]) await put(name, { birth_year: YEAR - 30 });
    await follow(friend, [teen]);
    const parent = await ask(teen);
    const refused = { kind: 'forbidden', code: 'content_not_shared' };
    await expect(ask(friend, { parent })).rejects.toMatchObject(refused);
    await follow(teen, [friend]);
    const remix = await ask(friend, { parent });
    for (const name of [stranger, undefined]) {
      await expect(gate.admit({}, { maker: name, parent })).rejects.toMatchObject(refused);
      await expect(gate.admit({}, { maker: name, parent: remix })).rejects.toMatchObject(refused);
    }
    expect((await ask(teen, { parent: remix })).remixedFrom).toBe(remix.id);
    await follow(friend, []);
    await expect(ask(friend, { parent: remix })).rejects.toMatchObject(refused);
  });

  it('what an adult made is open to all, what nobody in particular made too', async () => {
    const [adult, other] = [newName(), newName()];
    await put(adult, { birth_year: YEAR - 30 });
    expect((await ask(other, { parent: await ask(adult) })).state).toBe('queued');
    expect((await ask(other, { parent: await gate.admit() })).state).toBe('queued');
  });
});

describe('access rules', () => {
  it('a platform with rules wants to know who asks', async () => {
    await access({ countries: ['FR'] });
    await expect(gate.admit()).rejects.toMatchObject({ kind: 'invalid', code: 'maker_required' });
  });

  it('only in open countries; an unknown one is not open', async () => {
    const name = newName();
    await access({ countries: ['FR', 'BE'] });
    await expect(ask(name)).rejects.toMatchObject({ code: 'country_unknown' });
    await put(name, { country: 'DE' });
    await expect(ask(name)).rejects.toMatchObject({ code: 'country_not_allowed' });
    await put(name, { country: 'BE' });
    expect((await ask(name)).state).toBe('queued');
    expect((await stops(name)).sort()).toEqual(['country_not_allowed 1', 'country_unknown 1']);
  });

  it('invitation codes: one use is one maker, however many try at once', async () => {
    const rooms = gate.guardianship.access;
    const [name, other] = [newName(), newName()];
    await access({ invite_required: true });
    await expect(ask(name)).rejects.toMatchObject({ code: 'invite_required' });
    const { code } = await rooms.createInvite(tenant, { uses: 2 }, 'test');
    expect(JSON.stringify(await gate.core.database.accessInvite.findMany())).not.toContain(code);
    await rooms.redeem(tenant, name, ` ${code!.toLowerCase().replaceAll('-', ' ')}`, 'test');
    await rooms.redeem(tenant, name, code!, 'test');
    expect((await ask(name)).state).toBe('queued');
    const many = await Promise.allSettled(
      [other, newName(), newName(), newName()].map((one) => rooms.redeem(tenant, one, code!, 'test')),
    );
    expect(many.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of many)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ kind: 'gone', code: 'invite_used_up' });
    expect((await rooms.invites(tenant))[0]).toMatchObject({ uses: 2, used: 2 });
    await expect(rooms.redeem('ten_other', name, code!, 'test')).rejects.toMatchObject({ code: 'invite_not_found' });
    const late = await rooms.createInvite(tenant, { uses: 1, expires_at: '2020-01-01T00:00:00Z' }, 'test');
    await expect(rooms.redeem(tenant, newName(), late.code!, 'test')).rejects.toMatchObject({ code: 'invite_expired' });
  });

  it('the free allowance is used up by the second, says when it starts anew, and does', async () => {
    const name = newName();
    await access({ free_allowance: { seconds: 10, per: 'day' } });
    setClock('2026-05-05T10:00:00Z');
    await ask(name);
    await ask(name);
    await expect(ask(name)).rejects.toMatchObject({
      kind: 'forbidden',
      code: 'allowance_used_up',
      message: expect.stringContaining('2 of 10 free seconds are left') as string,
      details: { retryAfterS: 14 * 3600, data: { set_by: 'platform', resets_at: '2026-05-06T00:00:00.000Z' } },
    });
    setClock('2026-05-06T00:00:00Z');
    expect((await ask(name)).state).toBe('queued');
  });

  it('two at once do not both get the last of it', async () => {
    const name = newName();
    await access({ free_allowance: { seconds: 12, per: 'month' } });
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => ask(name)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const one of all)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'allowance_used_up' });
    expect(await stops(name)).toEqual(['allowance_used_up 5']);
  });

  it('held clips count once; what is refused or given back does not count', async () => {
    const name = newName();
    await access({ free_allowance: { seconds: 8, per: 'week' } });
    await expect(ask(name, {}, { prompt: promptThat('refuse') })).rejects.toMatchObject({ code: 'moderation_blocked' });
    const held = await ask(name, {}, { prompt: promptThat('hold') });
    expect(held.state).toBe('held');
    const failing = await ask(name);
    await expect(ask(name)).rejects.toMatchObject({ code: 'allowance_used_up' });
    await gate.moves.apply(held, { to: 'queued', actor: 'test' });
    await expect(ask(name)).rejects.toMatchObject({ code: 'allowance_used_up' });
    await gate.moves.apply(failing, { to: 'failed', actor: 'test' });
    expect((await ask(name)).state).toBe('queued');
    await expect(ask(name)).rejects.toMatchObject({ code: 'allowance_used_up' });
  });
});

describe('limits of guardians', () => {
  it('quiet hours, in the time zone of the guardian', async () => {
    const { teen } = await family({ quiet_hours: { from: '21:00', to: '07:00', time_zone: 'Europe/Paris' } });
    setClock('2026-07-10T19:30:00Z');
    await expect(ask(teen)).rejects.toMatchObject({
      code: 'quiet_hours',
      details: { data: { set_by: 'guardian', resets_at: '2026-07-11T05:00:00.000Z' }, retryAfterS: 9.5 * 3600 },
    });
    setClock('2026-07-10T18:59:00Z');
    expect((await ask(teen)).state).toBe('queued');
  });

  it('a number of clips a day, however many are asked for at once', async () => {
    const { teen, session, id } = await family({ daily_generations: 2 });
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => ask(teen)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    await expect(ask(teen)).rejects.toMatchObject({
      code: 'daily_limit_reached',
      details: { data: { set_by: 'guardian' } },
    });
    const [alert, ...more] = await gate.guardianship.guardians.alerts(session, id);
    expect(more).toEqual([]);
    expect(alert).toMatchObject({ kind: 'limit', code: 'daily_limit_reached', count: 5, seen_at: null });
  });

  it('remix off, cameo off and blocked categories', async () => {
    const { teen } = await family({ remix: false, cameo: false, blocked_categories: ['graphic_violence'] });
    const parent = await ask(teen);
    await expect(ask(teen, { parent })).rejects.toMatchObject({ code: 'remix_not_allowed' });
    const near = (score: number) => ({ reference: { sha256: '0'.repeat(64), signals: [synthetic(score)] } });
    await expect(ask(teen, near(0.4))).rejects.toMatchObject({ code: 'category_blocked' });
    expect((await ask(teen, near(0.3))).state).toBe('queued');
    // For anybody else a person looks.
    expect((await ask(newName(), near(0.4))).state).toBe('held');
    expect((await stops(teen)).sort()).toEqual(['category_blocked 1', 'remix_not_allowed 1']);
    expect(await gate.core.database.clip.count({ where: { makerId: await idOf(teen) } })).toBe(2);
  });

  it('of several guardians the strictest count; one who leaves takes theirs along', async () => {
    const teen = newName();
    const first = await family({ daily_generations: 1 }, teen);
    await family({ daily_generations: 5, remix: false }, teen);
    const parent = await ask(teen);
    await expect(ask(teen)).rejects.toMatchObject({ code: 'daily_limit_reached' });
    await gate.guardianship.guardians.end(first.session, first.id);
    expect((await ask(teen)).state).toBe('queued');
    await expect(ask(teen, { parent })).rejects.toMatchObject({ code: 'remix_not_allowed' });
  });

  it('are versions on record, and end when the teen is of age', async () => {
    const { teen, session, id } = await family({ daily_generations: 0 });
    const { guardians } = gate.guardianship;
    const many = [1, 2, 3].map((most) => guardians.putLimits(session, id, { ...NO_LIMITS, daily_generations: most }));
    expect((await Promise.all(many)).map(({ version }) => version).sort()).toEqual([2, 3, 4]);
    await guardians.putLimits(session, id, { ...NO_LIMITS, daily_generations: 0 });
    const { database } = gate.core;
    await expect(database.$executeRaw`DELETE FROM guardian_limits`).rejects.toThrow(/append-only/);
    await expect(ask(teen)).rejects.toMatchObject({ code: 'daily_limit_reached' });
    // A claim does not shake a guardian off; a verification does.
    await put(teen, { birth_year: 1990, age: { state: 'estimated', low: 25, high: 35, by: 'estimator' } });
    expect((await ageOfMaker(database, await idOf(teen), systemClock.now())).band).toBe('teen');
    await put(teen, { age: { state: 'verified', birth_year: 1990, by: 'provider' } });
    expect((await ask(teen)).audience).toBe('adult');
    expect(await guardians.teens(session)).toMatchObject([{ id, state: 'ended', ended_by: 'adult', limits: null }]);
    await expect(guardians.summary(session, id, 7)).rejects.toMatchObject({
      kind: 'gone',
      code: 'guardian_link_ended',
    });
  });
});

describe('links', () => {
  const invite = async (teen: string) => gate.guardianship.links.invite(tenant, teen, { locale: 'en' }, 'test');

  it('an address opens once, also at the same moment, and not after seven days', async () => {
    const { guardians } = gate.guardianship;
    const { code } = await invite(newName());
    const both = await Promise.allSettled([1, 2, 3].map(() => guardians.accept({ token: code, name: 'Dad' }, null)));
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(guardians.accept({ token: code, name: 'Eve' }, null)).rejects.toMatchObject({
      kind: 'gone',
      code: 'invitation_used',
    });
    await expect(guardians.accept({ token: 'gdi_guess', name: 'Eve' }, null)).rejects.toMatchObject({
      code: 'invitation_not_found',
    });
    const old = await invite(newName());
    await expect(guardians.accept({ token: old.code }, null)).rejects.toMatchObject({ code: 'name_required' });
    systemClock.now = () => new Date(Date.now() + 7 * DAY_MS + 1000);
    await expect(guardians.accept({ token: old.code, name: 'Dad' }, null)).rejects.toMatchObject({
      code: 'invitation_expired',
    });
    expect(await gate.guardianship.links.list(tenant, old.maker)).toMatchObject([
      { state: 'ended', ended_by: 'expired' },
    ]);
  });

  it('three wrong numbers end it, also when tried at once; the right one is too late then', async () => {
    const { guardians, links } = gate.guardianship;
    const { code, id, maker } = await invite(newName());
    const { link, secret } = await guardians.accept({ token: code, name: 'Dad' }, null);
    const wrong = ((link.number! - 10 + 1) % 90) + 10;
    const tries = await Promise.allSettled([1, 2, 3, 4, 5].map(() => links.confirm(tenant, maker, id, wrong, 'test')));
    const codes = tries.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'right'));
    expect(codes.sort()).toEqual([
      ...Array<string>(2).fill('guardian_link_ended'),
      ...Array<string>(3).fill('guardian_number_wrong'),
    ]);
    await expect(links.confirm(tenant, maker, id, link.number!, 'test')).rejects.toMatchObject({
      code: 'guardian_link_ended',
    });
    const session = await gate.guardianship.sessions.authenticate(`Bearer ${secret}`);
    await expect(guardians.putLimits(session, id, NO_LIMITS)).rejects.toMatchObject({ code: 'guardian_link_ended' });
    await expect(
      gate.core.database.$executeRaw`UPDATE guardian_links SET state = 'active' WHERE id = ${id}`,
    ).rejects.toThrow(/cannot go from ended/);
  });

  it('before it is confirmed, a guardian sees and sets nothing', async () => {
    const { guardians, sessions } = gate.guardianship;
    const { code, id } = await invite(newName());
    const { secret } = await guardians.accept({ token: code, name: 'Dad' }, null);
    const session = await sessions.authenticate(`Bearer ${secret}`);
    for (const call of [guardians.summary(session, id, 7), guardians.putLimits(session, id, NO_LIMITS)])
      await expect(call).rejects.toMatchObject({ kind: 'conflict', code: 'guardian_link_not_active' });
  });

  it('a session holds the links that were opened on it, ends after a month of silence, and when signed out', async () => {
    const { guardians, sessions, links } = gate.guardianship;
    const { session, id, secret, teen } = await family();
    const stranger = await family();
    await expect(guardians.summary(session, stranger.id, 7)).rejects.toMatchObject({ code: 'guardian_link_not_found' });
    const { code, id: second } = await invite(newName());
    expect((await guardians.accept({ token: code, name: 'Maman' }, session)).secret).toBeNull();
    expect((await guardians.teens(session)).map((one) => one.id)).toEqual([id, second]);
    // Lost: the platform gives out a new address, which brings back this link alone.
    const again = await links.reissue(tenant, teen, id, 'test');
    const back = await guardians.accept({ token: again.code }, null);
    expect(back.link).toMatchObject({ id, state: 'active', number: null });
    const returned = await sessions.authenticate(`Bearer ${back.secret}`);
    expect((await guardians.teens(returned)).map((one) => one.id)).toEqual([id]);
    const rows = JSON.stringify([
      await gate.core.database.guardianSession.findMany(),
      await gate.core.database.guardianToken.findMany(),
      await gate.core.database.guardianLinkRow.findMany(),
    ]);
    for (const hidden of [secret, again.code, 'Maman']) expect(rows).not.toContain(hidden);
    await sessions.revoke(returned);
    await expect(sessions.authenticate(`Bearer ${back.secret}`)).rejects.toMatchObject({ kind: 'unauthorized' });
    systemClock.now = () => new Date(Date.now() + 20 * DAY_MS);
    await sessions.authenticate(`Bearer ${secret}`);
    systemClock.now = () => new Date(Date.now() + 49 * DAY_MS);
    await sessions.authenticate(`Bearer ${secret}`);
    systemClock.now = () => new Date(Date.now() + 80 * DAY_MS);
    await expect(sessions.authenticate(`Bearer ${secret}`)).rejects.toMatchObject({ code: 'guardian_session_invalid' });
  });

  it('every step is on the audit record', async () => {
    const { id, session } = await family();
    await gate.guardianship.guardians.end(session, id);
    const events = await gate.core.database.auditEvent.findMany({ where: { subject: id }, orderBy: { id: 'asc' } });
    expect(events.map(({ action }) => action)).toEqual([
      'guardian.invited',
      'guardian.accepted',
      'guardian.confirmed',
      'guardian.limits',
      'guardian.ended',
    ]);
    expect(JSON.stringify(events.map(({ data }) => data))).not.toContain('Maman');
  });
});

describe('what a guardian sees', () => {
  it('numbers by day and category, without a prompt', async () => {
    const { teen, session, id } = await family({ remix: false });
    const words = promptThat('hold');
    const held = await ask(teen, {}, { prompt: words });
    await ask(teen, {}, { prompt: promptThat('refuse') }).catch(() => undefined);
    await ask(teen, { parent: held }).catch(() => undefined);
    const summary = await gate.guardianship.guardians.summary(session, id, 3);
    expect(summary.days).toHaveLength(3);
    expect(summary.days.at(-1)).toEqual({
      date: systemClock.now().toISOString().slice(0, 10),
      ...{ released: 0, in_progress: 0, held: 1, refused: 1, failed: 0, removed: 0, limited: 1 },
    });
    expect(summary.categories.length).toBeGreaterThan(0);
    expect(summary.categories[0]).toMatchObject({
      label: { en: expect.any(String) as string, fr: expect.any(String) as string },
    });
    expect(summary.alerts).toMatchObject([{ kind: 'limit', code: 'remix_not_allowed' }]);
    expect(JSON.stringify(summary)).not.toContain(words);
  });

  it('hears of refusals that concern children or self-harm, at the prompt and of finished clips', async () => {
    const { teen, session, id } = await family();
    const { guardians } = gate.guardianship;
    const signal = (category: 'sexual_minors' | 'self_harm') => ({ ...synthetic(0.95), category });
    const reference = (category: 'sexual_minors' | 'self_harm') => ({
      reference: { sha256: '0'.repeat(64), signals: [signal(category)] },
    });
    for (const category of ['sexual_minors', 'self_harm'] as const)
      await expect(ask(teen, reference(category))).rejects.toMatchObject({ code: 'moderation_blocked' });
    const kinds = async () => (await guardians.alerts(session, id)).map(({ kind, count }) => `${kind} ${count}`);
    expect(await kinds()).toEqual(['self_harm 1', 'child_safety 1']);
    const clip = await ask(teen, { injected: [{ ...signal('self_harm'), source: 'frames' }] });
    expect((await gate.drive(clip.id)).state).toBe('refused');
    expect(await kinds()).toEqual(['self_harm 2', 'child_safety 1']);
    const [first] = await guardians.alerts(session, id);
    expect((await guardians.seen(session, first!.id)).seen_at).not.toBeNull();
    const other = await family();
    await expect(guardians.seen(other.session, first!.id)).rejects.toMatchObject({ code: 'alert_not_found' });
  });
});
