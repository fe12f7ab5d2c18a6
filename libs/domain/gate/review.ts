import type { Clock } from '#kernel';
import { Inspection, type ReviewDecision } from '#contracts';
import { rememberFingerprint } from '#domain/hash-banks';
import { isChildSafety } from '#engines/policy';
import { json, type Clip, type Database } from '#platform/database';
import { ClipError, clipNotFound } from './errors.js';
import type { GateMoves } from './moves.js';
import type { Policies } from './policies.js';
import { readDecisions, type ReviewRecord } from './records.js';
import { writeStatement } from './statements.js';

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
      where: { tenantId, state: 'held' },
      orderBy: [{ priority: 'desc' }, { updatedAt: 'asc' }],
      take: limit,
    });
  }

  /**
   * Ends a hold: `release` lets the clip go on from where it was stopped, `refuse` ends it with a statement of reasons.
   * @throws ClipError when it is not held, or when one reviewer may not release it alone
   */
  async decide(tenantId: string, clipId: string, review: ReviewDecision, reviewer: string): Promise<Clip> {
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
          const { id } = await writeStatement(tx, clip, policy, last, review.category);
          await tx.clip.update({ where: { id: clip.id }, data: { statementId: id } });
          // It cannot be tried again.
          if (clip.inspection) {
            await rememberFingerprint(tx, 'reupload', clip, Inspection.parse(clip.inspection).fingerprint);
          }
        },
      });
    }
    if (isChildSafety(policy, last) || isChildSafety(await this.policies.now(), last)) {
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
      patch: { ...patch, heldAt: null, errorCode: null, errorMessage: null },
      data,
    });
  }
}
