import { canonicalJson, sha256Hex } from '#kernel';
import type { ErasureReceipt, ErasureStatement } from '#contracts';
import { forgetSubject } from '#domain/recognition';
import { forgetConsent, promiseConsent } from '#domain/transparency';
import { recordAudit } from '#platform/audit';
import { json, type LikenessPerson } from '#platform/database';
import type { ReportKey } from '#platform/keys';
import type { QueueClient } from '#platform/queue';
import type { ConsentParts } from './parts.js';
import type { Revocations } from './revocations.js';
import { receiptId } from './rows.js';

/** What an erasure needs besides. */
export interface ErasureParts extends Pick<
  ConsentParts,
  'database' | 'blobs' | 'clock' | 'keys' | 'clips' | 'refusal'
> {
  /** Signs receipts. */
  receiptKey: Pick<ReportKey, 'sign'>;
  revocations: Revocations;
  queue: QueueClient;
}

const BATCH = 100;
/** An erasure that stands still is asked for again. */
const STILL_MS = 60_000;

/**
 * Does what a revocation promised. May be killed at any point and be called again: nobody looks for the person any more,
 * then the key is destroyed, and the person is `erased`, with a receipt, only when all the rest is done.
 */
export class Erasures {
  constructor(private readonly parts: ErasureParts) {}

  /** Job `consent.revoke`. Does nothing for somebody who did not revoke, or is erased already. */
  async run(id: string): Promise<void> {
    const { database, keys, blobs } = this.parts;
    const row = await database.likenessPerson.findUnique({ where: { id } });
    if (row?.state !== 'revoked') return;
    // Before the key: templates that nobody can open would make every check of faces `unable`.
    await database.$transaction(async (tx) => {
      const voice = await tx.likenessTemplate.count({ where: { subjectKind: 'person', subjectId: id, what: 'voice' } });
      await forgetSubject(tx, { kind: 'person', id });
      if (voice > 0) await tx.likenessPerson.update({ where: { id }, data: { hadVoice: true } });
    });
    await keys.destroy(id);
    if (row.portraitSha256) await blobs.delete(row.portraitSha256);
    await this.endClips(row);
    await this.finish(row);
  }

  /** Revokes for those whose time is over. */
  async sweep(): Promise<void> {
    const { database, clock, revocations } = this.parts;
    const over = { state: 'enrolled' as const, keepUntil: { lte: clock.now() } };
    const rows = await database.likenessPerson.findMany({ where: over, take: BATCH, select: { id: true } });
    for (const { id } of rows) await revocations.revoke(id, { withdraw: 'none' }, 'retention');
  }

  /** Asks again for erasures whose job was lost. */
  async reconcile(): Promise<void> {
    const { database, clock, queue } = this.parts;
    const late = { state: 'revoked' as const, revokedAt: { lt: new Date(clock.now().getTime() - STILL_MS) } };
    const rows = await database.likenessPerson.findMany({ where: late, take: BATCH, select: { id: true } });
    for (const { id } of rows) await queue.add('consent.revoke', { id }, `${id}-revoke`);
  }

  /** Refuses what is on its way; withdraws what was released, where that was asked for. */
  private async endClips({ id, withdrawAll }: LikenessPerson): Promise<void> {
    const { database, clips, refusal } = this.parts;
    for (let after = ''; ;) {
      const uses = await database.likenessUse.findMany({
        where: { personId: id, clipId: { gt: after } },
        orderBy: { clipId: 'asc' },
        take: BATCH,
      });
      for (const { clipId, tenantId } of uses) {
        const clip = { tenantId, id: clipId, actor: `person:${id}` };
        await clips.takeBack(clip, withdrawAll ? 'all' : 'unreleased', refusal);
      }
      const last = uses.at(-1);
      if (!last || uses.length < BATCH) return;
      after = last.clipId;
    }
  }

  private async finish(begun: LikenessPerson): Promise<void> {
    const { database, clock } = this.parts;
    const { id, tenantId } = begun;
    const now = clock.now();
    await database.$transaction(async (tx) => {
      // Locks the row: what somebody asked for meanwhile is done in another round.
      const [row] = await tx.likenessPerson.updateManyAndReturn({
        where: { id, state: 'revoked', withdrawAll: begun.withdrawAll },
        data: {
          ...{ state: 'erased', erasedAt: now, version: { increment: 1 } },
          ...{ handle: null, profileSealed: null, portraitSha256: null, tokenHash: null, approved: [], makerId: null },
        },
      });
      if (!row) return;
      const receipt = this.sign(this.statement(row, now));
      await tx.erasureReceipt.create({
        data: { id: receipt.receipt.id, personId: id, tenantId, receipt: json(receipt), at: now },
      });
      await tx.likenessEnrolment.updateMany({
        where: { personId: id },
        data: { makerId: null, profileSealed: null, handle: null },
      });
      await forgetConsent(tx, id);
      const receiptSha256 = sha256Hex(canonicalJson(receipt.receipt));
      await promiseConsent(tx, id, { event: 'erased', subject: { receiptSha256 } });
      const data = { receipt: receipt.receipt.id };
      await recordAudit(tx, { tenantId, actor: 'worker', action: 'consent.erased', subject: id, data });
    });
    const left = await database.likenessPerson.count({ where: { id, state: 'revoked' } });
    if (left > 0) await this.run(id);
  }

  private statement(row: LikenessPerson, now: Date): ErasureStatement {
    const revoked = row.revokedAt ?? now;
    return {
      ...{ version: 1, id: receiptId(row.id), person_id: row.id },
      enrolled_at: row.createdAt.toISOString(),
      revoked_at: revoked.toISOString(),
      erased_at: now.toISOString(),
      reason: revoked >= row.keepUntil ? 'expired' : 'revoked',
      withdraw: row.withdrawAll ? 'all' : 'none',
      destroyed: [
        'key',
        'face_template',
        ...(row.hadVoice ? ['voice_template' as const] : []),
        'profile',
        'portrait',
        'names',
      ],
      notice_sha256: row.noticeSha256,
    };
  }

  private sign(receipt: ErasureStatement): ErasureReceipt {
    return { receipt, signature: this.parts.receiptKey.sign('receipt', sha256Hex(canonicalJson(receipt))) };
  }
}
