import { join } from 'node:path';
import { runMigrations } from 'bullmq';
import { Client } from 'pg';
import { projectRoot } from '#kernel';
import { openSchemaEngine, readDatamodels, readMigrations } from './schema-engine.js';

/**
 * Brings a database up to date: the product's own migrations, then the queue's.
 * The result is what `prisma migrate deploy` would leave. Safe to run again.
 * @returns names of the migrations that were applied now
 */
export async function migrate(url: string, root: string = join(projectRoot, 'prisma')): Promise<string[]> {
  const { engine, close } = await openSchemaEngine(url, await readDatamodels(join(root, 'schema')));
  try {
    const migrationsList = await readMigrations(join(root, 'migrations'));
    const filters = { externalTables: [], externalEnums: [] };
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters });
    await migrateQueue(url);
    return appliedMigrationNames;
  } finally {
    await close();
  }
}

async function migrateQueue(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
}
