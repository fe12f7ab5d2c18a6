import type { Clock } from '#kernel';
import type { ReviewDecision } from '#contracts';
import { clipNotFound, ClipError } from '#domain/gate';
import type { Clip, Database } from '#platform/database';
import type { Cases } from './cases.js';
import { writeReading } from './decisions.js';
import { ReviewError } from './errors.js';
import { isLeased, lockCase } from './rows.js';
import type { Settling } from './settling.js';

/** Reviewers who hold an API key of the platform: same cases, same rules, without console and undo. */
export class KeyReaders {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly cases: Pick<Cases, 'open'>,
    private readonly settling: Settling,
  ) {}

  /**
   * Decides a held clip of the tenant. Where two readers are needed, the first one's decision waits for the second.
   * @param reader `key:<id>`
   * @returns true when the clip has moved; false when another reader has to agree first
   * @throws ClipError as the gate; ReviewError `case_taken`, `case_pending`, `case_read_before`, `case_moved`
   */
  async decide(tenantId: string, clipId: string, review: ReviewDecision, reader: string): Promise<boolean> {
    const clip = await this.database.clip.findFirst({ where: { id: clipId, tenantId } });
    if (!clip || clip.state === 'deleted') throw clipNotFound(clipId);
    if (clip.state !== 'held')
      throw new ClipError('invalid', 'clip_not_held', `The clip is ${clip.state}; only a held clip can be decided.`);
    const decisionId = await this.write(clip, review, reader);
    await this.settling.settle(decisionId);
    const { state } = await this.database.reviewDecision.findUniqueOrThrow({ where: { id: decisionId } });
    if (state === 'overtaken')
      throw new ReviewError('conflict', 'case_moved', 'The clip was moved by somebody else at the same moment.');
    return state === 'settled';
  }

  private write(clip: Clip, review: ReviewDecision, reader: string): Promise<string> {
    return this.database.$transaction(async (tx) => {
      const now = this.clock.now();
      const found = await tx.reviewCase.findFirst({
        where: { clipId: clip.id, kind: 'hold', golden: false, state: { not: 'closed' } },
      });
      const row = await lockCase(tx, found?.id ?? (await this.cases.open(tx, { kind: 'hold', clip })));
      if (row.state === 'closed')
        throw new ClipError('invalid', 'clip_not_held', 'The clip was decided at this moment by somebody else.');
      if (row.state === 'pending')
        throw new ReviewError('conflict', 'case_pending', 'Somebody decided this clip a moment ago.');
      if (isLeased(row, now))
        throw new ReviewError('conflict', 'case_taken', 'Somebody is looking at this clip in the review console.');
      const before = await tx.reviewDecision.count({ where: { caseId: row.id, reader, state: { not: 'undone' } } });
      if (before)
        throw new ReviewError(
          'conflict',
          'case_read_before',
          'This key decided on the clip before; another reader has to.',
        );
      if (row.stage === 'arbiter')
        throw new ReviewError(
          'conflict',
          'case_needs_arbiter',
          'Two readers disagree: a senior decides in the review console.',
        );
      const reading = {
        reader: { id: reader, name: reader },
        ...review,
        leavesAt: now,
        tookMs: 0,
        unblurredMs: 0,
        watched: [],
      };
      return writeReading(tx, row, reading, now);
    });
  }
}
