import { sha256Hex, sleep } from '#kernel';
import { loadPolicy } from '#engines/policy';
import type { Clip } from '#platform/database';
import { FOLLOWED_MS } from '../support/policies.js';
import { DEFAULT_POLICY } from '../support/policy-signals.js';
import { ReviewHarness, staff } from '../support/review.js';

const [anna, ben] = [staff('anna'), staff('ben')];
const boss = staff('boss', ['senior']);
const first = loadPolicy(DEFAULT_POLICY).ref;

let review: ReviewHarness;
let number = 0;
beforeAll(async () => (review = await ReviewHarness.open()), 60_000);
afterAll(() => review?.close());
afterEach(() => goesLive(DEFAULT_POLICY));

/** As another process publishes: this one is told nothing. */
async function goesLive(yaml: string): Promise<void> {
  const { id: policyId, version } = loadPolicy(yaml).ref;
  const sha256 = sha256Hex(yaml);
  await review.db.policyVersion.createMany({ data: [{ sha256, policyId, version, yaml }], skipDuplicates: true });
  await review.db.policyPointer.update({ where: { name: 'live' }, data: { sha256 } });
  await sleep(FOLLOWED_MS);
}

/** The policy with other words for how to appeal, and what else is changed. */
function later(...[from, to]: [] | [RegExp, string]): string {
  const text = DEFAULT_POLICY.replace(/^version: .*$/m, `version: 9.0.${++number}`).replace(
    'Appeal: you can contest',
    'Appeal differently: you can contest',
  );
  return from ? text.replace(from, to!) : text;
}

const statementOf = async ({ id }: Clip) => {
  const { statementId } = await review.gate.clip(id);
  return review.db.statement.findUniqueOrThrow({ where: { id: statementId! } });
};

it('statements of what was decided before are worded by the text that decided', async () => {
  const refused = await review.held();
  const limited = await review.held();
  const suspended = await review.held('sexual', 0.6, 'mia');
  await review.settle(anna, suspended.row.id, { outcome: 'refuse' });
  await goesLive(later());
  // This process has seen the new one.
  expect((await review.gate.policies.now()).ref.version).not.toBe(first.version);
  await review.settle(anna, refused.row.id, { outcome: 'refuse' });
  const limits = { label: 'A drawing', age_gate: null, no_remix: true };
  await review.settle(anna, limited.row.id, { outcome: 'release_limited', limits });
  const { makerId } = await review.gate.clip(suspended.clip.id);
  const until = new Date(review.clock.now().getTime() + 86_400_000).toISOString();
  const body = { kind: 'suspend' as const, reason: 'Again.', category: 'sexual' as const, until };
  await review.notices.accounts.act(boss, makerId!, body);
  const account = await review.db.statement.findFirstOrThrow({ where: { decision: 'suspend' } });
  for (const stated of [await statementOf(refused.clip), await statementOf(limited.clip), account]) {
    expect(stated.policyVersion).toBe(first.version);
    expect(stated.textEn).toContain('Appeal: you can contest');
  }
});

it('a category that became severe meanwhile is read by two, also where no decision was taken since', async () => {
  const { row } = await review.held();
  const word = { outcome: 'refuse', category: 'harassment', reason: 'It mocks her.' } as const;
  const decision = await review.decide(anna, row.id, word);
  await goesLive(later(/(harassment:\n {4}severity: )3/, '$14'));
  await review.leave(decision);
  expect(await review.row(row.id)).toMatchObject({ state: 'open', stage: 'second', needs: 2 });
  await review.settle(ben, row.id, word);
  expect(await review.row(row.id)).toMatchObject({ state: 'closed', closedAs: 'refuse' });
});

it('what became a matter of child safety meanwhile is released by two, and no decision is stuck', async () => {
  const { clip, row } = await review.held('harassment');
  const decision = await review.decide(anna, row.id, { outcome: 'release', category: 'other' });
  await goesLive(later(/(harassment:\n {4}severity: 3\n)/, '$1    child_safety: true\n'));
  await review.leave(decision);
  expect((await review.gate.clip(clip.id)).state).toBe('held');
  expect(await review.row(row.id)).toMatchObject({ state: 'open', stage: 'second' });
  await review.settle(ben, row.id, { outcome: 'release', category: 'other' });
  expect((await review.gate.clip(clip.id)).state).toBe('queued');
});
