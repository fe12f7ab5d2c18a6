import { areMutual, mayBeCameo } from '#domain/guardianship';
import { synthetic } from '../support/gate.js';
import { newName, NO_LIMITS, NO_RULES, People, setClock, YEAR } from '../support/people.js';
import { promptThat } from '../support/prompts.js';

let people: People;

beforeAll(async () => {
  people = await People.open();
});
afterAll(() => people.gate.close());
afterEach(async () => {
  setClock();
  await people.access(NO_RULES);
});

describe('ages at the gate', () => {
  it('children make nothing, unknown and teen are judged as teens, adults as adults', async () => {
    const [child, teen, adult] = [newName(), newName(), newName()];
    await people.put(child, { age: { state: 'estimated', low: 8, high: 11, by: 'estimator' } });
    await people.put(teen, { birth_year: YEAR - 15 });
    await people.put(adult, { age: { state: 'verified', birth_year: YEAR - 30, by: 'provider' } });
    await expect(people.ask(child)).rejects.toMatchObject({ kind: 'forbidden', code: 'maker_too_young' });
    expect((await people.ask(teen)).audience).toBe('teen');
    expect((await people.ask(newName())).audience).toBe('teen');
    expect((await people.ask(adult)).audience).toBe('adult');
    expect((await people.gate.admit()).audience).toBe('teen');
    expect(await people.stops(child)).toEqual(['maker_too_young 1']);
  });

  it('keeps what was learnt, and nothing can rewrite it', async () => {
    const name = newName();
    await people.put(name, { age: { state: 'estimated', low: 14, high: 17, by: 'estimator' } });
    await people.put(name, { birth_year: 1990 });
    const view = await people.put(name, { birth_year: 1990, country: 'FR' });
    expect(view).toMatchObject({ age_band: 'teen', age_state: 'estimated', country: 'FR' });
    expect(view.age_history.map(({ state, birth_year, low }) => [state, birth_year, low])).toEqual([
      ['estimated', null, 14],
      ['declared', 1990, null],
    ]);
    const { database } = people.gate.core;
    await expect(database.$executeRaw`UPDATE maker_ages SET birth_year = 1980`).rejects.toThrow(/append-only/);
    await expect(database.$executeRaw`DELETE FROM maker_ages`).rejects.toThrow(/append-only/);
    const events = await database.auditEvent.findMany({
      where: { action: 'maker.age', subject: await people.idOf(name) },
      orderBy: { id: 'asc' },
    });
    expect(events.map(({ fromState, toState }) => [fromState, toState])).toEqual([
      ['unknown', 'teen'],
      ['teen', 'teen'],
    ]);
  });

  it('what is sent again at every sign-in is kept once, but each verification counts', async () => {
    const name = newName();
    const verified = { age: { state: 'verified' as const, birth_year: 1990, by: 'provider' } };
    const looksYoung = { age: { state: 'estimated' as const, low: 8, high: 11, by: 'estimator' } };
    for (let i = 0; i < 3; i++) await people.put(name, { birth_year: 1990 });
    expect((await people.put(name, verified)).age_history).toHaveLength(2);
    for (let i = 0; i < 2; i++)
      expect(await people.put(name, looksYoung)).toMatchObject({ age_band: 'under13', age_history: { length: 3 } });
    expect(await people.put(name, { birth_year: 1990 })).toMatchObject({ age_band: 'under13' });
    expect(await people.put(name, verified)).toMatchObject({ age_band: 'adult', age_state: 'verified' });
    expect(await people.put(name, looksYoung)).toMatchObject({ age_band: 'under13', age_history: { length: 5 } });
  });

  it('a finding between the check and the filing is not missed', async () => {
    const name = newName();
    await people.put(name, { birth_year: YEAR - 30 });
    const asked = { tenantId: people.tenant, maker: name, parent: undefined, cameo: false };
    const standing = await people.room.rules.check(asked);
    await people.put(name, { age: { state: 'verified', birth_year: YEAR - 15, by: 'provider' } });
    const take = () => people.gate.core.database.$transaction((tx) => people.room.rules.take(tx, standing, 4));
    await expect(take()).rejects.toMatchObject({ kind: 'conflict', code: 'maker_changed' });
    await people.put(name, { birth_year: YEAR - 9 });
    await expect(take()).rejects.toMatchObject({ code: 'maker_too_young' });
  });

  it('a limit that is set between the check and the filing is not missed', async () => {
    const { teen, session, id } = await people.family();
    const { rules, guardians } = people.room;
    const standing = await rules.check({ tenantId: people.tenant, maker: teen, parent: undefined, cameo: false });
    await rules.allowWords(standing, [synthetic(0.4)]);
    await guardians.putLimits(session, id, { ...NO_LIMITS, blocked_categories: ['graphic_violence'] });
    const take = people.gate.core.database.$transaction((tx) => rules.take(tx, standing, 4));
    await expect(take).rejects.toMatchObject({ code: 'category_blocked' });
  });

  it('nobody under 18 is a likeness, nor who is of unknown age', async () => {
    const { core, policies } = people.gate;
    const may = async (name: string) =>
      mayBeCameo(core.database, await people.idOf(name), policies.current.makers, core.clock.now());
    for (const [age, allowed] of [
      [30, true],
      [15, false],
      [9, false],
      [null, false],
    ] as const) {
      const name = newName();
      await people.put(name, age === null ? {} : { birth_year: YEAR - age });
      expect([age, await may(name)]).toEqual([age, allowed]);
    }
  });

  it('no cameo for teens: the policy says so, and the guardian hears of it', async () => {
    const { teen, session, id } = await people.family();
    const characters = [{ id: 'char_0' }];
    await expect(people.ask(teen, {}, { characters })).rejects.toMatchObject({
      code: 'cameo_not_allowed',
      details: { data: { set_by: 'policy' } },
    });
    expect(await people.room.guardians.alerts(session, id)).toMatchObject([{ kind: 'cameo', code: null }]);
  });
});

describe('contacts', () => {
  it('are mutual only when both follow, within one tenant', async () => {
    const [a, b] = [newName(), newName()];
    expect(await people.follow(a, [b, b, a])).toMatchObject({ follows: [b], mutual: [] });
    const ids = [await people.idOf(a), await people.idOf(b)] as const;
    const { database } = people.gate.core;
    expect(await areMutual(database, ...ids)).toBe(false);
    expect(await people.follow(b, [a])).toMatchObject({ mutual: [a] });
    expect(await areMutual(database, ...ids)).toBe(true);
    expect(await areMutual(database, ids[0], ids[0])).toBe(false);
    await people.follow(a, []);
    expect(await areMutual(database, ...ids)).toBe(false);
  });

  it('nobody but mutual contacts remixes, edits or extends what a teen made, also further down the chain', async () => {
    const [teen, friend, stranger] = [newName(), newName(), newName()];
    await people.put(teen, { birth_year: YEAR - 15 });
    for (const name of [friend, stranger]) await people.put(name, { birth_year: YEAR - 30 });
    await people.follow(friend, [teen]);
    const parent = await people.ask(teen);
    const refused = { kind: 'forbidden', code: 'content_not_shared' };
    await expect(people.ask(friend, { parent })).rejects.toMatchObject(refused);
    await people.follow(teen, [friend]);
    const remix = await people.ask(friend, { parent });
    for (const name of [stranger, undefined]) {
      await expect(people.gate.admit({}, { maker: name, parent })).rejects.toMatchObject(refused);
      await expect(people.gate.admit({}, { maker: name, parent: remix })).rejects.toMatchObject(refused);
    }
    expect((await people.ask(teen, { parent: remix })).remixedFrom).toBe(remix.id);
    await people.follow(friend, []);
    await expect(people.ask(friend, { parent: remix })).rejects.toMatchObject(refused);
  });

  it('what an adult made is open to all, what nobody in particular made too', async () => {
    const [adult, other] = [newName(), newName()];
    await people.put(adult, { birth_year: YEAR - 30 });
    expect((await people.ask(other, { parent: await people.ask(adult) })).state).toBe('queued');
    expect((await people.ask(other, { parent: await people.gate.admit() })).state).toBe('queued');
  });
});

describe('access rules', () => {
  it('a platform with rules wants to know who asks', async () => {
    await people.access({ countries: ['FR'] });
    await expect(people.gate.admit()).rejects.toMatchObject({ kind: 'invalid', code: 'maker_required' });
  });

  it('only in open countries; an unknown one is not open', async () => {
    const name = newName();
    await people.access({ countries: ['FR', 'BE'] });
    await expect(people.ask(name)).rejects.toMatchObject({ code: 'country_unknown' });
    await people.put(name, { country: 'DE' });
    await expect(people.ask(name)).rejects.toMatchObject({ code: 'country_not_allowed' });
    await people.put(name, { country: 'BE' });
    expect((await people.ask(name)).state).toBe('queued');
    expect(await people.stops(name)).toEqual(['country_not_allowed 1', 'country_unknown 1']);
  });

  it('invitation codes: one use is one maker, however many try at once', async () => {
    const rooms = people.room.access;
    const [name, other] = [newName(), newName()];
    await people.access({ invite_required: true });
    await expect(people.ask(name)).rejects.toMatchObject({ code: 'invite_required' });
    const { code } = await rooms.createInvite(people.tenant, { uses: 2 }, 'test');
    expect(JSON.stringify(await people.gate.core.database.accessInvite.findMany())).not.toContain(code);
    await rooms.redeem(people.tenant, name, ` ${code!.toLowerCase().replaceAll('-', ' ')}`, 'test');
    await rooms.redeem(people.tenant, name, code!, 'test');
    expect((await people.ask(name)).state).toBe('queued');
    const many = await Promise.allSettled(
      [other, newName(), newName(), newName()].map((one) => rooms.redeem(people.tenant, one, code!, 'test')),
    );
    expect(many.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of many)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ kind: 'gone', code: 'invite_used_up' });
    expect((await rooms.invites(people.tenant))[0]).toMatchObject({ uses: 2, used: 2 });
    await expect(rooms.redeem('ten_other', name, code!, 'test')).rejects.toMatchObject({ code: 'invite_not_found' });
    const late = await rooms.createInvite(people.tenant, { uses: 1, expires_at: '2020-01-01T00:00:00Z' }, 'test');
    await expect(rooms.redeem(people.tenant, newName(), late.code!, 'test')).rejects.toMatchObject({
      code: 'invite_expired',
    });
  });

  it('the free allowance is used up by the second, says when it starts anew, and does', async () => {
    const name = newName();
    await people.access({ free_allowance: { seconds: 10, per: 'day' } });
    setClock('2026-05-05T10:00:00Z');
    await people.ask(name);
    await people.ask(name);
    await expect(people.ask(name)).rejects.toMatchObject({
      kind: 'forbidden',
      code: 'allowance_used_up',
      message: expect.stringContaining('2 of 10 free seconds are left') as string,
      details: { retryAfterS: 14 * 3600, data: { set_by: 'platform', resets_at: '2026-05-06T00:00:00.000Z' } },
    });
    setClock('2026-05-06T00:00:00Z');
    expect((await people.ask(name)).state).toBe('queued');
  });

  it('two at once do not both get the last of it', async () => {
    const name = newName();
    await people.access({ free_allowance: { seconds: 12, per: 'month' } });
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => people.ask(name)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const one of all)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'allowance_used_up' });
    expect(await people.stops(name)).toEqual(['allowance_used_up 5']);
  });

  it('held clips count once; what is refused or given back does not count', async () => {
    const name = newName();
    await people.access({ free_allowance: { seconds: 8, per: 'week' } });
    await expect(people.ask(name, {}, { prompt: promptThat('refuse') })).rejects.toMatchObject({
      code: 'moderation_blocked',
    });
    const held = await people.ask(name, {}, { prompt: promptThat('hold') });
    expect(held.state).toBe('held');
    const failing = await people.ask(name);
    await expect(people.ask(name)).rejects.toMatchObject({ code: 'allowance_used_up' });
    await people.gate.moves.apply(held, { to: 'queued', actor: 'test' });
    await expect(people.ask(name)).rejects.toMatchObject({ code: 'allowance_used_up' });
    await people.gate.moves.apply(failing, { to: 'failed', actor: 'test' });
    expect((await people.ask(name)).state).toBe('queued');
    await expect(people.ask(name)).rejects.toMatchObject({ code: 'allowance_used_up' });
  });
});
