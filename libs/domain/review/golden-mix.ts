import { randomInt } from 'node:crypto';
import { newId } from '#kernel';
import type { ClockKind } from '#contracts';
import { recordAudit } from '#platform/audit';
import { mayDo, type StaffCaller } from '#platform/auth';
import { Prisma, type ReviewCaseRow, type Transaction } from '#platform/database';
import { placeOf } from './access.js';
import { clockTimes, rankOf } from './clock.js';
import { tellCase } from './events.js';

interface Mixing {
  staff: StaffCaller;
  /** The case that the person would get otherwise: the golden one resembles it in age, clock and place. */
  like: string;
  now: Date;
}

/**
 * A case whose answer is known, in place of the one that the person would get. It is made at this moment, looks like any other, and goes
 * the same way; only the gate never hears of it. Null when there is none that this person never saw.
 */
export async function mixGolden(tx: Transaction, mixing: Mixing): Promise<string | null> {
  const { staff, now } = mixing;
  const like = await tx.reviewCase.findUniqueOrThrow({ where: { id: mixing.like } });
  // Between two readings of a real case nothing is mixed in: that would be a strange second reading.
  if (like.stage !== 'first' || like.kind !== 'hold') return null;
  const items = await tx.$queryRaw<{ id: string; case_id: string }[]>`
    SELECT g.id, g.case_id FROM review_golden g JOIN clips k ON k.id = g.clip_id
    WHERE g.retired_at IS NULL AND k.state NOT IN ('deleted', 'withdrawn') AND ${tenantsOf(staff)}
      AND NOT EXISTS (SELECT 1 FROM review_decisions d WHERE d.clip_id = g.clip_id AND d.reader = ${staff.id})
      AND NOT EXISTS (SELECT 1 FROM review_cases o WHERE o.clip_id = g.clip_id AND o.golden AND o.state <> 'closed')
    ORDER BY md5(g.id || ${staff.id}) LIMIT 1`;
  const [item] = items;
  if (!item) return null;
  // Never waits for whoever closes the queue at this moment: they wait for the case at hand.
  const [open] = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM review_queues WHERE id = ${like.queueId} AND closed_at IS NULL FOR SHARE SKIP LOCKED`;
  if (!open) return null;
  const source = await tx.reviewCase.findUniqueOrThrow({ where: { id: item.case_id } });
  if (!mayDo(staff, 'case.decide', placeOf({ ...source, queueId: like.queueId }))) return null;
  return fileGolden(tx, item.id, source, like, now);
}

function tenantsOf({ tenants }: StaffCaller): Prisma.Sql {
  return tenants === null ? Prisma.sql`TRUE` : Prisma.sql`g.tenant_id = ANY(${[...tenants]})`;
}

async function fileGolden(
  tx: Transaction,
  goldenId: string,
  source: ReviewCaseRow,
  like: ReviewCaseRow,
  now: Date,
): Promise<string> {
  // As old as its neighbour, give or take: an id tells the time of its making.
  const openedAt = new Date(Math.min(like.openedAt.getTime() + randomInt(20_000), now.getTime()));
  const { severity, reach, doubt } = source;
  const clock = source.clock as ClockKind;
  const { warnAt, dueAt } = clockTimes(clock, openedAt);
  const row = await tx.reviewCase.create({
    data: {
      id: newId('cas', openedAt.getTime()),
      clipId: source.clipId,
      shownAs: newId('video', openedAt.getTime() - (source.openedAt.getTime() - source.askedAt.getTime())),
      tenantId: source.tenantId,
      kind: 'hold',
      queueId: like.queueId,
      category: source.category,
      severity,
      language: source.language,
      heldAt: source.heldAt,
      askedAt: new Date(openedAt.getTime() - (source.openedAt.getTime() - source.askedAt.getTime())),
      title: source.title,
      seconds: source.seconds,
      needs: source.needs,
      fresh: true,
      golden: true,
      reach,
      doubt,
      rank: rankOf({ severity, reach, doubt }, clock, dueAt),
      clock,
      openedAt,
      warnAt,
      dueAt,
      warnedAt: warnAt <= now ? now : null,
      breachedAt: dueAt <= now ? now : null,
    },
  });
  await tx.reviewGoldenCase.create({ data: { caseId: row.id, goldenId } });
  const data = { kind: 'hold', clip: row.shownAs, queue: row.queueId, category: row.category, severity, clock };
  await recordAudit(tx, { tenantId: row.tenantId, actor: 'review', action: 'case.opened', subject: row.id, data });
  await tellCase(tx, row);
  return row.id;
}
