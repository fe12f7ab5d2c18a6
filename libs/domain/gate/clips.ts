import { systemClock, type Clock } from '#kernel';
import type { ClipState, ClipView, ListVideos, StatementOfReasons, VideoList, WithdrawClip } from '#contracts';
import { forgetCommitments, promiseWithdrawal, type WithdrawReason } from '#domain/transparency';
import { Prisma, type Clip, type Database, type Transaction } from '#platform/database';
import type { BlobStore } from '#platform/storage';
import { clipNotFound, ClipError, StaleClipError } from './errors.js';
import { discardFiles, filesOf, NO_FILES, NOT_SERVED, servedFiles } from './files.js';
import type { GateMoves, Move } from './moves.js';
import { ENDED_BY_PERSON, ERASED_STATES, isErased } from './machine.js';
import { appealUntil, aroundStatements, statementView } from './statements.js';
import { clipView, videoView } from './view.js';

/** Reading and deleting a tenant's clips. */
export class Clips {
  constructor(
    private readonly database: Database,
    private readonly moves: GateMoves,
    private readonly blobs: BlobStore,
    private readonly clock: Clock = systemClock,
  ) {}

  /** @throws ClipError `video_not_found` for another tenant's clip as well */
  async get(tenantId: string, id: string): Promise<Clip> {
    const clip = await this.database.clip.findFirst({ where: { id, tenantId, state: { not: 'deleted' } } });
    if (!clip) throw clipNotFound(id);
    return clip;
  }

  /** A page of the tenant's clips by time of creation. Refused prompts are not videos and are left out. */
  async list(tenantId: string, query: ListVideos): Promise<VideoList> {
    // A page may be asked for after a clip that was deleted meanwhile.
    const after = query.after ? await this.database.clip.findFirst({ where: { id: query.after, tenantId } }) : null;
    if (query.after && !after) throw clipNotFound(query.after);
    const past = query.order === 'desc' ? 'lt' : 'gt';
    const rows = await this.database.clip.findMany({
      where: {
        tenantId,
        state: { not: 'deleted' },
        NOT: { state: 'refused', heldAt: 'prompt', review: { equals: null as never } },
        ...(after && { id: { [past]: after.id } }),
      },
      orderBy: { id: query.order },
      take: query.limit + 1,
    });
    const data = rows.slice(0, query.limit).map(videoView);
    return {
      object: 'list',
      data,
      has_more: rows.length > query.limit,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
    };
  }

  /** Everything known of a clip: state, history, signals, decisions, marks. */
  async inspect(tenantId: string, id: string): Promise<ClipView> {
    const clip = await this.get(tenantId, id);
    const [history, release, maker] = await Promise.all([
      this.database.auditEvent.findMany({ where: { subject: id, action: 'clip.transition' }, orderBy: { id: 'asc' } }),
      this.database.release.findUnique({ where: { clipId: id } }),
      clip.makerId ? this.database.maker.findUnique({ where: { id: clip.makerId } }) : null,
    ]);
    return clipView(clip, history, release, maker?.externalId ?? null);
  }

  /** The statement of reasons of a refusal. @throws ClipError `statement_not_found` */
  async statement(tenantId: string, id: string): Promise<StatementOfReasons> {
    const row = await this.database.statement.findFirst({ where: { id, tenantId } });
    if (!row)
      throw new ClipError('not_found', 'statement_not_found', `There is no statement of reasons ${id.slice(0, 80)}.`);
    const [stated] = await aroundStatements(this.database, [row]);
    return statementView(stated!);
  }

  /** Deletes a clip in any state; one on its way is stopped at its next step. The register keeps that it existed. */
  async remove(tenantId: string, id: string, actor: string): Promise<void> {
    await this.moveAnyway(tenantId, id, () => ({ to: 'deleted', actor }));
  }

  /**
   * Withdraws a released clip: its bytes are served no more and are erased here, and the register says from then on that
   * the release no longer stands. Withdrawing twice is one withdrawal; its first reason stays.
   * @param within further writes of the same fate; not called when it was withdrawn already
   * @throws ClipError `video_not_released` for a clip that was not released; `video_not_found`
   */
  async withdraw(
    tenantId: string,
    id: string,
    { reason }: WithdrawClip,
    actor: string,
    within?: (tx: Transaction) => Promise<void>,
  ): Promise<void> {
    await this.moveAnyway(tenantId, id, (clip) => {
      if (clip.state === 'withdrawn') return null;
      if (clip.state !== 'released')
        throw new ClipError('conflict', 'video_not_released', `The video ${id} is not released: delete it instead.`);
      return {
        ...withdrawal(clip, reason, actor, within),
        // What it was made from is needed if the decision is overturned; nobody is served it.
        ...(reason === 'policy' && { patch: { keepUntil: appealUntil(this.clock.now()) } }),
      };
    });
  }

  /**
   * Ends a clip because somebody in it wants that, in whatever state it is in this moment: a released one is withdrawn
   * (only if `which` is `all`), one on its way or held goes where `refuse` says. What has ended stays as it is.
   * @returns whether anything changed
   */
  async takeBack(
    { tenantId, id, actor }: { tenantId: string; id: string; actor: string },
    which: 'all' | 'unreleased',
    refuse: (clip: Clip, actor: string) => Promise<Move>,
  ): Promise<boolean> {
    const over: ClipState[] = ['withdrawn', 'refused', 'failed', 'deleted'];
    if (which === 'unreleased') over.push('released');
    try {
      return await this.moveAnyway(tenantId, id, (clip) => {
        if (over.includes(clip.state)) return null;
        if (clip.state === 'released') return withdrawal(clip, 'consent', actor);
        return refuse(clip, actor);
      });
    } catch (e) {
      if (e instanceof ClipError && e.code === 'video_not_found') return false; // deleted meanwhile
      throw e;
    }
  }

  /** Makes a move although a step may move the clip at the same moment. */
  private async moveAnyway(
    tenantId: string,
    id: string,
    move: (clip: Clip) => Move | null | Promise<Move>,
  ): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      const clip = await this.get(tenantId, id);
      const next = await move(clip);
      if (!next) return false;
      try {
        await this.moves.apply(clip, next);
        return true;
      } catch (e) {
        if (!(e instanceof StaleClipError) || tries === 5) throw e;
      }
    }
  }

  /**
   * Removes the files of a clip that was deleted, withdrawn, or ended by somebody who is shown, except those that another
   * clip shares. The manifest of a release stays on record; what a clip was made from that was withdrawn for the policy
   * stays as long as that can be appealed against. Of a deleted clip it also forgets what the commitments in the public log stand for.
   */
  async erase(id: string): Promise<void> {
    const clip = await this.database.clip.findUnique({ where: { id }, include: { release: true } });
    const ended = clip?.state === 'refused' && clip.errorCode === ENDED_BY_PERSON;
    if (!clip || !(ended || isErased(clip.state))) return;
    if (clip.state === 'withdrawn' && clip.keepUntil && clip.keepUntil > this.clock.now()) {
      await discardFiles(this.database, this.blobs, servedFiles(clip));
      await this.database.clip.updateMany({ where: { id, state: 'withdrawn' }, data: NOT_SERVED });
      return;
    }
    await discardFiles(this.database, this.blobs, filesOf(clip, clip.release === null), id);
    await this.database.clip.updateMany({
      where: { id, state: { in: ended ? ['refused'] : [...ERASED_STATES] } },
      data: { ...NO_FILES, inspection: Prisma.DbNull },
    });
    if (clip.state === 'deleted') await this.forget(clip);
  }

  private async forget({ id, releaseId }: Clip): Promise<void> {
    const statements = await this.database.statement.findMany({ where: { clipId: id }, select: { id: true } });
    await forgetCommitments(this.database, { releaseId, statementIds: statements.map((one) => one.id) });
  }
}

function withdrawal(
  clip: Clip,
  reason: WithdrawReason,
  actor: string,
  within?: (tx: Transaction) => Promise<void>,
): Move {
  const { id: clipId, releaseId, tenantId } = clip;
  return {
    to: 'withdrawn',
    actor,
    data: { releaseId, reason },
    within: async (tx) => {
      await tx.withdrawal.create({ data: { releaseId, clipId, tenantId, reason, actor } });
      await promiseWithdrawal(tx, clip, reason);
      await within?.(tx);
    },
  };
}
