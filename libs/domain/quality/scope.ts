import type { QualityQuery } from '#contracts';
import { assertMay, type StaffCaller } from '#platform/auth';
import { Prisma } from '#platform/database';

const DAY_MS = 24 * 3_600_000;

/** Which time and which part of the house numbers are of. */
export interface Scope {
  from: Date;
  to: Date;
  /** Condition on a table with tenant_id and queue_id. @param alias of the table */
  place: (alias: string) => Prisma.Sql;
  /** The same of a table with tenant_id alone. */
  tenant: (alias: string) => Prisma.Sql;
}

/** @throws AuthError when the person may not read numbers (of that tenant) */
export function scopeOf(staff: StaffCaller, { days, tenant, queue }: QualityQuery, now: Date): Scope {
  assertMay(staff, 'quality.read');
  const tenants = tenant ? (staff.tenants ?? [tenant]).filter((id) => id === tenant) : staff.tenants;
  const of = (alias: string) => {
    const column = Prisma.raw(`${alias}.tenant_id`);
    return tenants === null ? Prisma.sql`TRUE` : Prisma.sql`${column} = ANY(${[...tenants]})`;
  };
  const queues = queue ? [queue] : staff.queues;
  return {
    from: new Date(now.getTime() - days * DAY_MS),
    to: now,
    tenant: of,
    place: (alias) => {
      const column = Prisma.raw(`${alias}.queue_id`);
      const inQueue = queues === null ? Prisma.sql`TRUE` : Prisma.sql`${column} = ANY(${[...queues]})`;
      return Prisma.sql`${of(alias)} AND ${inQueue}`;
    },
  };
}

/** To three places. */
export const round3 = (value: number) => Math.round(value * 1000) / 1000;

/** A share, null of nothing. */
export const shareOf = (part: number, whole: number) => (whole ? round3(part / whole) : null);
