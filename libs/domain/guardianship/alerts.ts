import { GuardianAlertKind, type GuardianAlert, type LocalText } from '#contracts';
import { promiseWebhooks } from '#domain/webhooks';
import { newId } from '#kernel';
import type { GuardianAlertRow, Transaction } from '#platform/database';
import { standingLinks } from './ages.js';

/** The same again within this time is counted, not told again. */
const SAME_MS = 3600_000;

const TEXTS: Record<Exclude<GuardianAlertKind, 'limit'>, LocalText> = {
  child_safety: {
    en: 'Something was refused because it concerns the safety of children.',
    fr: 'Une demande a été refusée car elle touche à la sécurité des enfants.',
  },
  self_harm: {
    en: 'Something was refused because it concerns self-harm. Talking about it helps; local helplines are free.',
    fr: 'Une demande a été refusée car elle touche à l’automutilation ou au suicide. En parler aide ; les lignes d’aide sont gratuites.',
  },
  cameo: {
    en: 'A clip with the likeness of a person was asked for and refused.',
    fr: 'Un clip montrant une personne réelle a été demandé et refusé.',
  },
};

const LIMITS: Record<string, LocalText> = {
  quiet_hours: {
    en: 'A clip was asked for during the quiet hours.',
    fr: 'Un clip a été demandé pendant les heures calmes.',
  },
  daily_limit_reached: {
    en: 'More clips were asked for than you allow in a day.',
    fr: 'Plus de clips ont été demandés que vous n’en autorisez par jour.',
  },
  remix_not_allowed: {
    en: 'A change of a clip was asked for, which you switched off.',
    fr: 'La modification d’un clip a été demandée, ce que vous avez désactivé.',
  },
  category_blocked: {
    en: 'A clip about a subject that you blocked was asked for.',
    fr: 'Un clip sur un sujet que vous avez bloqué a été demandé.',
  },
};

const ANY_LIMIT: LocalText = {
  en: 'A clip was refused because of a limit that you set.',
  fr: 'Un clip a été refusé à cause d’une limite que vous avez fixée.',
};

/** An alert as guardians and platforms see it. */
export function alertView(row: GuardianAlertRow): GuardianAlert {
  const kind = GuardianAlertKind.parse(row.kind);
  return {
    id: row.id,
    object: 'guardian.alert',
    link: row.linkId,
    kind,
    code: row.code,
    text: kind === 'limit' ? (LIMITS[row.code ?? ''] ?? ANY_LIMIT) : TEXTS[kind],
    count: row.count,
    at: row.at.toISOString(),
    last_at: row.lastAt.toISOString(),
    seen_at: row.seenAt?.toISOString() ?? null,
  };
}

/**
 * Tells every guardian of a maker, inside the transaction of what happened; the platform hears by webhook, so that it can
 * pass it on. Nothing happens where there is no guardian.
 */
export async function raiseAlert(
  tx: Transaction,
  maker: { makerId: string; tenantId: string },
  what: { kind: GuardianAlertKind; code?: string },
  now: Date,
): Promise<void> {
  const { makerId, tenantId } = maker;
  const { kind, code = null } = what;
  for (const { id: linkId } of await standingLinks(tx, makerId, now)) {
    // One at a time, so that two at the same moment are one alert.
    await tx.$queryRaw`SELECT id FROM guardian_links WHERE id = ${linkId} FOR UPDATE`;
    const since = new Date(now.getTime() - SAME_MS);
    const same = { linkId, kind, code, seenAt: null, at: { gt: since } };
    const { count } = await tx.guardianAlertRow.updateMany({
      where: same,
      data: { count: { increment: 1 }, lastAt: now },
    });
    if (count) continue;
    const id = newId('gal');
    await tx.guardianAlertRow.create({ data: { id, linkId, makerId, tenantId, kind, code, at: now, lastAt: now } });
    await promiseWebhooks(tx, tenantId, 'guardian.alert', id, now);
  }
}
