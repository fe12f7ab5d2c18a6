import { ageOfMaker } from '#domain/guardianship';
import { systemClock } from '#kernel';
import { NO_FACES, synthetic } from '../support/gate.js';
import { newName, NO_LIMITS, NO_RULES, People, setClock } from '../support/people.js';
import { promptThat } from '../support/prompts.js';

const DAY_MS = 24 * 3600_000;

let people: People;

beforeAll(async () => {
  people = await People.open();
});
afterAll(() => people.gate.close());
afterEach(async () => {
  setClock();
  await people.access(NO_RULES);
});

describe('limits of guardians', () => {
  it('quiet hours, in the time zone of the guardian', async () => {
    const { teen } = await people.family({ quiet_hours: { from: '21:00', to: '07:00', time_zone: 'Europe/Paris' } });
    setClock('2026-07-10T19:30:00Z');
    await expect(people.ask(teen)).rejects.toMatchObject({
      code: 'quiet_hours',
      details: { data: { set_by: 'guardian', resets_at: '2026-07-11T05:00:00.000Z' }, retryAfterS: 9.5 * 3600 },
    });
    setClock('2026-07-10T18:59:00Z');
    expect((await people.ask(teen)).state).toBe('queued');
  });

  it('a number of clips a day, however many are asked for at once', async () => {
    const { teen, session, id } = await people.family({ daily_generations: 2 });
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => people.ask(teen)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    await expect(people.ask(teen)).rejects.toMatchObject({
      code: 'daily_limit_reached',
      details: { data: { set_by: 'guardian' } },
    });
    const [alert, ...more] = await people.room.guardians.alerts(session, id);
    expect(more).toEqual([]);
    expect(alert).toMatchObject({ kind: 'limit', code: 'daily_limit_reached', count: 5, seen_at: null });
  });

  it('remix off, cameo off and blocked categories', async () => {
    const { teen } = await people.family({ remix: false, cameo: false, blocked_categories: ['graphic_violence'] });
    const parent = await people.ask(teen);
    await expect(people.ask(teen, { parent })).rejects.toMatchObject({ code: 'remix_not_allowed' });
    const near = (score: number) => ({
      reference: { sha256: '0'.repeat(64), signals: [synthetic(score)], faces: NO_FACES },
    });
    await expect(people.ask(teen, near(0.4))).rejects.toMatchObject({ code: 'category_blocked' });
    expect((await people.ask(teen, near(0.3))).state).toBe('queued');
    // For anybody else a person looks.
    expect((await people.ask(newName(), near(0.4))).state).toBe('held');
    expect(await people.stops(teen)).toEqual(['category_blocked 1', 'remix_not_allowed 1']);
    expect(await people.gate.core.database.clip.count({ where: { makerId: await people.idOf(teen) } })).toBe(2);
  });

  it('of several guardians the strictest count; one who leaves takes theirs along', async () => {
    const teen = newName();
    const first = await people.family({ daily_generations: 1 }, teen);
    await people.family({ daily_generations: 5, remix: false }, teen);
    const parent = await people.ask(teen);
    await expect(people.ask(teen)).rejects.toMatchObject({ code: 'daily_limit_reached' });
    await people.room.guardians.end(first.session, first.id);
    expect((await people.ask(teen)).state).toBe('queued');
    await expect(people.ask(teen, { parent })).rejects.toMatchObject({ code: 'remix_not_allowed' });
  });

  it('are versions on record, and end when the teen is of age', async () => {
    const { teen, session, id } = await people.family({ daily_generations: 0 });
    const { guardians } = people.room;
    const many = [1, 2, 3].map((most) => guardians.putLimits(session, id, { ...NO_LIMITS, daily_generations: most }));
    expect((await Promise.all(many)).map(({ version }) => version).sort()).toEqual([2, 3, 4]);
    await guardians.putLimits(session, id, { ...NO_LIMITS, daily_generations: 0 });
    const { database } = people.gate.core;
    await expect(database.$executeRaw`DELETE FROM guardian_limits`).rejects.toThrow(/append-only/);
    await expect(people.ask(teen)).rejects.toMatchObject({ code: 'daily_limit_reached' });
    // A claim does not shake a guardian off; a verification does.
    await people.put(teen, { birth_year: 1990, age: { state: 'estimated', low: 25, high: 35, by: 'estimator' } });
    expect((await ageOfMaker(database, await people.idOf(teen), systemClock.now())).band).toBe('teen');
    await people.put(teen, { age: { state: 'verified', birth_year: 1990, by: 'provider' } });
    expect((await people.ask(teen)).audience).toBe('adult');
    expect(await guardians.teens(session)).toMatchObject([{ id, state: 'ended', ended_by: 'adult', limits: null }]);
    await expect(guardians.summary(session, id, 7)).rejects.toMatchObject({
      kind: 'gone',
      code: 'guardian_link_ended',
    });
  });
});

describe('links', () => {
  const invite = async (teen: string) => people.room.links.invite(people.tenant, teen, { locale: 'en' }, 'test');

  it('an address opens once, also at the same moment, and not after seven days', async () => {
    const { guardians } = people.room;
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
    setClock(new Date(Date.now() + 7 * DAY_MS + 1000));
    await expect(guardians.accept({ token: old.code, name: 'Dad' }, null)).rejects.toMatchObject({
      code: 'invitation_expired',
    });
    expect(await people.room.links.list(people.tenant, old.maker)).toMatchObject([
      { state: 'ended', ended_by: 'expired' },
    ]);
  });

  it('three wrong numbers end it, also when tried at once; the right one is too late then', async () => {
    const { guardians, links } = people.room;
    const { code, id, maker } = await invite(newName());
    const { link, secret } = await guardians.accept({ token: code, name: 'Dad' }, null);
    const wrong = ((link.number! - 10 + 1) % 90) + 10;
    const tries = await Promise.allSettled(
      [1, 2, 3, 4, 5].map(() => links.confirm(people.tenant, maker, id, wrong, 'test')),
    );
    const codes = tries.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'right'));
    expect(codes.sort()).toEqual([
      ...Array<string>(2).fill('guardian_link_ended'),
      ...Array<string>(3).fill('guardian_number_wrong'),
    ]);
    await expect(links.confirm(people.tenant, maker, id, link.number!, 'test')).rejects.toMatchObject({
      code: 'guardian_link_ended',
    });
    const session = await people.room.sessions.authenticate(`Bearer ${secret}`);
    await expect(guardians.putLimits(session, id, NO_LIMITS)).rejects.toMatchObject({ code: 'guardian_link_ended' });
    await expect(
      people.gate.core.database.$executeRaw`UPDATE guardian_links SET state = 'active' WHERE id = ${id}`,
    ).rejects.toThrow(/cannot go from ended/);
  });

  it('before it is confirmed, a guardian sees and sets nothing', async () => {
    const { guardians, sessions } = people.room;
    const { code, id } = await invite(newName());
    const { secret } = await guardians.accept({ token: code, name: 'Dad' }, null);
    const session = await sessions.authenticate(`Bearer ${secret}`);
    const early = { kind: 'conflict', code: 'guardian_link_not_active' };
    await expect(guardians.summary(session, id, 7)).rejects.toMatchObject(early);
    await expect(guardians.putLimits(session, id, NO_LIMITS)).rejects.toMatchObject(early);
  });

  it('a session holds the links that were opened on it, ends after a month of silence, and when signed out', async () => {
    const { guardians, sessions, links } = people.room;
    const { session, id, secret, teen } = await people.family();
    const stranger = await people.family();
    await expect(guardians.summary(session, stranger.id, 7)).rejects.toMatchObject({ code: 'guardian_link_not_found' });
    const { code, id: second } = await invite(newName());
    expect((await guardians.accept({ token: code, name: 'Maman' }, session)).secret).toBeNull();
    expect((await guardians.teens(session)).map((one) => one.id)).toEqual([id, second]);
    // Lost: the platform gives out a new address, which brings back this link alone.
    const again = await links.reissue(people.tenant, teen, id, 'test');
    const back = await guardians.accept({ token: again.code }, null);
    expect(back.link).toMatchObject({ id, state: 'active', number: null });
    const returned = await sessions.authenticate(`Bearer ${back.secret}`);
    expect((await guardians.teens(returned)).map((one) => one.id)).toEqual([id]);
    const rows = JSON.stringify([
      await people.gate.core.database.guardianSession.findMany(),
      await people.gate.core.database.guardianToken.findMany(),
      await people.gate.core.database.guardianLinkRow.findMany(),
    ]);
    for (const hidden of [secret, again.code, 'Maman']) expect(rows).not.toContain(hidden);
    await sessions.revoke(returned);
    await expect(sessions.authenticate(`Bearer ${back.secret}`)).rejects.toMatchObject({ kind: 'unauthorized' });
    setClock(new Date(Date.now() + 20 * DAY_MS));
    await sessions.authenticate(`Bearer ${secret}`);
    setClock(new Date(Date.now() + 49 * DAY_MS));
    await sessions.authenticate(`Bearer ${secret}`);
    setClock(new Date(Date.now() + 80 * DAY_MS));
    await expect(sessions.authenticate(`Bearer ${secret}`)).rejects.toMatchObject({ code: 'guardian_session_invalid' });
  });

  it('every step is on the audit record', async () => {
    const { id, session } = await people.family();
    await people.room.guardians.end(session, id);
    const events = await people.gate.core.database.auditEvent.findMany({
      where: { subject: id },
      orderBy: { id: 'asc' },
    });
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
    const { teen, session, id } = await people.family({ remix: false });
    const words = promptThat('hold');
    const held = await people.ask(teen, {}, { prompt: words });
    await people.ask(teen, {}, { prompt: promptThat('refuse') }).catch(() => undefined);
    await people.ask(teen, { parent: held }).catch(() => undefined);
    const summary = await people.room.guardians.summary(session, id, 3);
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
    const { teen, session, id } = await people.family();
    const { guardians } = people.room;
    const signal = (category: 'sexual_minors' | 'self_harm') => ({ ...synthetic(0.95), category });
    const reference = (category: 'sexual_minors' | 'self_harm') => ({
      reference: { sha256: '0'.repeat(64), signals: [signal(category)], faces: NO_FACES },
    });
    for (const category of ['sexual_minors', 'self_harm'] as const)
      await expect(people.ask(teen, reference(category))).rejects.toMatchObject({ code: 'moderation_blocked' });
    const kinds = async () => (await guardians.alerts(session, id)).map(({ kind, count }) => `${kind} ${count}`);
    expect(await kinds()).toEqual(['self_harm 1', 'child_safety 1']);
    const clip = await people.ask(teen, { injected: [{ ...signal('self_harm'), source: 'frames' }] });
    expect((await people.gate.drive(clip.id)).state).toBe('refused');
    expect(await kinds()).toEqual(['self_harm 2', 'child_safety 1']);
    const [first] = await guardians.alerts(session, id);
    expect((await guardians.seen(session, first!.id)).seen_at).not.toBeNull();
    const other = await people.family();
    await expect(guardians.seen(other.session, first!.id)).rejects.toMatchObject({ code: 'alert_not_found' });
  });
});
