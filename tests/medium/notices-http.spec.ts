import { AppealList, DSA_COLUMNS, MakerList, StatementList } from '#contracts';
import { ApiKeys } from '#platform/auth';
import { ask, openDesk, type Desk } from '../support/staff.js';

const VIDEO = `video_${'1'.repeat(32)}`;
let desk: Desk;
let key: { authorization: string };

beforeAll(async () => {
  desk = await openDesk({ REPORTS_PER_MINUTE: '6' });
  const { database, clock } = desk.core;
  const keys = new ApiKeys(database, clock);
  const tenantId = await keys.createTenant('one');
  const made = await keys.create(tenantId, 'flagger', ['videos:read', 'videos:write'], 'test', {
    trustedFlagger: true,
  });
  key = { authorization: `Bearer ${made.key}` };
  await database.maker.create({ data: { id: 'mak_1', tenantId, externalId: 'mia' } });
  await database.clip.create({
    data: {
      ...{ id: VIDEO, tenantId, makerId: 'mak_1', state: 'withdrawn', model: 'm', engine: 'e', prompt: 'A fox' },
      ...{ effectivePrompt: 'A fox', seconds: 4, size: '1280x720', seed: 's', audience: 'adult' },
      ...{ releaseId: '0123456789abcdef' },
    },
  });
  await database.statement.create({
    data: {
      ...{
        id: 'sor_1',
        clipId: VIDEO,
        tenantId,
        makerId: 'mak_1',
        decision: 'withdraw',
        automated: false,
        severity: 3,
      },
      ...{ categories: ['violence'], policyId: 'default', policyVersion: '1' },
      textEn:
        'Decision: withdrawn.\nGround: Rules (default, version 1). "Violence", as said.\nFacts: It is, in short, violent.',
      textFr: 'Décision : retrait.',
    },
  });
}, 60_000);
afterAll(() => desk?.close());

const report = { clip: VIDEO, category: 'violence', reason: 'It frightens me.' };

describe('reports', () => {
  it('come with a key, or from anybody as often as an address may', async () => {
    const send = (body: object, headers = {}) => ask(`${desk.url}/v1/reports`, 'POST', body, headers);
    expect(await send(report, key)).toMatchObject({ status: 409, body: { error: { code: 'release_ended' } } });
    const bad = { authorization: 'Bearer imp_wrong' };
    expect(await send(report, bad)).toMatchObject({ status: 401, body: { error: { code: 'invalid_api_key' } } });
    expect(await send({ ...report, kind: 'ncii' })).toMatchObject({ status: 400 });
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await send({ ...report, clip: 'video_of_nobody' })).status);
    expect(statuses).toEqual([404, 404, 404, 404, 404, 429]);
  });

  it('that nobody filed are not found', async () => {
    const answer = await ask(`${desk.url}/v1/reports/rep_1`, 'GET', undefined, key);
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'report_not_found' } } });
  });
});

it('appeals need a key, and are answered with where they stand', async () => {
  const send = (body: object, headers = {}) => ask(`${desk.url}/v1/appeals`, 'POST', body, headers);
  const body = { statement_id: 'sor_1', reason: 'It is a fox.', user: 'mia' };
  expect(await send(body)).toMatchObject({ status: 401 });
  const sent = await send(body, key);
  expect(sent).toMatchObject({ status: 200, body: { object: 'appeal', state: 'open', statement_id: 'sor_1' } });
  expect(await send(body, key)).toMatchObject({ status: 409, body: { error: { code: 'already_appealed' } } });
  const read = await ask(`${desk.url}/v1/appeals/${sent.body.id as string}`, 'GET', undefined, key);
  expect(read).toMatchObject({ status: 200, body: { id: sent.body.id } });
});

it('the desk reads statements, appeals and makers; statements as a file too, also those of before', async () => {
  const eve = await desk.signedIn(['senior']);
  const statements = StatementList.parse((await eve.call('GET', '/v1/desk/statements')).body);
  expect(statements.data).toMatchObject([
    { id: 'sor_1', maker: 'mia', dsa: { category: 'STATEMENT_CATEGORY_VIOLENCE', puid: 'sor_1' } },
  ]);
  expect(AppealList.parse((await eve.call('GET', '/v1/desk/appeals')).body).data).toMatchObject([
    { said: 'It is a fox.' },
  ]);
  expect(MakerList.parse((await eve.call('GET', '/v1/desk/makers')).body).data).toMatchObject([
    { name: 'mia', points: 1 },
  ]);
  const acted = await eve.call('POST', '/v1/desk/makers/mak_1/actions', { kind: 'warn', reason: 'Mind the rules.' });
  expect(acted).toMatchObject({ status: 200, body: { actions: [{ kind: 'warn', active: false }], standing: 'open' } });
  const file = await fetch(`${desk.url}/v1/desk/statements.csv?from=2020-01-01`, { headers: { cookie: eve.cookie } });
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  const [header, line, end] = (await file.text()).split('\r\n');
  expect([header, end]).toEqual([DSA_COLUMNS.join(','), '']);
  expect(line).toContain('"""Violence"", as said."');
  expect(await ask(`${desk.url}/v1/makers/mia/standing`, 'GET', undefined, key)).toMatchObject({
    body: { standing: 'open', actions: [{ kind: 'warn', by: 'staff' }] },
  });
});
