import type { AuditDayCheck } from '#contracts';
import { systemClock } from '#kernel';
import { loadConfig } from '#platform/config';
import { EXIT, type Context } from '../context.js';
import { withDatabaseUrl } from '../database.js';

/**
 * `imprimatur audit check`: hashes every closed day of the record again, on the database of this machine's deployment, and
 * compares it with the public log, whose own tree is checked first.
 * @returns 1 when a day is not as it was closed
 */
export async function auditCheck({ json }: { json?: boolean }, { env, words, out }: Context): Promise<number> {
  const [{ openCore }, { assertLog, openLogReader }, { AuditDayBook }] = await Promise.all([
    import('#platform/core'),
    import('#domain/transparency'),
    import('#domain/audit'),
  ]);
  const days: AuditDayCheck[] = [];
  await withDatabaseUrl(loadConfig(env), async (url) => {
    const core = await openCore('cli', { ...env, DATABASE_URL: url, LOG_LEVEL: 'silent' });
    try {
      await assertLog(core);
      const book = new AuditDayBook(core.database, openLogReader(core), systemClock);
      for await (const day of book.checkAll()) {
        days.push(day);
        if (!json) out(words.audit.day(day));
      }
    } finally {
      await core.close();
    }
  });
  const sound = days.every(({ state }) => state === 'sound' || state === 'not_logged');
  if (json) out(JSON.stringify({ sound, days }, null, 2));
  else out(days.length === 0 ? words.audit.none : sound ? words.audit.sound : words.audit.unsound);
  return sound ? EXIT.done : EXIT.failure;
}
