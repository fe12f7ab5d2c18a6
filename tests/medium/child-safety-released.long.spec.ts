import { jest } from '@jest/globals';
import { SafetyCases, sealCase } from '#domain/child-safety';
import type { CaseKind, Category } from '#contracts';
import { forgetFingerprint } from '#domain/hash-banks';
import type { Clip } from '#platform/database';
import { storeOf } from '../support/cases.js';
import { ReviewHarness, staff } from '../support/review.js';

const anna = staff('anna');
const ben = staff('ben');
const kim = staff('kim', ['child_safety']);
const lou = staff('lou', ['child_safety']);
const refuse = { outcome: 'refuse', category: 'sexual_minors', reason: 'Seen by a person.' } as const;

let review: ReviewHarness;
beforeAll(async () => (review = await ReviewHarness.open()), 60_000);
afterAll(() => review?.close());

const safetyCases = (clipId: string) => review.db.safetyCase.findMany({ where: { clipId }, include: { files: true } });

const about = (kind: CaseKind, clip: Clip, category: Category = 'sexual') =>
  review.db.$transaction((tx) => review.desk.cases.open(tx, { kind, clip, category }));

/** What two people who are trained for it make of it. */
async function bothRefuse(caseId: string): Promise<string> {
  await review.settle(kim, caseId, refuse);
  return review.decide(lou, caseId, refuse);
}

describe('a released clip that readers end for the safety of children', () => {
  let clip: Clip;
  let last: string;

  it('goes to those trained for it; until they refuse it, it stays and nothing is sealed', async () => {
    clip = await review.gate.drive((await review.gate.admit()).id);
    expect(clip.state).toBe('released');
    const caseId = await about('report', clip);
    await review.settle(anna, caseId, { ...refuse, outcome: 'child_safety' });
    expect(await review.row(caseId)).toMatchObject({ queueId: 'que_child_safety', state: 'open', needs: 2 });
    last = await bothRefuse(caseId);
    expect(await review.gate.clip(clip.id)).toMatchObject({ state: 'released', sealedAt: null });
    expect(await safetyCases(clip.id)).toEqual([]);
  });

  it('is not withdrawn at all when its evidence cannot be taken', async () => {
    const create = jest.spyOn(review.gate.core.subjectKeys, 'create').mockRejectedValue(new Error('no disk'));
    await expect(review.leave(last)).rejects.toThrow('no disk');
    create.mockRestore();
    expect(await review.gate.clip(clip.id)).toMatchObject({ state: 'released', sealedAt: null, statementId: null });
    expect(await review.db.reviewDecision.findUnique({ where: { id: last } })).toMatchObject({ state: 'pending' });
    expect(await review.db.withdrawal.count({ where: { clipId: clip.id } })).toBe(0);
  });

  it('is withdrawn with a statement, and its evidence is a case, in the same transaction', async () => {
    expect(await review.desk.settling.settle(last)).toBe(true);
    const now = await review.gate.clip(clip.id);
    expect(now).toMatchObject({
      ...{ state: 'withdrawn', prompt: '[sealed]', effectivePrompt: '[sealed]', inspection: null },
      ...{ sourceSha256: null, signedSha256: null, stillsSha256: null },
    });
    expect(now.statementId).not.toBeNull();
    const [row] = await safetyCases(clip.id);
    expect(row).toMatchObject({ state: 'open', stage: 'release', rules: ['review.sexual_minors'], synthetic: false });
    const opened = await review.db.auditEvent.findMany({ where: { subject: row!.id } });
    expect(opened.map(({ action, actor }) => [action, actor])).toEqual([['child_safety.opened', `staff:${lou.id}`]]);
    // No list of cases shows a word of it any more.
    const titles = await review.db.reviewCase.findMany({ where: { clipId: clip.id }, select: { title: true } });
    expect(new Set(titles.map(({ title }) => title))).toEqual(new Set(['[sealed]']));
  });

  it('keeps what was made as evidence, whatever the erasure of the withdrawn clip does', async () => {
    const [row] = await safetyCases(clip.id);
    const { core } = review.gate;
    await review.clips.erase(clip.id);
    expect(await core.blobs.has(clip.sourceSha256!)).toBe(true);
    await sealCase(storeOf(review.gate), row!.id);
    for (const sha256 of [clip.sourceSha256, clip.signedSha256, clip.stillsSha256])
      expect(await core.blobs.has(sha256!)).toBe(false);
    const [sealed] = await safetyCases(clip.id);
    expect(
      sealed!.files
        .filter(({ sealedSha256 }) => sealedSha256)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['source', 'stills']);
    const cases = new SafetyCases(storeOf(review.gate), 'off');
    const evidence = await cases.evidence({ tenantId: clip.tenantId, keyId: 'key_reader' }, row!.id);
    expect(evidence).toMatchObject({ prompt: clip.prompt, clip_id: clip.id });
    expect(evidence.files.map(({ sha256 }) => sha256)).toContain(clip.sourceSha256);
  });
});

it('an appeal in which they find it: the end stands, and the evidence is sealed then', async () => {
  const { clip, row } = await review.held();
  await review.settle(anna, row.id, { ...refuse, category: 'copyright' });
  const { statementId } = await review.gate.clip(clip.id);
  const caller = { tenantId: clip.tenantId, keyId: 'key_1' };
  await review.notices.appeals.create(caller, { statement_id: statementId!, reason: 'It is only a drawing.' });
  const appealed = await review.caseOf(clip);
  await review.settle(ben, appealed.id, { ...refuse, outcome: 'child_safety' });
  expect(await review.leave(await bothRefuse(appealed.id))).toBe(true);
  expect(await review.gate.clip(clip.id)).toMatchObject({
    state: 'refused',
    prompt: '[sealed]',
    referenceSha256: null,
  });
  expect(await safetyCases(clip.id)).toMatchObject([{ stage: 'review', rules: ['review.sexual_minors'] }]);
  const titles = await review.db.reviewCase.findMany({ where: { clipId: clip.id }, select: { title: true } });
  expect(new Set(titles.map(({ title }) => title))).toEqual(new Set(['[sealed]']));
});

it('a withdrawal for something else opens no case', async () => {
  // The clips of this engine are all the same: the last one's picture must not stop this one.
  const [row] = await review.db.safetyCase.findMany({ where: { stage: 'release' } });
  const ended = await review.gate.clip(row!.clipId);
  await review.db.$transaction((tx) => forgetFingerprint(tx, 'reupload', ended, 'test'));
  const clip = await review.gate.drive((await review.gate.admit()).id);
  await review.settle(anna, await about('sample', clip), { ...refuse, category: 'copyright' });
  expect(await review.gate.clip(clip.id)).toMatchObject({ state: 'withdrawn', sealedAt: null, prompt: clip.prompt });
  expect(await safetyCases(clip.id)).toEqual([]);
});
