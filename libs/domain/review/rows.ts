import { json, type ReviewCaseRow, type Transaction } from '#platform/database';
import { caseNotFound } from './errors.js';

/** How long a lease lasts without a heartbeat, and how often those come. */
export const LEASE_MS = 45_000;
export const HEARTBEAT_S = 10;
/** How long a decision can be undone. */
export const UNDO_MS = 10_000;

/** Many take at once when a shift begins: they wait for each other rather than fail, milliseconds. */
export const PATIENT = { maxWait: 30_000, timeout: 10_000 };

/** Columns of a case that nobody holds. */
export const NO_LEASE = {
  leaseToken: null,
  leaseHolder: null,
  leaseName: null,
  leaseAt: null,
  leaseUntil: null,
  leaseUnblurred: 0,
  leaseWatched: json([]),
};

/** Reads a case and keeps it from changing until the transaction ends. @throws ReviewError `case_not_found` */
export async function lockCase(tx: Transaction, id: string): Promise<ReviewCaseRow> {
  await tx.$executeRaw`SELECT 1 FROM review_cases WHERE id = ${id} FOR UPDATE`;
  const row = await tx.reviewCase.findUnique({ where: { id } });
  if (!row) throw caseNotFound(id);
  return row;
}

/** True while somebody holds the case. */
export function isLeased(row: Pick<ReviewCaseRow, 'leaseUntil'>, now: Date): boolean {
  return row.leaseUntil !== null && row.leaseUntil > now;
}

/** Keeps a queue from being closed until the transaction ends. @returns false when it was closed just now */
export async function holdQueue(tx: Transaction, id: string): Promise<boolean> {
  const rows = await tx.$queryRaw<
    unknown[]
  >`SELECT 1 FROM review_queues WHERE id = ${id} AND closed_at IS NULL FOR SHARE`;
  return rows.length === 1;
}
