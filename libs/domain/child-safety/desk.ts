import { Category, Inspection, type EvidenceFileName, type SafetyStage, type Signal } from '#contracts';
import {
  filesOf,
  holdFiles,
  NO_FILES,
  readDecisions,
  ReviewRecord,
  SEALED_WORDS,
  type DecisionRecord,
  type Policies,
  type SafetyDesk,
  type SafetyFinding,
} from '#domain/gate';
import { promiseWebhooks } from '#domain/webhooks';
import { childSafetyReasons, decide, type Policy } from '#engines/policy';
import { newId, type Clock } from '#kernel';
import { recordAudit } from '#platform/audit';
import { json, Prisma, type Clip, type Transaction } from '#platform/database';
import type { SubjectKeys } from '#platform/keys';
import { promiseJob } from '#platform/queue';
import { factsContext, type Facts } from './facts.js';

/** Files of a clip that are evidence; all others are made from these. */
const EVIDENCE = { source: 'sourceSha256', reference: 'referenceSha256', stills: 'stillsSha256' } as const;

/** Why a case is opened. */
interface Finding {
  stage: SafetyStage;
  rules: string[];
  synthetic: boolean;
  record: DecisionRecord | null;
  /** What a reviewer wrote, where a reviewer opened it. */
  reviewed: string | null;
  released: Facts['released'];
  /** Who refused, as in the audit record. */
  actor: string;
}

/** Years that evidence is preserved (18 USC 2258A(h)): from the opening on, and again from the report on. */
export function oneYearAfter(date: Date): Date {
  const later = new Date(date);
  later.setUTCFullYear(later.getUTCFullYear() + 1);
  return later;
}

/** Opens a case for every refusal that concerns the safety of children, in the transaction of the refusal. */
export class CaseDesk implements SafetyDesk {
  constructor(
    private readonly policies: Pick<Policies, 'current' | 'of'>,
    private readonly keys: SubjectKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * From the commit on nothing of the clip is within reach of the usual routes: its row names no files and no words.
   * The files themselves are sealed by a job, which a crash delays and never loses.
   */
  async refused(tx: Transaction, clip: Clip): Promise<void> {
    const finding = await this.find(tx, clip);
    if (finding) await this.open(tx, clip, finding);
  }

  async found(tx: Transaction, clip: Clip, { category, reason, by }: SafetyFinding): Promise<void> {
    const record = readDecisions(clip.decisions).at(-1) ?? null;
    const policy = await this.policyOf(tx, record);
    if (clip.sealedAt || !policy.taxonomy[category].childSafety) return;
    const rules = [`review.${category}`];
    const out = await tx.release.findUnique({ where: { clipId: clip.id } });
    const released = out && { sha256: out.assetSha256, at: out.releasedAt.toISOString() };
    const stage = released ? 'release' : 'review';
    await this.open(tx, clip, { stage, rules, synthetic: false, record, reviewed: reason, released, actor: by });
  }

  /** Its rules are those of the text that decided, whatever came into force since. */
  private async policyOf(tx: Transaction, record: DecisionRecord | null): Promise<Policy> {
    return record ? this.policies.of(record.decision, tx) : this.policies.current;
  }

  private async open(tx: Transaction, clip: Clip, finding: Finding): Promise<void> {
    const id = newId('chi');
    const now = this.clock.now();
    const { tenantId, id: clipId } = clip;
    await tx.safetyCase.create({
      data: {
        ...{ id, tenantId, clipId, stage: finding.stage, rules: finding.rules, synthetic: finding.synthetic },
        factsSealed: await this.seal(tx, id, clip, finding),
        openedAt: now,
        preserveUntil: oneYearAfter(now),
      },
    });
    await this.takeFiles(tx, id, clip);
    const words = { prompt: SEALED_WORDS, effectivePrompt: SEALED_WORDS };
    await tx.clip.update({
      where: { id: clipId },
      data: { ...NO_FILES, ...words, ...withoutWords(clip), inspection: Prisma.DbNull, sealedAt: now },
    });
    const data = { clip: clipId, stage: finding.stage, rules: finding.rules, synthetic: finding.synthetic };
    await recordAudit(tx, {
      tenantId,
      actor: finding.actor,
      action: 'child_safety.opened',
      subject: id,
      toState: 'open',
      data,
    });
    await promiseJob(tx, { job: 'child_safety.seal', payload: { caseId: id }, dedupeKey: `${id}-seal` });
    await promiseWebhooks(tx, tenantId, 'child_safety.case', id, now);
  }

  private async find(tx: Transaction, clip: Clip): Promise<Finding | null> {
    const record = readDecisions(clip.decisions).at(-1) ?? null;
    const policy = await this.policyOf(tx, record);
    const review = clip.review ? ReviewRecord.parse(clip.review) : null;
    if (review?.outcome === 'refuse' && policy.taxonomy[Category.parse(review.category)].childSafety) {
      const rules = [`review.${review.category}`];
      const { reason: reviewed, reviewer: actor } = review;
      return { stage: 'review', rules, synthetic: false, record, reviewed, released: null, actor };
    }
    if (record?.decision.outcome !== 'refuse') return null;
    const reasons = childSafetyReasons(policy, record.decision);
    if (reasons.length === 0) return null;
    const rules = [...new Set(reasons.map(({ rule }) => rule))];
    const actor = `policy:${policy.ref.id}@${policy.ref.version}`;
    const synthetic = isRehearsal(policy, record);
    const { stage } = record.decision;
    return { stage, rules, synthetic, record, reviewed: review?.reason ?? null, released: null, actor };
  }

  private async seal(
    tx: Transaction,
    id: string,
    clip: Clip,
    { record, reviewed, released }: Finding,
  ): Promise<string> {
    const maker = clip.makerId ? await tx.maker.findUnique({ where: { id: clip.makerId } }) : null;
    const facts: Facts = {
      prompt: clip.prompt,
      effectivePrompt: clip.effectivePrompt,
      maker: maker?.externalId ?? null,
      model: clip.model,
      requestedAt: clip.createdAt.toISOString(),
      record,
      reviewed,
      released,
      inspection: clip.inspection ? Inspection.parse(clip.inspection) : null,
    };
    // A key whose case is never written opens nothing.
    const key = await this.keys.create(id);
    return key.seal(JSON.stringify(facts), factsContext(id));
  }

  private async takeFiles(tx: Transaction, caseId: string, clip: Clip): Promise<void> {
    const kept = (Object.keys(EVIDENCE) as EvidenceFileName[]).flatMap((name) => {
      const sha256 = clip[EVIDENCE[name]];
      return sha256 ? [{ caseId, name: name, sha256 }] : [];
    });
    const derived = filesOf(clip, false)
      .filter((sha256) => !kept.some((one) => one.sha256 === sha256))
      .map((sha256) => ({ caseId, name: 'derived', sha256 }));
    const files = [...kept, ...derived];
    await tx.safetyFile.createMany({ data: files, skipDuplicates: true });
    await holdFiles(
      tx,
      caseId,
      files.map(({ sha256 }) => sha256),
    );
  }
}

/** What was decided stays in the clip's row; what was seen, and what a person wrote, is in the case only. */
function withoutWords(clip: Clip) {
  const bare = (signal: Signal): Signal => ({
    ...signal,
    ...(signal.reason !== undefined && { reason: SEALED_WORDS }),
  });
  const decisions = readDecisions(clip.decisions).map((one) => ({
    ...one,
    signals: one.signals.map(bare),
    ...(one.asked && { asked: one.asked.map(bare) }),
  }));
  const review = clip.review && { ...ReviewRecord.parse(clip.review), reason: SEALED_WORDS };
  return { decisions: json(decisions), ...(review && { review: json(review) }) };
}

/** True when nothing is left of it without the signals that were injected: no injected one can hide a real one. */
function isRehearsal(policy: Policy, { decision: { stage, audience }, signals, asked }: DecisionRecord): boolean {
  const real = signals.filter(({ synthetic }) => !synthetic);
  if (real.length === signals.length) return false;
  const again = decide(policy, { stage, audience, signals: real, ...(asked && { asked }) });
  return childSafetyReasons(policy, again).length === 0;
}
