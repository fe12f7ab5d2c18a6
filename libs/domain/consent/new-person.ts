import { randomBytes } from 'node:crypto';
import { newId, type AppError } from '#kernel';
import { PutGrant } from '#contracts';
import { hashName, nameKey, rememberSubject, sealTemplate, type HashedName } from '#domain/recognition';
import { promiseConsent } from '#domain/transparency';
import { promiseWebhooks } from '#domain/webhooks';
import { recordAudit } from '#platform/audit';
import { json, type LikenessEnrolment, type Transaction } from '#platform/database';
import type { Sealer } from '#platform/keys';
import type { ConsentParts } from './parts.js';
import { sealProfile, type Profile } from './profile.js';

const DAY_MS = 24 * 3600_000;

/** Everything that a new person is made of. */
export interface NewPerson {
  id: string;
  row: LikenessEnrolment;
  profile: Profile;
  /** The person's own. */
  key: Sealer;
  face: { model: string; template: Uint8Array };
  voice: { model: string; template: Uint8Array } | null;
  portraitSha256: string;
}

/** A name of under four letters is in too many words to be looked for. */
function hashed(key: Uint8Array, name: string | null): HashedName[] {
  try {
    return name ? hashName(key, name) : [];
  } catch (e) {
    if ((e as AppError).code === 'name_invalid') return [];
    throw e;
  }
}

/**
 * Writes a person with the narrowest grant, and all that follows from it, inside the caller's transaction.
 * @throws PrismaClientKnownRequestError P2002 when the handle was taken meanwhile
 */
export async function createPerson(tx: Transaction, parts: ConsentParts, made: NewPerson): Promise<void> {
  const { id, row, profile, key, face, voice, portraitSha256 } = made;
  const { clock, sealer, settings } = parts;
  const { tenantId } = row;
  const now = clock.now();
  await tx.likenessPerson.create({
    data: {
      ...{ id, tenantId, makerId: row.makerId, portraitSha256, locale: row.locale, createdAt: now },
      handle: row.handle ?? `c-${randomBytes(5).toString('hex')}`,
      profileSealed: sealProfile(key, profile, id),
      ...{ noticeSha256: row.noticeSha256, noticeVersion: row.noticeVersion, releasedAt: row.releasedAt ?? now },
      keepUntil: new Date(now.getTime() + settings.keepDays * DAY_MS),
    },
  });
  const grantId = await writeGrant(tx, { id, tenantId }, PutGrant.parse({}), now);
  const facts = { notice: row.noticeVersion, voice: voice !== null };
  await recordAudit(tx, {
    tenantId,
    actor: `enrolment:${row.id}`,
    action: 'consent.enrolled',
    subject: id,
    data: facts,
  });
  await promiseConsent(tx, id, { event: 'enrolled' });
  await promiseConsent(tx, id, { event: 'granted', once: grantId });
  await promiseWebhooks(tx, tenantId, 'consent.granted', id, now);
  const subject = { kind: 'person', id, tenantId } as const;
  const names = [...hashed(nameKey(sealer), profile.name), ...hashed(nameKey(sealer), profile.characterName)];
  const unlike = [...new Map(names.map((one) => [Buffer.from(one.hash).toString('hex'), one])).values()];
  if (voice) {
    const sealed = sealTemplate(key, id, voice.template, 'voice');
    await rememberSubject(tx, subject, { template: { what: 'voice', model: voice.model, sealed } });
  }
  const sealed = sealTemplate(key, id, face.template);
  await rememberSubject(tx, subject, { template: { model: face.model, sealed }, names: unlike });
}

/** Ends the grant that counts and writes another, inside the caller's transaction. Gives the new one's id. */
export async function writeGrant(
  tx: Transaction,
  { id, tenantId }: { id: string; tenantId: string },
  { audience, limits, places, until }: PutGrant,
  now: Date,
): Promise<string> {
  await tx.likenessGrant.updateMany({ where: { personId: id, endedAt: null }, data: { endedAt: now } });
  const grant = { id: newId('gra'), personId: id, audience, limits: json(limits), places, createdAt: now };
  await tx.likenessGrant.create({ data: { ...grant, until: until === null ? null : new Date(until) } });
  const data = { grant: grant.id, audience, no: limits.no, never: limits.never.length, places };
  await recordAudit(tx, { tenantId, actor: `person:${id}`, action: 'consent.granted', subject: id, data });
  return grant.id;
}
