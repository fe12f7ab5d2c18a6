import type { Clock } from '#kernel';
import type { StatementSource } from '#contracts';
import type { Clips, Policies, SafetyDesk } from '#domain/gate';
import { releasedSettler, type Settler } from '#domain/review';
import { promiseWebhooks } from '#domain/webhooks';
import type { Database } from '#platform/database';

/** What settling stands on. */
export interface ReportSettling {
  database: Database;
  clips: Pick<Clips, 'withdraw'>;
  policies: Pick<Policies, 'of'>;
  safety: Pick<SafetyDesk, 'found'>;
  clock: Clock;
}

/** The gravest word that led to the case: what the statement of reasons names as its source. */
function sourceOf(reports: readonly { kind: string; trusted: boolean }[]): StatementSource {
  if (reports.some(({ trusted }) => trusted)) return 'trusted_flagger';
  return reports.some(({ kind }) => kind !== 'terms') ? 'notice' : 'report';
}

/** Reported releases stay, get limits or are withdrawn; every reporter's platform hears of it. */
export function reportSettler(parts: ReportSettling): Settler {
  const { database, clock } = parts;
  const reportsOf = (caseId: string) => database.userReport.findMany({ where: { caseId }, orderBy: { id: 'asc' } });
  const settle = releasedSettler(parts, async ({ caseId }) => sourceOf(await reportsOf(caseId)));
  return (settlement, close) =>
    settle(settlement, async (tx) => {
      await close(tx);
      const reports = await tx.userReport.findMany({ where: { caseId: settlement.caseId }, orderBy: { id: 'asc' } });
      for (const { id, tenantId } of reports) await promiseWebhooks(tx, tenantId, 'report.decided', id, clock.now());
    });
}
