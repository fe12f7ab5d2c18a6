import type { Contacts } from '#contracts';
import { newId, type Clock } from '#kernel';
import { recordAudit } from '#platform/audit';
import type { Makers } from '#platform/auth';
import type { Database, Transaction } from '#platform/database';
import { makerNotFound } from './errors.js';

/** True when both makers follow each other; they are of the same tenant then. @param a, b ids of makers (`mak_...`) */
export async function areMutual(tx: Transaction, a: string, b: string): Promise<boolean> {
  const both = [
    { makerId: a, contactId: b },
    { makerId: b, contactId: a },
  ];
  return a !== b && (await tx.makerContact.count({ where: { OR: both } })) === 2;
}

/** Who follows whom, as the tenant tells it. */
export class MakerContacts {
  constructor(
    private readonly database: Database,
    private readonly makers: Makers,
    private readonly clock: Clock,
  ) {}

  /** Replaces the whole list of a maker. Names that are new become makers of unknown age. */
  async put(tenantId: string, externalId: string, names: readonly string[], actor: string): Promise<Contacts> {
    const { id: makerId } = await this.makers.ensure(tenantId, externalId);
    const wanted = [...new Set(names)].filter((name) => name !== externalId);
    const makers = wanted.map((name) => ({ id: newId('mak'), tenantId, externalId: name }));
    const at = this.clock.now();
    await this.database.$transaction(async (tx) => {
      // One list at a time: two at once would make a mixture of both.
      await tx.$queryRaw`SELECT id FROM makers WHERE id = ${makerId} FOR UPDATE`;
      await tx.maker.createMany({ data: makers, skipDuplicates: true });
      const rows = await tx.maker.findMany({ where: { tenantId, externalId: { in: wanted } }, select: { id: true } });
      const ids = rows.map(({ id }) => id);
      const gone = await tx.makerContact.deleteMany({ where: { makerId, contactId: { notIn: ids } } });
      const fresh = await tx.makerContact.createMany({
        data: ids.map((contactId) => ({ makerId, contactId, tenantId, at })),
        skipDuplicates: true,
      });
      const data = { added: fresh.count, removed: gone.count };
      if (data.added || data.removed)
        await recordAudit(tx, { tenantId, actor, action: 'maker.contacts', subject: makerId, data });
    });
    return this.get(tenantId, externalId);
  }

  /** @throws GuardianshipError `maker_not_found` */
  async get(tenantId: string, externalId: string): Promise<Contacts> {
    const maker = await this.makers.find(tenantId, externalId);
    if (!maker) throw makerNotFound(externalId);
    const rows = await this.database.$queryRaw<{ name: string; mutual: boolean }[]>`
      SELECT m.external_id AS name,
        EXISTS (SELECT 1 FROM maker_contacts b WHERE b.maker_id = c.contact_id AND b.contact_id = c.maker_id) AS mutual
      FROM maker_contacts c JOIN makers m ON m.id = c.contact_id WHERE c.maker_id = ${maker.id} ORDER BY 1`;
    const mutual = rows.filter((row) => row.mutual).map(({ name }) => name);
    return { object: 'maker.contacts', follows: rows.map(({ name }) => name), mutual };
  }
}
