import type { PolicyVersionView } from '#contracts';
import { openDesk, type Desk, type Person } from '../support/staff.js';

let desk: Desk;
let author: Person;
let first: Person;
let second: Person;

beforeAll(async () => {
  desk = await openDesk();
  [author, first, second] = await Promise.all([
    desk.signedIn(['policy']),
    desk.signedIn(['policy']),
    desk.signedIn(['senior']),
  ]);
}, 60_000);
afterAll(() => desk?.close());

it('goes from a draft to being live and back, and every refusal says why', async () => {
  const versions = '/v1/desk/policies';
  const list = (await author.call('GET', versions)).body as unknown as { data: PolicyVersionView[]; source: string };
  expect(list).toMatchObject({ object: 'list', source: 'database', data: [{ state: 'live', origin: 'file' }] });
  const live = (await author.call('GET', `${versions}/${list.data[0]!.id}`)).body as unknown as PolicyVersionView;

  const bad = live.yaml.replace('severity: 3', 'severity: 9');
  const refused = await author.call('POST', versions, { yaml: bad, note: 'A slip of the pen' });
  expect(refused).toMatchObject({
    status: 400,
    body: { error: { code: 'policy_invalid', faults: [{ path: 'taxonomy.sexual.severity', column: 5 }] } },
  });

  const yaml = live.yaml
    .replace(/^version: .*$/m, 'version: 7.0.0')
    .replace('remote:\n        adult: { hold: 0.5', 'remote:\n        adult: { hold: 0.4');
  const { body: draft } = await author.call('POST', versions, { yaml, note: 'Remote findings hold earlier' });
  const one = `${versions}/${String(draft.id)}`;
  expect(draft).toMatchObject({
    state: 'draft',
    approvals: 0,
    approvals_needed: 2,
    based_on: live.id,
    based_on_live: true,
  });
  expect((await second.call('GET', `${one}/diff`)).body).toMatchObject({
    against: live.id,
    changes: [{ kind: 'threshold', family: 'remote', outcome: 'hold', from: 0.5, to: 0.4, effect: 'stricter' }],
    laxer_for_children: [],
  });

  const yes = { sha256: draft.sha256, note: 'Read and tried' };
  expect(await author.call('POST', `${one}/approve`, yes)).toMatchObject({ status: 403 });
  expect(await author.call('POST', `${one}/publish`, {})).toMatchObject({
    status: 409,
    body: { error: { code: 'policy_not_approved' } },
  });
  expect((await first.call('POST', `${one}/approve`, yes)).status).toBe(200);
  expect(await first.call('POST', `${one}/approve`, yes)).toMatchObject({
    status: 409,
    body: { error: { code: 'policy_approved_already' } },
  });
  expect((await second.call('POST', `${one}/approve`, yes)).body).toMatchObject({ approvals: 2 });

  const at = new Date(Date.now() + 3_600_000).toISOString();
  expect((await author.call('POST', `${one}/publish`, { at })).body).toMatchObject({
    state: 'scheduled',
    publish_at: at,
  });
  expect((await author.call('POST', `${one}/publish`, { at })).status).toBe(409);
  expect((await author.call('PUT', one, { yaml, edition: 0 })).status).toBe(409);
  expect((await author.call('POST', `${one}/publish`, {})).body).toMatchObject({
    state: 'live',
    rolls_back_to: live.id,
  });
  const health = (await (await fetch(`${desk.url}/healthz`)).json()) as { policy: { sha256: string } };
  expect(health.policy.sha256).toBe(draft.sha256);

  expect((await second.call('POST', `${one}/rollback`, { reason: 'not mine to do' })).status).toBe(403);
  const back = await author.call('POST', `${one}/rollback`, { reason: 'It holds too much.' });
  expect(back).toMatchObject({ status: 200, body: { state: 'rolled_back' } });
  expect((await author.call('POST', `${one}/rollback`, { reason: 'again' })).status).toBe(409);
  const said = await desk.core.database.auditEvent.findMany({
    where: { subject: String(draft.id) },
    orderBy: { id: 'asc' },
  });
  expect(said.map(({ action }) => action)).toEqual([
    ...['policy.drafted', 'policy.approved', 'policy.approved', 'policy.scheduled', 'policy.published'],
  ]);
  expect(await desk.core.database.auditEvent.findFirst({ where: { action: 'policy.rolled_back' } })).toMatchObject({
    subject: live.id,
    actor: `staff:${author.id}`,
    data: { before: draft.id, reason: 'It holds too much.' },
  });
});

it('refuses a back-test of a period without clips, and says when there was none', async () => {
  const { body } = await author.call('POST', '/v1/desk/policies', { note: 'To be tested' });
  const one = `/v1/desk/policies/${String(body.id)}`;
  const period = { from: '2020-01-01T00:00:00Z', to: '2020-02-01T00:00:00Z' };
  expect(await author.call('POST', `${one}/backtest`, period)).toMatchObject({
    status: 400,
    body: { error: { code: 'backtest_empty' } },
  });
  expect((await author.call('GET', `${one}/backtest`)).status).toBe(404);
  expect((await author.call('POST', `${one}/backtest`, { from: period.to, to: period.from })).status).toBe(400);
  expect((await author.call('POST', `${one}/shadow`, { on: true })).body).toMatchObject({ on: true, decisions: 0 });
  expect((await author.call('POST', `${one}/shadow`, { on: true })).status).toBe(409);
  expect((await author.call('POST', `${one}/discard`)).body).toMatchObject({ state: 'discarded', shadow: false });
});
