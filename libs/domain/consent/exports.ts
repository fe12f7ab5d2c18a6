import { ErasureReceipt, type ConsentExport } from '#contracts';
import { openTemplate } from '#domain/recognition';
import { recordAudit } from '#platform/audit';
import { ConsentError, consentEnded } from './errors.js';
import type { ConsentParts } from './parts.js';
import type { Persons, PersonSession } from './persons.js';
import { openPortrait } from './portraits.js';
import { grantView, noticeOf, useView } from './rows.js';
import { withClips } from './uses.js';

/** What a person may take along, and what everybody may see of an erasure. */
export class ConsentRecords {
  constructor(
    private readonly parts: ConsentParts,
    private readonly persons: Persons,
  ) {}

  /**
   * Everything that is kept about a person; without templates and picture for an address that the platform handed out. The
   * look is put on record. @throws ConsentError `consent_revoked`
   */
  async export(row: PersonSession): Promise<ConsentExport> {
    const { database, keys, clock } = this.parts;
    const key = await keys.open(row.id);
    const profile = await this.persons.profile(row);
    if (!key || !profile) throw consentEnded();
    const subject = { subjectKind: 'person', subjectId: row.id };
    const [grants, uses, events, templates, users] = await Promise.all([
      database.likenessGrant.findMany({ where: { personId: row.id }, orderBy: { createdAt: 'asc' } }),
      database.likenessUse.findMany({ where: { personId: row.id }, orderBy: { at: 'asc' } }),
      database.auditEvent.findMany({ where: { subject: row.id }, orderBy: { id: 'asc' } }),
      row.limited ? [] : database.likenessTemplate.findMany({ where: subject, orderBy: { id: 'asc' } }),
      this.persons.usersOf(row.approved),
    ]);
    const clips = await withClips(database, uses);
    const portrait = row.limited ? null : await openPortrait(this.parts, row.id);
    await database.$transaction((tx) =>
      recordAudit(tx, {
        tenantId: row.tenantId,
        actor: row.by,
        action: 'consent.exported',
        subject: row.id,
        data: { biometrics: !row.limited },
      }),
    );
    return {
      object: 'consent.export',
      made_at: clock.now().toISOString(),
      person: await this.persons.view(row),
      profile: {
        ...{ name: profile.name, character_name: profile.characterName, birth_date: profile.birthDate },
        ...{ attested: profile.attested, attested_at: profile.attestedAt },
      },
      notice: noticeOf(row),
      approved: [...users.values()].sort(),
      grants: grants.map(grantView),
      uses: clips.map((one) => {
        const { stills: _, can_withdraw: __, ...use } = useView(one);
        return use;
      }),
      events: events.map(({ at, action, actor }) => ({ at: at.toISOString(), action, by: actor })),
      templates: templates.map(({ what, model, sealed, createdAt }) => {
        const kind = what === 'voice' ? 'voice' : 'face';
        const base64 = openTemplate(key, row.id, sealed, kind).toString('base64');
        return { what: kind, model, base64, created_at: createdAt.toISOString() };
      }),
      portrait: portrait && { mime: 'image/jpeg', base64: Buffer.from(portrait.picture).toString('base64') },
    };
  }

  /** The signed receipt of an erasure. @throws ConsentError `receipt_not_found` before it is done */
  async receipt(id: string): Promise<ErasureReceipt> {
    const row = await this.parts.database.erasureReceipt.findUnique({ where: { id } });
    if (row) return ErasureReceipt.parse(row.receipt);
    const message = 'There is no such receipt, or the erasure is still being done. Ask again in a minute.';
    throw new ConsentError('not_found', 'receipt_not_found', message);
  }
}
