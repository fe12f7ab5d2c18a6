import { statSync } from 'node:fs';
import OpenAI from 'openai';
import { Backtest, CaseList, PolicyVersionList, QualityView } from '#contracts';
import { CaseDesk } from '#domain/child-safety';
import { watchForGuardians } from '#domain/guardianship';
import { openNotices } from '#domain/notices';
import { openPolicies, PolicyBacktests } from '#domain/policies';
import { deskUpon, openReviewedGate } from '#domain/review';
import { loadPolicy } from '#engines/policy';
import { SCOPES } from '#contracts';
import { ApiKeys } from '#platform/auth';
import { accountsFile, accountsTable, openConsole, whyNot } from '../../tools/demo/desk/console.js';
import { isInUse, strangersIn, withDeployment, type Deployment } from '../../tools/demo/desk/deployment.js';
import type { DemoDesk, Stood } from '../../tools/demo/desk/desk.js';
import { clearHistory, REHEARSAL, rehearse } from '../../tools/demo/desk/history.js';
import { endPeople, PEOPLE, readAccounts } from '../../tools/demo/desk/people.js';
import { BORN, PROMPTS } from '../../tools/demo/desk/requests.js';
import { deskWords } from '../../tools/demo/desk/words.js';
import { NO_PROGRESS } from '../../tools/demo/progress.js';
import { Runner } from '../../tools/demo/run.js';
import { DEFAULT_POLICY } from '../support/policy-signals.js';
import { movableClock, openDesk, type Desk } from '../support/staff.js';
import { until } from '../support/service.js';

const words = deskWords('en');
const clock = movableClock();
let api: Desk;
let found: Deployment;
let client: OpenAI;
let key: string;
let desk: DemoDesk;
let stood: Stood[];
let working: ReturnType<typeof setInterval>;

const db = () => api.core.database;
const fill = () => openConsole(found, { config: api.core.config, url: api.url, client, words, lang: 'en', pace: 0 });

/** What a worker does of it: decisions leave, back-tests run. Nothing is drawn. */
async function startWorking(): Promise<void> {
  const { core } = api;
  const { database, blobs, keyring } = core;
  const { policies } = await openPolicies(core);
  const safety = new CaseDesk(policies, core.subjectKeys, core.clock);
  const gate = openReviewedGate(core, policies, { safety, watch: watchForGuardians });
  const { cases, moves, clips } = gate;
  const sealed = { safety, blobs, sealer: keyring.sealer };
  const notices = openNotices({ database, clock, cases, policies, moves, clips, ...sealed });
  const { settling } = deskUpon(core, policies, gate, { settlers: notices.settlers });
  const backtests = new PolicyBacktests(database, clock);
  const turn = async () => {
    const due = { state: 'pending', leavesAt: { lte: clock.now() } };
    for (const { id } of await database.reviewDecision.findMany({ where: due })) await settling.settle(id);
    for (const { id } of await database.policyBacktest.findMany({ where: { state: 'running' } }))
      await backtests.run(id);
  };
  working = setInterval(() => void turn().catch(() => undefined), 200);
}

beforeAll(async () => {
  api = await openDesk({}, { clock });
  const keys = new ApiKeys(db(), clock);
  const tenantId = await keys.createTenant('default');
  ({ key } = await keys.create(tenantId, 'first key', [...SCOPES], 'operator'));
  client = new OpenAI({ baseURL: `${api.url}/v1`, apiKey: key, maxRetries: 0 });
  found = { database: db(), tenantId };
}, 60_000);

afterAll(async () => {
  clearInterval(working);
  await api?.close();
});

it('finds its database by the key, and does without one that knows another', async () => {
  const tenantOf = (some: string) => withDeployment(api.core.config, some, async (there) => there && there.tenantId);
  expect(await tenantOf(key)).toBe(found.tenantId);
  expect(await tenantOf('imp_unknown')).toBeNull();
  expect(await whyNot(null, 'https://elsewhere.example', words)).toMatch(/elsewhere\.example cannot be seen.*--here/);
});

it('made-up history can be told from what happened, row by row, and is the same for the same day', () => {
  const now = new Date('2026-11-27T12:00:00Z');
  const { clips, cases, decisions, golden } = rehearse(loadPolicy(DEFAULT_POLICY), now);
  expect([clips.length > 600, cases.length > 100, decisions.length >= cases.length, golden.length > 5]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  const all = [...clips, ...cases, ...decisions, ...golden];
  expect(new Set(all.map(({ tenantId }) => tenantId))).toEqual(new Set([REHEARSAL.tenantId]));
  expect(new Set(clips.map(({ state, engine }) => `${state} ${engine}`))).toEqual(new Set(['deleted rehearsal']));
  const measured = JSON.stringify(clips.map(({ decisions: records }) => records)).match(
    /"detector":"[^"]+"(?=,"category":"[^"]+","source")[^}]+/g,
  )!;
  const unmarked = measured.filter((one) => !/\.rehearsal"/.test(one) && !/"synthetic":true|"score":0,/.test(one));
  expect(unmarked).toEqual([]);
  expect(cases.every(({ title, closedAt }) => /made up/.test(title) && new Date(closedAt!) <= now)).toBe(true);
  expect(new Set(decisions.map(({ readerName }) => readerName.split(' ')[0]))).toEqual(new Set(['Rehearsal']));
  const again = rehearse(loadPolicy(DEFAULT_POLICY), now);
  expect(again.clips.map(({ decisions: records }) => records)).toEqual(clips.map(({ decisions: records }) => records));
});

it('makes accounts that only their user can read, with history, once', async () => {
  expect(isInUse(await strangersIn(found))).toBe(false);
  desk = (await fill())!;
  const file = accountsFile(api.core.config);
  const accounts = readAccounts(file)!;
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(accounts.people.map(({ part }) => part)).toEqual(PEOPLE.map(({ part }) => part));
  const shown = accountsTable(accounts, words);
  for (const { email, secret } of accounts.people) expect(shown).toMatch(new RegExp(`${email}.*\\d{6}.*${secret}`));
  expect(shown).toContain(accounts.password);
  expect(await fill()).toBeNull();
  expect(await db().clip.count({ where: { tenantId: REHEARSAL.tenantId } })).toBeGreaterThan(600);
  expect(isInUse(await strangersIn(found))).toBe(false);
}, 60_000);

it('fills every screen: cases of each kind, readings, golden items, a back-test', async () => {
  await startWorking();
  const runner = new Runner(client, NO_PROGRESS, { clip: {} as never, refusedPrompt: '' });
  await runner.introduceMakers(BORN);
  stood = [];
  for (const request of PROMPTS) stood.push({ request, clip: (await runner.follow(request, 0)).clip });
  expect(stood.map(({ clip }) => clip.state)).toEqual(PROMPTS.map(({ meant }) => meant));
  await desk.voices([], undefined, stood);
  await desk.readings(stood);
  clock.forward(11);
  const second = desk.afterwards(stood);
  await until(
    async () => (await db().reviewDecision.count({ where: { stage: 'second', state: 'pending' } })) > 0,
    20_000,
  );
  clock.forward(11);
  await second;
  await desk.policy();
  await until(async () => (await db().reviewDecision.count({ where: { state: 'pending' } })) === 0, 10_000);

  const boss = await api.signedIn(['senior', 'policy']);
  const get = async (path: string) => (await boss.call('GET', `/v1/desk/${path}`)).body;
  const { data: cases } = CaseList.parse(await get('cases?limit=100'));
  expect(new Set(cases.map(({ kind, stage }) => `${kind} ${stage}`))).toEqual(
    new Set(['hold first', 'hold second', 'appeal first']),
  );
  expect(new Set(cases.map(({ queue }) => queue.name))).toEqual(new Set(['General', 'Senior', words.queue]));
  expect(await desk.waiting()).toBe(cases.length);
  const quality = QualityView.parse(await get('quality?days=60'));
  expect(quality.agreement.pairs).toBeGreaterThan(20);
  expect(quality.reviewers.map(({ name }) => name)).toEqual(
    expect.arrayContaining([words.names.reviewer, 'Rehearsal A']),
  );
  const items = (await get('golden')).data as { retired_at: string | null }[];
  expect(items.filter(({ retired_at }) => retired_at === null)).toHaveLength(2);
  const draft = PolicyVersionList.parse(await get('policies')).data.find(({ state }) => state === 'draft')!;
  expect(draft).toMatchObject({ approvals: 1, approvals_needed: 2 });
  const { state, result } = Backtest.parse(await get(`policies/${draft.id}/backtest`));
  expect([state, result.changed > 0, result.unreadable]).toEqual(['done', true, 0]);
  const strikes = (await get('makers?q=demo-ben')).data as { points: number }[];
  expect(strikes[0]!.points).toBeGreaterThan(0);
}, 90_000);

it('is told to ask where others work', async () => {
  expect(await strangersIn(found)).toEqual({ tenants: 0, staff: 1, clips: 0 });
  expect(await whyNot(found, api.url, words)).toMatch(/in use: 0 other tenants, 1 members of staff.*--here/);
});

it('goes again: made-up rows, and everybody’s access', async () => {
  const kept = await endPeople(db());
  expect(kept).toEqual([`admin@demo.example`]);
  expect(await db().staff.count({ where: { email: { endsWith: '@demo.example' }, disabledAt: null } })).toBe(1);
  expect(await clearHistory(db())).toBeGreaterThan(600);
  const of = { where: { tenantId: REHEARSAL.tenantId } };
  const left = await Promise.all([
    ...[db().clip.count(of), db().reviewCase.count(of), db().reviewDecision.count(of), db().reviewGolden.count(of)],
    ...[db().maker.count(of), db().tenant.count({ where: { id: REHEARSAL.tenantId } })],
  ]);
  expect(left).toEqual([0, 0, 0, 0, 0, 0]);
  // What people really read stays, and stays protected.
  expect(await db().reviewDecision.count()).toBeGreaterThan(5);
  await expect(db().reviewDecision.deleteMany({})).rejects.toThrow(/append-only/);
  expect(await fill()).not.toBeNull();
  expect(await db().reviewQueue.count()).toBe(4);
});
