import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { compiledModule, projectRoot, sha256Hex } from '#kernel';
import { Prisma, PrismaClient } from './generated/prisma/client.js';

/** The typed client of the product's tables. */
export class Database extends PrismaClient {
  constructor(url: string, poolSize = 8) {
    super({ adapter: new PrismaPg({ connectionString: url, max: poolSize }) });
  }
}

/** A transaction of {@link Database}: same tables, one fate. */
export type Transaction = Prisma.TransactionClient;

/** Any JSON value as Prisma wants it for a Json column. */
export function json(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value ?? null)) as Prisma.InputJsonValue;
}

/** Digest of everything that {@link migrateDatabase} would apply: the product's migrations and the queue's version. */
export async function migrationState(): Promise<string> {
  const dir = join(projectRoot, 'prisma/migrations');
  const names = (await readdir(dir, { recursive: true })).filter((name) => name.endsWith('.sql')).sort();
  const files = await Promise.all(names.map(async (name) => `${name}\0${await readFile(join(dir, name), 'utf8')}`));
  const queue = await readFile(createRequire(import.meta.url).resolve('bullmq/package.json'), 'utf8');
  return sha256Hex([...files, (JSON.parse(queue) as { version: string }).version].join('\0'));
}

/**
 * Applies migrations in a process of its own.
 * @returns names of the migrations that were applied now
 */
export async function migrateDatabase(url: string): Promise<string[]> {
  const cli = compiledModule(import.meta.url, 'migrate-cli.js');
  const { stdout } = await promisify(execFile)(process.execPath, [cli], { env: { ...process.env, DATABASE_URL: url } });
  return (JSON.parse(stdout) as { applied: string[] }).applied;
}
