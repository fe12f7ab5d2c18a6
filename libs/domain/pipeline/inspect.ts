import { shownMessage, type Clock } from '#kernel';
import { Audience, Signal } from '#contracts';
import { unableNsfw } from '#engines/vision';
import type { Examiner } from '#domain/examination';
import { json, type Clip } from '#platform/database';
import type { BlobStore } from '#platform/storage';
import { z } from 'zod';
import type { Move } from '#domain/gate';
import type { Policies } from '#domain/gate';
import { readDecisions } from '#domain/gate';
import { writeStatement } from '#domain/gate';
import type { Step } from './step.js';

/** Looks at the finished clip and decides. */
export class InspectStep implements Step {
  readonly name = 'inspect';
  readonly from = ['inspecting'] as const;

  constructor(
    private readonly blobs: BlobStore,
    private readonly examiner: Examiner,
    private readonly policies: Policies,
    private readonly clock: Clock,
    private readonly timeoutMs: number,
  ) {}

  async work(clip: Clip): Promise<Move> {
    const file = await this.blobs.localPath(clip.sourceSha256!);
    try {
      const { signals } = await this.examiner.run('inspect', { path: file.path }, { timeoutMs: this.timeoutMs });
      return this.decide(clip, signals);
    } finally {
      await file.release();
    }
  }

  /** An inspection that could not be made is a finding: `unable`. Whatever the policy says of it, it does not pass. */
  fail(clip: Clip, error: unknown): Move {
    const move = this.decide(clip, unableNsfw(shownMessage(error)));
    if (move.to !== 'marking') return move;
    return { ...move, to: 'held', patch: { ...move.patch, heldAt: 'clip' }, note: 'The clip could not be inspected.' };
  }

  private decide(clip: Clip, seen: Signal[]): Move {
    const signals = [...seen, ...z.array(Signal).parse(clip.injected)];
    const audience = Audience.parse(clip.audience);
    const record = this.policies.decide('clip', audience, signals, this.clock.now());
    const { decision } = record;
    const decisions = json([...readDecisions(clip.decisions), record]);
    const actor = `policy:${decision.policy.id}@${decision.policy.version}`;
    const data = { outcome: decision.outcome, categories: decision.categories, policy: decision.policy };
    if (decision.outcome === 'allow') return { to: 'marking', actor, patch: { decisions }, data };
    const note = decision.reasons[0]?.text.en;
    if (decision.outcome === 'hold') return { to: 'held', actor, note, patch: { decisions, heldAt: 'clip' }, data };
    return {
      to: 'refused',
      actor,
      note,
      patch: { decisions, heldAt: 'clip' },
      data,
      within: async (tx) => {
        const { id } = await writeStatement(tx, clip, this.policies.current, decision);
        await tx.clip.update({ where: { id: clip.id }, data: { statementId: id } });
      },
    };
  }
}
