// Writes prisma/migrations/<timestamp>_<name>/migration.sql from the difference between the migration history and
// the schema, without the native engine. Usage: npm run migration:new -- <snake_case_name>
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { startEmbeddedDatabase } from '#platform/database';
import { openSchemaEngine, readDatamodels, readMigrations } from '../libs/platform/database/schema-engine.js';

const name = process.argv[2];
if (!name || !/^[a-z0-9_]+$/.test(name)) throw new Error('usage: npm run migration:new -- <snake_case_name>');
const shadow = join(projectRoot, '.data/shadow');
await rm(shadow, { recursive: true, force: true });
const db = await startEmbeddedDatabase(shadow, false);
const datamodels = await readDatamodels(join(projectRoot, 'prisma/schema'));
const dir = join(projectRoot, 'prisma/migrations');
const { engine, close } = await openSchemaEngine(db.url, datamodels);
const { stdout } = await engine.diff({
  from: { tag: 'migrations', ...(await readMigrations(dir)) },
  to: { tag: 'schemaDatamodel', files: datamodels.map(([path, content]) => ({ path, content })) },
  script: true,
  shadowDatabaseUrl: null,
  exitCode: null,
  filters: { externalTables: [], externalEnums: [] },
});
if (!stdout || /empty migration/i.test(stdout)) {
  console.log('schema and migrations agree; nothing to do');
} else {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const target = join(dir, `${stamp}_${name}`);
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'migration.sql'), stdout);
  await writeFile(join(dir, 'migration_lock.toml'), 'provider = "postgresql"\n');
  console.log(`wrote ${target}/migration.sql`);
}
await close();
await db.stop();
process.exit(0); // the engine leaves a ten-second lock timer behind
