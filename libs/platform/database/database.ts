import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { compiledModule } from '#kernel';
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

/**
 * Applies migrations in a process of its own.
 * @returns names of the migrations that were applied now
 */
export async function migrateDatabase(url: string): Promise<string[]> {
  const cli = compiledModule(import.meta.url, 'migrate-cli.js');
  const { stdout } = await promisify(execFile)(process.execPath, [cli], { env: { ...process.env, DATABASE_URL: url } });
  return (JSON.parse(stdout) as { applied: string[] }).applied;
}
