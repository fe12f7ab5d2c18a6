import type { Clip, Database, Prisma, Transaction } from '#platform/database';
import { json } from '#platform/database';
import type { Clock } from '#kernel';
import type { ClipState, WebhookEventType } from '#contracts';
import { promiseWithdrawal } from '#domain/transparency';
import { promiseWebhooks } from '#domain/webhooks';
import { recordAudit } from '#platform/audit';
import { refundCredits } from '#platform/auth';
import { promiseJob } from '#platform/queue';
import type { ClipWatcher } from './access.js';
import { ClipError, StaleClipError } from './errors.js';
import { isActive, isErased, mayMove, STEP_OF } from './machine.js';
import type { SafetyDesk } from './safety.js';

/** A change of state and what changes with it. */
export interface Move {
  to: ClipState;
  /** `worker`, `policy`, `key:<id>`, ... */
  actor: string;
  /** One line for people who read the history. */
  note?: string;
  patch?: Prisma.ClipUncheckedUpdateManyInput;
  /** Facts for the audit record. */
  data?: Record<string, unknown>;
  /** Milliseconds that the finished step took, by its name. */
  timing?: { step: string; ms: number };
  /** Further writes of the same fate, before the state changes. */
  within?: (tx: Transaction) => Promise<void>;
  /** Tidying up once the move is certain; its failure is nobody's. */
  after?: () => Promise<unknown>;
}

const WEBHOOK_OF: Partial<Record<ClipState, WebhookEventType>> = {
  released: 'video.completed',
  refused: 'video.failed',
  failed: 'video.failed',
  held: 'clip.held',
  withdrawn: 'clip.withdrawn',
};

/**
 * What a new state brings about, in the same transaction: the next job, the webhook, the refund (invariant 3). The
 * job's id holds the clip's version, so that promising it twice is one job.
 */
async function consequences(tx: Transaction, clip: Clip, from: ClipState | null, now: Date): Promise<void> {
  const { id: clipId, state, correlationId } = clip;
  if (isActive(state) && state !== 'generating') {
    const job = STEP_OF[state];
    await promiseJob(tx, { job, payload: { clipId }, dedupeKey: stepJobId(clip), correlationId });
  }
  // Its leaf is on the way into the log, or there: the log is to say that nothing was released.
  if (from === 'logging' && state !== 'released') await promiseWithdrawal(tx, clip, 'not_released');
  // A withdrawn clip can be deleted later: each has an erasure of its own.
  if (isErased(state)) {
    const dedupeKey = state === 'deleted' ? `${clipId}-erase` : `${clipId}-erase-withdrawn`;
    await promiseJob(tx, { job: 'clip.erase', payload: { clipId }, dedupeKey });
  }
  const webhook = WEBHOOK_OF[state];
  // A prompt refused at once is answered at once; its maker never heard of a clip.
  if (webhook && !(from === null && state === 'refused'))
    await promiseWebhooks(tx, clip.tenantId, webhook, clipId, now);
  const unmade = from === 'queued' || (from === 'held' && clip.heldAt === 'prompt');
  if (state === 'refused' || state === 'failed' || (state === 'deleted' && unmade)) await refundCredits(tx, clipId);
}

/** Queue id of the step that a clip waits for: promising the same step twice is one job. */
export function stepJobId(clip: Pick<Clip, 'id' | 'version' | 'state'>): string {
  // One job takes a clip through both queued and generating.
  const version = clip.state === 'generating' ? clip.version - 1 : clip.version;
  return `${clip.id}-v${version}`;
}

/** The only way in which a clip's state changes. */
export class GateMoves {
  private readonly watchers: readonly ClipWatcher[];

  /** @param watchers what else follows the states of clips, in the transaction of each move */
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly safety: SafetyDesk,
    ...watchers: ClipWatcher[]
  ) {
    this.watchers = watchers;
  }

  /** Writes a new clip with its first event and consequences. */
  async create(
    tx: Transaction,
    data: Prisma.ClipUncheckedCreateInput,
    actor: string,
    facts: Record<string, unknown>,
  ): Promise<Clip> {
    const now = this.clock.now();
    const clip = await tx.clip.create({ data: { ...data, createdAt: now, updatedAt: now } });
    await recordAudit(tx, {
      tenantId: clip.tenantId,
      actor,
      action: 'clip.transition',
      subject: clip.id,
      toState: clip.state,
      data: facts,
      correlationId: clip.correlationId,
    });
    if (clip.state === 'refused') await this.safety.refused(tx, clip);
    await consequences(tx, clip, null, now);
    for (const watch of this.watchers) await watch(tx, clip, now, null);
    return clip;
  }

  /**
   * Moves a clip, if it still is as it was read: state, event, jobs, webhooks and refunds commit together.
   * @throws StaleClipError when it has moved since; ClipError when the state machine forbids the move
   */
  async apply(clip: Clip, move: Move): Promise<Clip> {
    if (!mayMove(clip.state, move.to)) {
      throw new ClipError('invalid', 'clip_state', `A clip that is ${clip.state} cannot become ${move.to}.`);
    }
    const now = this.clock.now();
    const moved = await this.database.$transaction(async (tx) => {
      const timings = move.timing && { ...(clip.timings as object), [move.timing.step]: Math.round(move.timing.ms) };
      // Locks the row first: whoever comes second finds another version and writes nothing.
      const { count } = await tx.clip.updateMany({
        where: { id: clip.id, version: clip.version, state: clip.state },
        data: {
          ...move.patch,
          state: move.to,
          version: clip.version + 1,
          attempts: 0,
          updatedAt: now,
          ...(timings && { timings: json(timings) }),
          ...(['released', 'refused', 'failed'].includes(move.to) && { completedAt: now }),
          ...(move.to === 'deleted' && { deletedAt: now }),
        },
      });
      if (count === 0) throw new StaleClipError(clip.id);
      await move.within?.(tx);
      const moved = await tx.clip.findUniqueOrThrow({ where: { id: clip.id } });
      await recordAudit(tx, {
        tenantId: clip.tenantId,
        actor: move.actor,
        action: 'clip.transition',
        subject: clip.id,
        fromState: clip.state,
        toState: move.to,
        data: { ...move.data, ...(move.note && { note: move.note }) },
        correlationId: clip.correlationId,
      });
      if (move.to === 'refused') await this.safety.refused(tx, moved);
      await consequences(tx, moved, clip.state, now);
      for (const watch of this.watchers) await watch(tx, moved, now, clip.state);
      return moved;
    });
    await move.after?.().catch(() => undefined);
    return moved;
  }
}
