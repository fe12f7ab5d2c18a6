import type {
  Approved,
  Character,
  ListPersons,
  Me,
  Person,
  PersonLink,
  PersonList,
  PutApproved,
  PutGrant,
} from '#contracts';
import { promiseConsent } from '#domain/transparency';
import { promiseWebhooks } from '#domain/webhooks';
import { recordAudit } from '#platform/audit';
import type { LikenessGrant, LikenessPerson, Transaction } from '#platform/database';
import { assertEnrolled } from './enrolments.js';
import { consentEnded, ConsentError, personNotFound, secretUnknown } from './errors.js';
import { writeGrant } from './new-person.js';
import { pageUrl, platformOf, type ConsentParts } from './parts.js';
import { openProfile, type Profile } from './profile.js';
import { grantView, noticeOf, personView, receiptId, useState } from './rows.js';
import { newSecret, sameHash, secretHash } from './secrets.js';

/** A person with the grant that counts, if there is one. */
export type PersonRow = LikenessPerson & { grants: LikenessGrant[] };

const LIVE_GRANT = { grants: { where: { endedAt: null } } };

/** Persons of the register: read, and what they allow. */
export class Persons {
  constructor(private readonly parts: ConsentParts) {}

  /** @throws ConsentError `character_not_found`, for another tenant's as well */
  async get(tenantId: string, id: string): Promise<PersonRow> {
    const where = { id, tenantId };
    const row = await this.parts.database.likenessPerson.findFirst({ where, include: LIVE_GRANT });
    if (!row) throw personNotFound(id);
    return row;
  }

  /** The person that a secret opens. @throws ConsentError `consent_link_invalid` */
  async withSecret(hash: string | null): Promise<PersonRow> {
    if (hash === null) throw secretUnknown();
    const where = { tokenHash: hash };
    const row = await this.parts.database.likenessPerson.findUnique({ where, include: LIVE_GRANT });
    if (!row || !sameHash(row.tokenHash, hash)) throw secretUnknown();
    return row;
  }

  /** A page of the tenant's persons, newest first. */
  async list(tenantId: string, { limit, after, state }: ListPersons): Promise<PersonList> {
    if (after) await this.get(tenantId, after);
    const rows = await this.parts.database.likenessPerson.findMany({
      where: { tenantId, ...(state && { state }), ...(after && { id: { lt: after } }) },
      orderBy: { id: 'desc' },
      include: LIVE_GRANT,
      take: limit + 1,
    });
    const users = await this.usersOf(rows.flatMap(({ makerId }) => (makerId === null ? [] : [makerId])));
    const data = rows.slice(0, limit).map((row) => personView(row, users.get(row.makerId ?? '') ?? null));
    return { object: 'list', data, has_more: rows.length > limit };
  }

  /** A person as the tenant sees it. */
  async view(row: PersonRow): Promise<Person> {
    const users = await this.usersOf(row.makerId === null ? [] : [row.makerId]);
    return personView(row, users.get(row.makerId ?? '') ?? null);
  }

  /** A person as a character of the Videos API. @throws ConsentError `character_not_found` once they ended it */
  async character(tenantId: string, id: string): Promise<Character> {
    const row = await this.get(tenantId, id);
    if (row.state !== 'enrolled') throw personNotFound(id);
    const profile = await this.profile(row);
    const name = profile && (profile.characterName ?? profile.name);
    const created_at = Math.floor(row.createdAt.getTime() / 1000);
    return { id, object: 'character', name, created_at, handle: row.handle };
  }

  /** All that a person's own page shows first. */
  async me(row: PersonRow): Promise<Me> {
    const { database, notice, settings } = this.parts;
    const platform = await platformOf(database, row.tenantId);
    const [profile, templates, states, users] = await Promise.all([
      this.profile(row),
      database.likenessTemplate.findMany({
        where: { subjectKind: 'person', subjectId: row.id },
        select: { what: true },
      }),
      this.states(row.id),
      this.usersOf(row.approved),
    ]);
    const shown = notice({ ...settings, platform });
    const count = (wanted: string) => states.get(wanted) ?? 0;
    return {
      ...{ id: row.id, object: 'consent.me', state: row.state, platform, handle: row.handle },
      locale: row.locale === 'fr' ? 'fr' : 'en',
      name: profile?.name ?? null,
      grant: row.grants[0] ? grantView(row.grants[0]) : null,
      approved: [...users.values()].sort(),
      kept: {
        face: templates.some(({ what }) => what === 'face'),
        voice: templates.some(({ what }) => what === 'voice'),
        portrait: row.portraitSha256 !== null,
      },
      // An older text is no longer at hand; its hash is.
      notice: { ...noticeOf(row), text: shown.sha256 === row.noticeSha256 ? shown.text : null },
      keep_until: row.keepUntil.toISOString(),
      created_at: row.createdAt.toISOString(),
      revoked_at: row.revokedAt?.toISOString() ?? null,
      counts: {
        uses: [...states.values()].reduce((sum, one) => sum + one, 0),
        drafts: count('draft') + count('held'),
        released: count('released'),
        withdrawn: count('withdrawn'),
      },
      receipt: row.state === 'enrolled' ? null : receiptId(row.id),
    };
  }

  /** Replaces what a person allows. @throws ConsentError `grant_until_past`, `consent_revoked` */
  async grant(row: PersonRow, wanted: PutGrant): Promise<void> {
    const { database, clock } = this.parts;
    const now = clock.now();
    assertEnrolled(row);
    if (wanted.until !== null && new Date(wanted.until) <= now) {
      const message = 'The end of a grant lies in the future. To end it now, revoke it or allow only yourself.';
      throw new ConsentError('invalid', 'grant_until_past', message, { param: 'until' });
    }
    await database.$transaction(async (tx) => {
      await touch(tx, row.id, {});
      const once = await writeGrant(tx, row, wanted, now);
      await promiseConsent(tx, row.id, { event: 'granted', once });
      await promiseWebhooks(tx, row.tenantId, 'consent.granted', row.id, now);
    });
  }

  /** Replaces the list of whoever may use it under `approved`. @throws ConsentError `consent_revoked` */
  async approve(row: PersonRow, { users }: PutApproved): Promise<Approved> {
    const { database, makers } = this.parts;
    assertEnrolled(row);
    const approved: string[] = [];
    for (const user of new Set(users)) approved.push((await makers.ensure(row.tenantId, user)).id);
    await database.$transaction(async (tx) => {
      await touch(tx, row.id, { approved });
      const data = { approved: approved.length };
      const actor = `person:${row.id}`;
      await recordAudit(tx, { tenantId: row.tenantId, actor, action: 'consent.approved', subject: row.id, data });
    });
    return { object: 'consent.approved', users: [...new Set(users)].sort() };
  }

  /** Makes a new address of a person's own page; the one before ends. @throws ConsentError `consent_revoked` */
  async link({ id, tenantId }: PersonRow, actor: string): Promise<PersonLink> {
    const secret = newSecret('prs');
    await this.parts.database.$transaction(async (tx) => {
      await touch(tx, id, { tokenHash: secretHash(secret) });
      await recordAudit(tx, { tenantId, actor, action: 'consent.linked', subject: id });
    });
    return { object: 'consent.link', url: pageUrl(this.parts.settings, secret) };
  }

  /** What a person said of themselves; null once their key is gone. */
  async profile(row: LikenessPerson): Promise<Profile | null> {
    const key = row.profileSealed === null ? null : await this.parts.keys.open(row.id);
    return key && row.profileSealed !== null ? openProfile(key, row.profileSealed, row.id) : null;
  }

  /** The tenant's names of makers, by id. */
  async usersOf(ids: readonly string[]): Promise<Map<string, string>> {
    const makers = await this.parts.database.maker.findMany({ where: { id: { in: [...ids] } } });
    return new Map(makers.map(({ id, externalId }) => [id, externalId]));
  }

  /** How many clips of a person there are, by what became of them. */
  private async states(personId: string): Promise<Map<string, number>> {
    const rows = await this.parts.database.$queryRaw<{ state: Parameters<typeof useState>[0]; n: number }[]>`
      SELECT c.state, COUNT(*)::int AS n FROM likeness_uses u JOIN clips c ON c.id = u.clip_id
      WHERE u.person_id = ${personId} GROUP BY c.state`;
    const counts = new Map<string, number>();
    for (const { state, n } of rows) counts.set(useState(state), (counts.get(useState(state)) ?? 0) + n);
    return counts;
  }
}

/** Changes somebody who is enrolled; locks the row, so that a revocation at the same moment comes before or after. */
async function touch(tx: Transaction, id: string, data: { approved?: string[]; tokenHash?: string }): Promise<void> {
  const where = { id, state: 'enrolled' as const };
  const { count } = await tx.likenessPerson.updateMany({ where, data: { ...data, version: { increment: 1 } } });
  if (count === 0) throw consentEnded();
}
