import { sleep } from '#kernel';
import type { Database } from '#platform/database';
import { AuditError } from './errors.js';

const POLL_MS = 50;

/** Transactions that may hold an id of the record that nobody sees yet: whoever inserts takes this lock before the id. */
async function writers(database: Database): Promise<string[]> {
  const rows = await database.$queryRaw<{ writer: string }[]>`
    SELECT DISTINCT virtualtransaction AS writer FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'audit_events'::regclass AND mode = 'RowExclusiveLock' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  return rows.map(({ writer }) => writer);
}

/**
 * An id of the record below which nothing can appear any more. Ids are given before a transaction commits, so that one
 * may commit late with a low id: the newest id is read, and then whoever was writing at that moment is waited for. Nobody
 * is held up by it.
 * @throws AuditError `audit_busy` when one of them is still writing after `timeoutMs`
 */
export async function settledId(database: Database, timeoutMs: number): Promise<bigint> {
  const { _max } = await database.auditEvent.aggregate({ _max: { id: true } });
  let waited = await writers(database);
  const until = performance.now() + timeoutMs;
  while (waited.length) {
    if (performance.now() > until)
      throw new AuditError('unavailable', 'audit_busy', 'A transaction has been writing to the record for too long.');
    await sleep(POLL_MS);
    const now = await writers(database);
    waited = waited.filter((one) => now.includes(one));
  }
  return _max.id ?? 0n;
}
