import { newId, newReleaseId, type Clock } from '#kernel';
import { CaseLimits, type Measure, type Restored } from '#contracts';
import { isChildSafety } from '#engines/policy';
import { forgetFingerprint } from '#domain/hash-banks';
import { refundCredits } from '#platform/auth';
import { json, Prisma, type Clip, type Database, type Transaction } from '#platform/database';
import type { BlobStore } from '#platform/storage';
import { ClipError } from './errors.js';
import type { GateMoves } from './moves.js';
import type { Policies } from './policies.js';
import { readDecisions, type ReviewRecord } from './records.js';
import type { SettledReview } from './review.js';

/** What a restriction that falls comes to for its clip. */
export interface Restoration {
  restored: Exclude<Restored, 'account'>;
  /** The clip that goes on: the same one, or the one that takes its place. */
  clip: Clip;
}

/** What a restoration is tied to. */
export interface RestoreTies {
  /** Everybody who examined it; two of them may release what one may not. */
  readers: readonly string[];
  /** Further writes of the same fate, after the move. */
  within: (tx: Transaction, restoration: Restoration) => Promise<void>;
}

/** The columns of a withdrawn clip that its second life keeps: what it was asked for, made from, and found to be. */
const KEPT = [
  ...(['tenantId', 'makerId', 'model', 'engine', 'prompt', 'effectivePrompt', 'seconds', 'size', 'seed'] as const),
  ...(['audience', 'remixedFrom', 'derivation', 'referenceSha256', 'sourceSha256', 'stillsSha256'] as const),
  ...(['priority', 'correlationId'] as const),
] satisfies (keyof Clip)[];

/** Undoes refusals, withdrawals and limits that were overturned. Only here does a refused clip leave its state. */
export class Restorations {
  constructor(
    private readonly database: Database,
    private readonly moves: GateMoves,
    private readonly blobs: Pick<BlobStore, 'stat'>,
    private readonly policies: Pick<Policies, 'of' | 'now'>,
    private readonly clock: Clock,
  ) {}

  /**
   * Lets a clip go on as if it had not been stopped: a refused request is made, a refused clip goes on to its marks, a withdrawn one
   * is released anew under a new id, because the public log says of the old release that it ended. What it cost stays given back.
   * What the refusal taught the lists of known pictures is forgotten.
   * @param measure what is undone
   * @throws ClipError `second_reviewer_required`; StaleClipError when the clip moved meanwhile
   */
  async restore(
    { clip, measure }: { clip: Clip; measure: Exclude<Measure, 'suspend' | 'ban'> },
    review: SettledReview,
    actor: string,
    ties: RestoreTies,
  ): Promise<void> {
    await this.assertReaders(clip, ties.readers);
    if (measure === 'limit') return this.unlimit(clip, review, ties.within);
    const within = async (tx: Transaction, restoration: Restoration) => {
      await forgetFingerprint(tx, 'reupload', clip, actor);
      await ties.within(tx, restoration);
    };
    if (measure === 'refuse' && clip.state === 'refused') return this.refused(clip, review, actor, within);
    if (measure === 'withdraw' && clip.state === 'withdrawn') return this.withdrawn(clip, review, actor, within);
    return this.gone(clip, within);
  }

  private async refused(
    clip: Clip,
    review: SettledReview,
    actor: string,
    within: RestoreTies['within'],
  ): Promise<void> {
    const to = clip.heldAt === 'prompt' ? 'queued' : 'marking';
    const files = to === 'queued' ? [clip.referenceSha256] : [clip.sourceSha256];
    if ((to === 'marking' && !clip.sourceSha256) || !(await this.stored(files))) return this.gone(clip, within);
    await this.moves.apply(clip, {
      to,
      actor,
      note: `Released on appeal: ${review.category}.`,
      patch: {
        ...{ heldAt: null, errorCode: null, errorMessage: null, statementId: null, completedAt: null },
        ...this.outcomeOf(review, actor),
      },
      data: { outcome: review.outcome, category: review.category },
      within: async (tx) =>
        within(tx, { restored: to, clip: await tx.clip.findUniqueOrThrow({ where: { id: clip.id } }) }),
    });
  }

  private async withdrawn(clip: Clip, review: SettledReview, actor: string, within: RestoreTies['within']) {
    if (!clip.sourceSha256 || !(await this.stored([clip.sourceSha256, clip.referenceSha256])))
      return this.gone(clip, within);
    await this.database.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT 1 FROM clips WHERE id = ${clip.id} FOR UPDATE`;
      const now = await tx.clip.findUniqueOrThrow({ where: { id: clip.id } });
      // Deleted in this moment, or its time to be kept is over.
      if (now.state !== 'withdrawn' || !now.sourceSha256) return within(tx, { restored: 'gone', clip: now });
      const data: Prisma.ClipUncheckedCreateInput = {
        ...(Object.fromEntries(KEPT.map((column) => [column, clip[column]])) as Pick<Clip, (typeof KEPT)[number]>),
        id: newId('video'),
        state: 'marking',
        releaseId: newReleaseId(),
        progress: 100,
        decisions: json(clip.decisions),
        injected: json(clip.injected),
        ...(clip.inspection !== null && { inspection: json(clip.inspection) }),
        ...(this.outcomeOf(review, actor) as Pick<Prisma.ClipUncheckedCreateInput, 'review' | 'limits'>),
      };
      const facts = { outcome: review.outcome, category: review.category, restores: clip.id };
      await within(tx, { restored: 'remade', clip: await this.moves.create(tx, data, actor, facts) });
    });
  }

  private async gone(clip: Clip, within: RestoreTies['within']): Promise<void> {
    await this.database.$transaction(async (tx) => {
      await refundCredits(tx, clip.id);
      await within(tx, { restored: 'gone', clip });
    });
  }

  /** The clip is out, or on its way: only its limits fall. */
  private async unlimit(clip: Clip, review: SettledReview, within: RestoreTies['within']): Promise<void> {
    const limits = review.outcome === 'release_limited' ? json(CaseLimits.parse(review.limits)) : Prisma.DbNull;
    await this.database.$transaction(async (tx) => {
      await tx.clip.update({ where: { id: clip.id }, data: { limits } });
      await within(tx, { restored: 'unlimited', clip: await tx.clip.findUniqueOrThrow({ where: { id: clip.id } }) });
    });
  }

  private outcomeOf(review: SettledReview, reviewer: string) {
    const { outcome, category, reason, limits } = review;
    const record: ReviewRecord = { outcome, category, reason, reviewer, at: this.clock.now().toISOString() };
    return {
      review: json(record),
      ...(outcome === 'release_limited' && { limits: json(CaseLimits.parse(limits)) }),
    };
  }

  private async stored(files: readonly (string | null)[]): Promise<boolean> {
    for (const sha256 of files) if (sha256 && !(await this.blobs.stat(sha256))) return false;
    return true;
  }

  private async assertReaders(clip: Clip, readers: readonly string[]): Promise<void> {
    const last = readDecisions(clip.decisions).at(-1)?.decision;
    if (!last || new Set(readers).size > 1) return;
    const texts = [await this.policies.of(last), await this.policies.now()];
    if (!texts.some((policy) => isChildSafety(policy, last))) return;
    throw new ClipError(
      'forbidden',
      'second_reviewer_required',
      'This category concerns children: one reviewer cannot release it alone.',
    );
  }
}
