import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A database of its own for one test file: a copy of the migrated template. */
export async function freshDatabase(): Promise<string> {
  const admin = process.env.TEST_ADMIN_URL;
  if (!admin) throw new Error('TEST_ADMIN_URL is not set: run the tests with npm test');
  const name = `t_${randomBytes(6).toString('hex')}`;
  const client = new Client({ connectionString: admin });
  await client.connect();
  await client.query(`CREATE DATABASE ${name} TEMPLATE app`);
  await client.end();
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return url.toString();
}
