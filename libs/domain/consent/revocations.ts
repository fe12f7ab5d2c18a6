import type { Revocation, RevokeConsent } from '#contracts';
import { promiseConsent } from '#domain/transparency';
import { promiseWebhooks } from '#domain/webhooks';
import { recordAudit } from '#platform/audit';
import type { LikenessPerson } from '#platform/database';
import { promiseJob } from '#platform/queue';
import { personNotFound } from './errors.js';
import type { ConsentParts } from './parts.js';
import { receiptId, useState, WITHDRAWABLE } from './rows.js';

const MOST_LISTED = 1000;

/** Ends consents. What commits here is the moment of revocation; the rest is `Erasures`. */
export class Revocations {
  constructor(private readonly parts: Pick<ConsentParts, 'database' | 'clock'>) {}

  /**
   * Ends a consent: from this transaction on nothing new can be made or released with the person, and their erasure is
   * promised. Again does no harm; it may still ask for released clips to be withdrawn until the erasure is done.
   * @param actor who ends it: `person:<id>`, `key:<id>`, `retention`
   * @throws ConsentError `character_not_found`
   */
  async revoke(id: string, { withdraw }: RevokeConsent, actor: string): Promise<Revocation> {
    const { database, clock } = this.parts;
    const now = clock.now();
    const withdrawAll = withdraw === 'all';
    await database.$transaction(async (tx) => {
      const [row] = await tx.likenessPerson.updateManyAndReturn({
        where: { id, state: 'enrolled' },
        data: { state: 'revoked', revokedAt: now, withdrawAll, version: { increment: 1 } },
      });
      if (!row) {
        const more = { id, state: 'revoked' as const, withdrawAll: false };
        if (withdrawAll) await tx.likenessPerson.updateMany({ where: more, data: { withdrawAll } });
        return;
      }
      const { tenantId } = row;
      await tx.likenessGrant.updateMany({ where: { personId: id, endedAt: null }, data: { endedAt: now } });
      await recordAudit(tx, { tenantId, actor, action: 'consent.revoked', subject: id, data: { withdraw } });
      await promiseConsent(tx, id, { event: 'revoked' });
      await promiseWebhooks(tx, tenantId, 'consent.revoked', id, now);
      await promiseJob(tx, { job: 'consent.revoke', payload: { id }, dedupeKey: `${id}-revoke` });
    });
    const row = await database.likenessPerson.findUnique({ where: { id } });
    if (row?.state !== 'revoked' && row?.state !== 'erased') throw personNotFound(id);
    return this.view(row);
  }

  private async view(row: LikenessPerson): Promise<Revocation> {
    const uses = await this.parts.database.likenessUse.findMany({
      where: { personId: row.id },
      orderBy: [{ at: 'desc' }, { clipId: 'desc' }],
      take: MOST_LISTED,
    });
    const clips = await this.parts.database.clip.findMany({
      where: { id: { in: uses.map(({ clipId }) => clipId) } },
      select: { id: true, state: true },
    });
    const affected = clips.map(({ id, state }) => {
      const shown = useState(state);
      const ends = WITHDRAWABLE.some((one) => one === shown) && (shown !== 'released' || row.withdrawAll);
      return { clip_id: id, state: shown, withdraws: ends };
    });
    return {
      id: row.id,
      object: 'consent.revocation',
      state: row.state === 'erased' ? 'erased' : 'revoked',
      revoked_at: (row.revokedAt ?? this.parts.clock.now()).toISOString(),
      withdraw: row.withdrawAll ? 'all' : 'none',
      affected: affected.sort((a, b) => (a.clip_id < b.clip_id ? 1 : -1)),
      receipt: receiptId(row.id),
    };
  }
}
