import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, type Config } from '#platform/config';
import type { Database } from '#platform/database';
import type { Context } from './context.js';

/** Connections of one command. */
const CONNECTIONS = 2;

/** Where the database of this machine's deployment listens, whether the service runs or not. */
export async function withDatabaseUrl<T>(config: Config, work: (url: string) => Promise<T>): Promise<T> {
  if (config.DATABASE_URL) return work(config.DATABASE_URL);
  const { migrateDatabase, runningDatabaseUrl, startEmbeddedDatabase } = await import('#platform/database');
  // As the first start makes it: PostgreSQL has a user of its own, whose folder is inside.
  mkdirSync(config.dataDir, { recursive: true, mode: 0o711 });
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

/** Works on the database of this machine's deployment, whether the service runs or not. */
export async function withDatabase<T>(
  env: Context['env'],
  work: (database: Database, config: Config) => Promise<T>,
): Promise<T> {
  const config = loadConfig(env);
  const { Database } = await import('#platform/database');
  return withDatabaseUrl(config, async (url) => {
    const database = new Database(url, CONNECTIONS);
    try {
      return await work(database, config);
    } finally {
      await database.$disconnect();
    }
  });
}
