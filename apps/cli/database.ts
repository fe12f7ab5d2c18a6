import { join } from 'node:path';
import type { Config } from '#platform/config';

/** Works on the database of this machine's deployment, whether the service runs or not. */
export async function withDatabase<T>(config: Config, work: (url: string) => Promise<T>): Promise<T> {
  if (config.DATABASE_URL) return work(config.DATABASE_URL);
  const { migrateDatabase, runningDatabaseUrl, startEmbeddedDatabase } = await import('#platform/database');
  const dir = join(config.dataDir, 'postgres');
  const running = runningDatabaseUrl(dir);
  if (running) return work(running);
  const database = await startEmbeddedDatabase(dir);
  try {
    await migrateDatabase(database.url);
    return await work(database.url);
  } finally {
    await database.stop();
  }
}
