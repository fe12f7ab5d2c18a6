import type { DeskPerson, DeskPersonList, DeskUseList, ListDeskPersons, ListDeskUses } from '#contracts';
import { mayDo, tenantNames, tenantsOf, type StaffCaller } from '#platform/auth';
import type { Database, Prisma } from '#platform/database';
import { personNotFound } from './errors.js';
import type { PersonRow } from './persons.js';
import { personView, useState } from './rows.js';
import type { LikenessUses } from './uses.js';

/** Which of these clips have a case that the person may read, and which one. */
export type CasesOfClips = (staff: StaffCaller, clipIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;

const LIVE_GRANT = { grants: { where: { endedAt: null } } };

/** The register for staff: who is enrolled and in which clips, in numbers and in the platform's own names. */
export class StaffLikeness {
  constructor(
    private readonly database: Database,
    private readonly likenessUses: Pick<LikenessUses, 'list'>,
    private readonly casesOf: CasesOfClips,
  ) {}

  /** A page of persons, newest first. @throws AuthError `not_allowed` */
  async list(staff: StaffCaller, query: ListDeskPersons): Promise<DeskPersonList> {
    const { limit, after, state, tenant } = query;
    const tenants = tenantsOf(staff, 'likeness.read');
    const rows = await this.database.likenessPerson.findMany({
      where: {
        AND: [tenants ? { tenantId: { in: tenants } } : {}, tenant === undefined ? {} : { tenantId: tenant }],
        ...(state && { state }),
        ...(after && { id: { lt: after } }),
        ...(query.q && (await this.found(query.q))),
      },
      orderBy: { id: 'desc' },
      include: LIVE_GRANT,
      take: limit + 1,
    });
    return { object: 'list', data: await this.views(rows.slice(0, limit)), has_more: rows.length > limit };
  }

  /** @throws ConsentError `character_not_found`, for persons of platforms that the reader may not see as well */
  async get(staff: StaffCaller, id: string): Promise<DeskPerson> {
    const [view] = await this.views([await this.row(staff, id)]);
    return view!;
  }

  /** A page of the clips with a person's likeness, newest first. @throws as {@link get}; ConsentError `use_not_found` */
  async uses(staff: StaffCaller, id: string, query: ListDeskUses): Promise<DeskUseList> {
    await this.row(staff, id);
    const { data, ...page } = await this.likenessUses.list(id, query);
    const cases = await this.casesOf(
      staff,
      data.map(({ clip_id }) => clip_id),
    );
    const views = data.map(({ clip_id, object, state, how, grant_id, at, by, released_at, withdrawn_at }) => ({
      ...{ clip_id, object, state, how, grant_id, at, by, released_at, withdrawn_at },
      case_id: cases.get(clip_id) ?? null,
    }));
    return { ...page, data: views };
  }

  private async row(staff: StaffCaller, id: string): Promise<PersonRow> {
    const row = await this.database.likenessPerson.findUnique({ where: { id }, include: LIVE_GRANT });
    if (!row || !mayDo(staff, 'likeness.read', { tenantId: row.tenantId })) throw personNotFound(id);
    return row;
  }

  private async found(q: string): Promise<Prisma.LikenessPersonWhereInput> {
    const makers = await this.database.maker.findMany({ where: { externalId: q }, select: { id: true }, take: 100 });
    const handle = q.replace(/^@/, '').toLowerCase();
    return { OR: [{ id: q }, { handle }, { makerId: { in: makers.map(({ id }) => id) } }] };
  }

  private async views(rows: readonly PersonRow[]): Promise<DeskPerson[]> {
    const ids = rows.map(({ id }) => id);
    const makerIds = rows.flatMap(({ makerId }) => makerId ?? []);
    const [name, makers, grants, uses] = await Promise.all([
      tenantNames(
        this.database,
        rows.map(({ tenantId }) => tenantId),
      ),
      this.database.maker.findMany({ where: { id: { in: makerIds } } }),
      this.database.likenessGrant.groupBy({ by: ['personId'], where: { personId: { in: ids } }, _count: true }),
      this.counted(ids),
    ]);
    return rows.map((row) => {
      const user = makers.find(({ id }) => id === row.makerId)?.externalId ?? null;
      const { id, state, handle, grant, keep_until, created_at, revoked_at, erased_at } = personView(row, user);
      const own = uses.filter(({ person }) => person === id);
      const count = (...states: string[]) =>
        own.filter((one) => states.includes(useState(one.state))).reduce((sum, { n }) => sum + n, 0);
      return {
        ...{ id, state, user, handle, grant, keep_until, created_at, revoked_at, erased_at },
        object: 'desk.person',
        tenant: name(row.tenantId),
        grants: grants.find(({ personId }) => personId === id)?._count ?? 0,
        uses: { total: own.reduce((sum, { n }) => sum + n, 0), released: count('released'), held: count('held') },
      };
    });
  }

  private counted(ids: string[]): Promise<{ person: string; state: Parameters<typeof useState>[0]; n: number }[]> {
    return this.database.$queryRaw`
      SELECT u.person_id AS person, c.state, COUNT(*)::int AS n FROM likeness_uses u JOIN clips c ON c.id = u.clip_id
      WHERE u.person_id = ANY(${ids}) GROUP BY u.person_id, c.state`;
  }
}
