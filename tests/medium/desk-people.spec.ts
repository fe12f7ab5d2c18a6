import type { CaseView, DeskPerson, DeskProtectedDetail, DeskSafetyCase, DeskUseList, Evidence } from '#contracts';
import { FILM, PeopleWorld } from '../support/desk-people.js';
import { openDesk, type Answer, type Desk, type Person } from '../support/staff.js';

let desk: Desk;
let world: PeopleWorld;
let kim: Person;
let ours: string;
let theirs: string;

const CASES = '/v1/desk/child-safety/cases';
const code = ({ status, body }: Answer) => [status, body.error?.code];
const events = async (subject: string) =>
  (await desk.core.database.auditEvent.findMany({ where: { subject }, orderBy: { id: 'asc' } })).map(
    ({ actor, action, data }) => ({ actor, action, data: data as Record<string, unknown> }),
  );
/** The bytes of a route, as a browser gets them. */
async function bytes(person: Person, path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${desk.url}${path}`, { headers: { cookie: person.cookie, ...headers } });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}

beforeAll(async () => {
  desk = await openDesk();
  world = new PeopleWorld(desk);
  kim = await desk.signedIn(['child_safety']);
  ours = await world.tenant('Ours');
  theirs = await world.tenant('Theirs');
}, 60_000);

afterAll(() => desk?.close());

describe('child safety', () => {
  let id: string;

  beforeAll(async () => {
    id = await world.safetyCase(ours, { prompt: 'A grey stone, sealed' });
  });

  it('is for that role alone, in the tenants that a person is limited to', async () => {
    for (const roles of [['reviewer', 'senior'], ['admin'], ['auditor', 'policy']] as const) {
      const other = await desk.signedIn([...roles]);
      for (const path of [CASES, `${CASES}/${id}`, `${CASES}/${id}/evidence`, `${CASES}/${id}/report`])
        expect(code(await other.call('GET', path))).toEqual([403, 'not_allowed']);
    }
    const elsewhere = await desk.signedIn(['child_safety'], { tenants: [theirs] });
    expect((await elsewhere.call('GET', CASES)).body.data).toEqual([]);
    for (const [method, path, body] of [
      ['GET', `${CASES}/${id}`, undefined],
      ['POST', `${CASES}/${id}/open`, { reason: 'Why not.' }],
      ['POST', `${CASES}/${id}/decision`, { outcome: 'dismiss', reason: 'Why not.' }],
      ['POST', `${CASES}/${id}/send`, {}],
    ] as const)
      expect(code(await elsewhere.call(method, path, body))).toEqual([404, 'case_not_found']);
    expect((await events(id)).map(({ action }) => action)).toEqual(['child_safety.opened']);
  });

  it('lists cases without a word of them, and shows nothing that is sealed', async () => {
    const { status, body } = await kim.call('GET', CASES);
    expect(status).toBe(200);
    expect(body).toMatchObject({ reporting: 'off', has_more: false });
    const [one] = body.data as DeskSafetyCase[];
    expect(one).toMatchObject({
      id,
      state: 'open',
      stage: 'review',
      tenant: { id: ours, name: 'Ours' },
      seal_open_until: null,
    });
    expect(JSON.stringify(body)).not.toContain('stone');
    for (const path of ['evidence', 'evidence/files/source', 'evidence/stills/still_1/blurred', 'report'])
      expect(code(await kim.call('GET', `${CASES}/${id}/${path}`))).toEqual([403, 'seal_closed']);
    expect((await events(id)).map(({ action }) => action)).toEqual(['child_safety.opened']);
  });

  it('opens the seal for one session, with a reason that is itself sealed', async () => {
    expect((await kim.call('POST', `${CASES}/${id}/open`, { reason: ' ' })).status).toBe(400);
    const { status, body } = await kim.call('POST', `${CASES}/${id}/open`, { reason: 'The first look of Ms Example.' });
    expect(status).toBe(200);
    const until = Date.parse((body as unknown as DeskSafetyCase).seal_open_until!) - Date.now();
    expect(until / 60_000).toBeGreaterThan(29);
    expect(until / 60_000).toBeLessThanOrEqual(30);
    const opened = (await events(id)).at(-1)!;
    expect(opened).toMatchObject({ action: 'child_safety.seal_opened', actor: `staff:${kim.id}` });
    expect(JSON.stringify(opened)).not.toContain('Example');
    // Not for a session of hers at another place, nor for a colleague.
    for (const other of [await desk.again(kim.id), await desk.signedIn(['child_safety'])])
      expect(code(await other.call('GET', `${CASES}/${id}/evidence`))).toEqual([403, 'seal_closed']);
  });

  it('puts each look on record, with the opening that it belongs to', async () => {
    const evidence = (await kim.call('GET', `${CASES}/${id}/evidence`)).body as unknown as Evidence;
    expect(evidence).toMatchObject({ prompt: 'A grey stone, sealed' });
    expect(evidence.files.map(({ name }) => name)).toEqual(['source', 'stills']);
    const [still] = evidence.inspection!.stills;
    const at = `${CASES}/${id}/evidence`;
    expect(await bytes(kim, `${at}/stills/${still!.id}/blurred`)).toMatchObject({
      type: 'image/webp',
      text: 'still_1 blurred',
    });
    expect(await bytes(kim, `${at}/stills/${still!.id}/clear`)).toMatchObject({ text: 'still_1 clear' });
    expect(await bytes(kim, `${at}/files/source`)).toMatchObject({
      status: 200,
      type: 'video/mp4',
      text: FILM.toString(),
    });
    expect(await bytes(kim, `${at}/files/source`, { range: 'bytes=2-5' })).toMatchObject({ status: 206, text: 'film' });
    expect((await bytes(kim, `${at}/files/source`, { range: 'bytes=900-' })).status).toBe(416);
    expect((await bytes(kim, `${CASES}/${id}/report`)).text).toContain('A grey stone, sealed');
    const all = await events(id);
    const opening = all.find(({ action }) => action === 'child_safety.seal_opened')!.data.opening;
    const looks = all.filter(({ action }) => action === 'child_safety.viewed');
    expect(looks.map(({ data }) => [data.what, data.view])).toEqual([
      ['facts', undefined],
      ['stills', 'blurred'],
      ['stills', 'clear'],
      // A player asks for many parts: one look a minute.
      ['source', undefined],
      ['report', undefined],
    ]);
    expect(looks.every(({ actor, data }) => actor === `staff:${kim.id}` && data.opening === opening)).toBe(true);
  });

  it('is decided, preserved for longer and sent by staff as by keys, under their names', async () => {
    const { database } = desk.core;
    const report = { outcome: 'report', class: 'B2', reason: 'A rehearsal.', watched_all: true };
    const fresh = await desk.signedIn(['child_safety']);
    expect(code(await fresh.call('POST', `${CASES}/${id}/decision`, report))).toEqual([409, 'not_watched']);
    const viewed = async () =>
      (await database.safetyFile.findFirstOrThrow({ where: { caseId: id, name: 'source' } })).viewedAt;
    expect(await viewed()).toBeNull();
    const decided = await kim.call('POST', `${CASES}/${id}/decision`, report);
    expect(decided.body).toMatchObject({ state: 'to_report', decision: { class: 'B2', by: `staff:${kim.id}` } });
    expect(await viewed()).not.toBeNull();
    const before = decided.body as unknown as DeskSafetyCase;
    const until = new Date(Date.parse(before.preserve_until) + 86_400_000).toISOString();
    const longer = await kim.call('POST', `${CASES}/${id}/preserve`, { until, reason: 'The court asked.' });
    expect(longer.body).toMatchObject({ preserve_until: until });
    expect(code(await kim.call('POST', `${CASES}/${id}/preserve`, { until, reason: 'Again.' }))).toEqual([
      400,
      'preservation_shorter',
    ]);
    expect(code(await kim.call('POST', `${CASES}/${id}/send`, {}))).toEqual([409, 'reporting_off']);
    const said = (await events(id)).filter(({ action }) => /decided|preserved/.test(action));
    expect(said.map(({ action, actor }) => [action, actor])).toEqual([
      ['child_safety.decided', `staff:${kim.id}`],
      ['child_safety.preserved', `staff:${kim.id}`],
    ]);
    await expect(database.safetyOpening.updateMany({ data: { until: new Date(0) } })).rejects.toThrow('append-only');
  });
});

describe('likeness', () => {
  it('shows staff who is enrolled and in which clips, in numbers, and the case about each', async () => {
    const anna = await desk.signedIn(['reviewer']);
    const clipId = await world.held(ours);
    const { id, grantId } = await world.person(ours, { handle: 'mo', clips: [clipId] });
    await world.parts.desk.cases.openMissing();
    const { body } = await anna.call('GET', '/v1/desk/likeness?q=@mo');
    expect((body.data as DeskPerson[])[0]).toMatchObject({
      ...{ id, object: 'desk.person', state: 'enrolled', handle: 'mo', user: 'mo', tenant: { name: 'Ours' } },
      ...{ grants: 1, uses: { total: 1, released: 0, held: 1 }, grant: { audience: 'everyone' } },
    });
    const uses = (await anna.call('GET', `/v1/desk/likeness/${id}/uses`)).body as unknown as DeskUseList;
    const row = await desk.core.database.reviewCase.findFirstOrThrow({ where: { clipId } });
    expect(uses.data).toMatchObject([{ clip_id: clipId, state: 'held', how: 'asked', case_id: row.id }]);
    // Who may see the person need not be one who may read the case.
    const cs = (await kim.call('GET', `/v1/desk/likeness/${id}/uses`)).body as unknown as DeskUseList;
    expect(cs.data).toMatchObject([{ clip_id: clipId, case_id: null }]);

    const view = async () => (await anna.call('GET', `/v1/desk/cases/${row.id}`)).body as unknown as CaseView;
    expect((await view()).likeness).toEqual([
      {
        ...{ id, name: '@mo', how: 'asked', state: 'enrolled' },
        grant: {
          ...{ id: grantId, audience: 'everyone', until: null, places: ['FR'] },
          limits: { no: ['violence', 'politics'], never: ['selling anything'] },
        },
      },
    ]);
    await desk.core.database.likenessGrant.update({ where: { id: grantId }, data: { endedAt: new Date() } });
    expect((await view()).likeness).toMatchObject([{ state: 'ended' }]);
  });

  it('is kept to the tenants of a person, and to those who may read it', async () => {
    const { id } = await world.person(ours, { user: 'ada' });
    const elsewhere = await desk.signedIn(['reviewer'], { tenants: [theirs] });
    expect((await elsewhere.call('GET', '/v1/desk/likeness')).body.data).toEqual([]);
    for (const path of [id, `${id}/uses`])
      expect(code(await elsewhere.call('GET', `/v1/desk/likeness/${path}`))).toEqual([404, 'character_not_found']);
    const policy = await desk.signedIn(['policy']);
    expect(code(await policy.call('GET', '/v1/desk/likeness'))).toEqual([403, 'not_allowed']);
  });
});

describe('the protected register', () => {
  const REGISTER = '/v1/desk/register';
  const approve = { outcome: 'approve', reason: 'The letter is real.' };

  it('is reviewed by two of the staff, neither of whom may do it twice', async () => {
    const id = await world.entry(ours, ['Orlanda Quistwick']);
    const eve = await desk.signedIn(['senior']);
    const sam = await desk.signedIn(['senior']);
    const waiting = (await eve.call('GET', `${REGISTER}?state=waiting`)).body;
    expect(waiting.data).toMatchObject([{ id, tenant: { name: 'Ours' }, mine: false, submitted_by: 'key:key_asker' }]);
    expect(JSON.stringify(waiting)).not.toContain('Quistwick');
    const detail = (await eve.call('GET', `${REGISTER}/${id}`)).body as unknown as DeskProtectedDetail;
    expect(detail).toMatchObject({ names: ['Orlanda Quistwick'], mine: false });
    const first = await eve.call('POST', `${REGISTER}/${id}/review`, approve);
    expect(first.body).toMatchObject({ state: 'first_approved', mine: true, reviews: [{ by: `staff:${eve.id}` }] });
    expect(code(await eve.call('POST', `${REGISTER}/${id}/review`, approve))).toEqual([
      403,
      'reviewer_not_independent',
    ]);
    expect((await sam.call('POST', `${REGISTER}/${id}/review`, approve)).body).toMatchObject({ state: 'active' });
    expect(code(await sam.call('POST', `${REGISTER}/${id}/review`, approve))).toEqual([409, 'entry_not_open']);
    expect(code(await eve.call('GET', `${REGISTER}/${id}/image`))).toEqual([404, 'image_not_found']);
    // Two people end it, as two people made it count.
    expect((await eve.call('DELETE', `${REGISTER}/${id}`)).body).toMatchObject({ end_asked_by: `staff:${eve.id}` });
    expect(code(await eve.call('DELETE', `${REGISTER}/${id}`))).toEqual([403, 'end_not_independent']);
    expect((await sam.call('DELETE', `${REGISTER}/${id}`)).body).toMatchObject({ state: 'ended' });
    expect((await events(id)).map(({ action, actor }) => [action, actor])).toEqual([
      ['register.submitted', 'key:key_asker'],
      ['register.viewed', `staff:${eve.id}`],
      ['register.reviewed', `staff:${eve.id}`],
      ['register.reviewed', `staff:${sam.id}`],
      ['register.end_asked', `staff:${eve.id}`],
      ['register.ended', `staff:${sam.id}`],
      ['register.erased', 'worker'],
    ]);
  });

  it('is read by auditors and changed by seniors, in their tenants', async () => {
    const id = await world.entry(ours, ['Bartolo Wexham']);
    const auditor = await desk.signedIn(['auditor']);
    expect((await auditor.call('GET', `${REGISTER}/${id}`)).status).toBe(200);
    for (const [method, path, body] of [
      ['POST', `${REGISTER}/${id}/review`, approve],
      ['DELETE', `${REGISTER}/${id}`, {}],
      ['GET', `${REGISTER}/${id}/image`, undefined],
    ] as const)
      expect(code(await auditor.call(method, path, body))).toEqual([403, 'not_allowed']);
    const reviewer = await desk.signedIn(['reviewer']);
    expect(code(await reviewer.call('GET', REGISTER))).toEqual([403, 'not_allowed']);
    const elsewhere = await desk.signedIn(['senior'], { tenants: [theirs] });
    expect((await elsewhere.call('GET', REGISTER)).body.data).toEqual([]);
    expect(code(await elsewhere.call('POST', `${REGISTER}/${id}/review`, approve))).toEqual([404, 'entry_not_found']);
  });
});
