// One PostgreSQL is shared by all test files; each file that needs it takes a copy of the migrated template. Started
// only when such a file is among those to be run.
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { migrateDatabase, startEmbeddedDatabase } from '../../dist/libs/platform/database/index.js';

export default async function setup() {
  const dir = `.data/test-${process.pid}`;
  const database = await startEmbeddedDatabase(dir, false);
  await migrateDatabase(database.url);
  const admin = new URL(database.url);
  admin.pathname = '/postgres';
  process.env.TEST_ADMIN_URL = admin.toString();
  process.env.TEST_RUN_DIR = resolve(`${dir}-once`);
  globalThis.__stopDatabase = async () => {
    await database.stop();
    for (const one of [dir, process.env.TEST_RUN_DIR]) await rm(one, { recursive: true, force: true });
  };
}
