import type { Clock } from '#kernel';
import { Inspection, type CaseLimits, type Category } from '#contracts';
import { rememberFingerprint } from '#domain/hash-banks';
import { isChildSafety } from '#engines/policy';
import { json, type Clip, type Database, type Transaction } from '#platform/database';
import { ClipError, clipNotFound } from './errors.js';
import type { GateMoves } from './moves.js';
import type { Policies } from './policies.js';
import { readDecisions, type ReviewRecord } from './records.js';
import { writeStatement } from './statements.js';

/** What was decided in the end. */
export interface SettledReview {
  outcome: 'release' | 'release_limited' | 'refuse';
  category: Category;
  reason: string;
  limits?: CaseLimits | null;
}

/** What a decision is tied to. */
export interface ReviewTies {
  /** Everybody who read the clip for it; two of them may release what one may not. */
  readers?: readonly string[];
  /** Further writes of the same fate, while the clip is locked. */
  within?: (tx: Transaction) => Promise<void>;
}

/** Decisions of people about held clips. */
export class HeldClips {
  constructor(
    private readonly database: Database,
    private readonly moves: GateMoves,
    private readonly policies: Policies,
    private readonly clock: Clock,
  ) {}

  /** Clips that wait for a person: the most pressing first, then the oldest. */
  list(tenantId: string, limit = 100): Promise<Clip[]> {
    return this.database.clip.findMany({
      where: { tenantId, state: 'held', sealedAt: null },
      orderBy: [{ priority: 'desc' }, { updatedAt: 'asc' }],
      take: limit,
    });
  }

  /**
   * Ends a hold: `release` lets the clip go on from where it was stopped, with limits or without; `refuse` ends it with a
   * statement of reasons. The rules of who has to read it first are those of `#domain/review`.
   * @throws ClipError when it is not held, or when one reviewer may not release it alone
   */
  async decide(
    tenantId: string,
    clipId: string,
    review: SettledReview,
    reviewer: string,
    ties: ReviewTies = {},
  ): Promise<Clip> {
    const clip = await this.database.clip.findFirst({ where: { id: clipId, tenantId } });
    if (!clip || clip.state === 'deleted') throw clipNotFound(clipId);
    if (clip.state !== 'held') {
      throw new ClipError('invalid', 'clip_not_held', `The clip is ${clip.state}; only a held clip can be decided.`);
    }
    const at = this.clock.now().toISOString();
    const record: ReviewRecord = {
      outcome: review.outcome,
      category: review.category,
      reason: review.reason,
      reviewer,
      at,
    };
    const last = readDecisions(clip.decisions).at(-1)!.decision;
    // The text that held it words the statement; what concerns children is asked of the one in force as well.
    const policy = await this.policies.of(last);
    const patch = { review: json(record) };
    const data = { outcome: review.outcome, category: review.category };
    if (review.outcome === 'refuse') {
      return this.moves.apply(clip, {
        to: 'refused',
        actor: reviewer,
        note: `Refused by a reviewer: ${review.category}.`,
        patch,
        data,
        within: async (tx) => {
          await ties.within?.(tx);
          const more = { reviewedAs: review.category, now: this.clock.now() };
          const { id } = await writeStatement(tx, clip, policy, last, more);
          await tx.clip.update({ where: { id: clip.id }, data: { statementId: id } });
          // It cannot be tried again.
          if (clip.inspection) {
            await rememberFingerprint(tx, 'reupload', clip, Inspection.parse(clip.inspection).fingerprint);
          }
        },
      });
    }
    const grave = isChildSafety(policy, last) || isChildSafety(await this.policies.now(), last);
    if (new Set(ties.readers).size < 2 && grave) {
      throw new ClipError(
        'forbidden',
        'second_reviewer_required',
        'This category concerns children: one reviewer cannot release it alone.',
      );
    }
    const to = clip.heldAt === 'prompt' ? 'queued' : 'marking';
    return this.moves.apply(clip, {
      to,
      actor: reviewer,
      note: `Released by a reviewer: ${review.category}.`,
      patch: {
        ...{ ...patch, heldAt: null, errorCode: null, errorMessage: null },
        ...(review.outcome === 'release_limited' && { limits: json(review.limits) }),
      },
      data,
      within: async (tx) => {
        await ties.within?.(tx);
        if (review.outcome !== 'release_limited') return;
        const more = { reviewedAs: review.category, measure: 'limit' as const, limits: review.limits ?? null };
        const { id } = await writeStatement(tx, clip, policy, last, { ...more, now: this.clock.now() });
        await tx.clip.update({ where: { id: clip.id }, data: { statementId: id } });
      },
    });
  }
}
