import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#kernel';
import type { Scope } from '#contracts';
import type { BankUser } from '#domain/hash-banks';
import { ApiKeys } from '#platform/auth';
import { openCore, type Core } from '#platform/core';
import { createKeys } from '#platform/keys';
import { freshDatabase } from './fresh-database.js';

/** Somebody with an API key. */
export interface Someone extends BankUser {
  key: string;
}

/** A database and what stands on it, without a process of its own. */
export interface BankHarness {
  core: Core;
  dir: string;
  /** An administrator of the operator's own tenant, the first one. */
  operator: Someone;
  /** A new key, of a new tenant. */
  someone(scopes?: Scope[]): Promise<Someone>;
  close(): Promise<void>;
}

/** Opens {@link BankHarness}. */
export async function openBanks(env: Record<string, string> = {}): Promise<BankHarness> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-banks-'));
  await createKeys(join(dir, 'keys'));
  const url = await freshDatabase();
  const core = await openCore('test', { DATABASE_URL: url, IMPRIMATUR_DATA_DIR: dir, LOG_LEVEL: 'silent', ...env });
  const keys = new ApiKeys(core.database, systemClock);
  const someone = async (scopes: Scope[] = ['review']): Promise<Someone> => {
    const tenantId = await keys.createTenant('test');
    const { row, key } = await keys.create(tenantId, 'test', scopes, 'test');
    return { tenantId, keyId: row.id, scopes, key };
  };
  return {
    core,
    dir,
    operator: await someone(['admin']),
    someone,
    close: async () => {
      await core.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A hash that is near no other. */
export function randomHash(): string {
  return randomBytes(32).toString('hex');
}

/** The hash with so many bits changed. */
export function nearHash(hash: string, bits: number): string {
  const bytes = Buffer.from(hash, 'hex');
  for (let i = 0; i < bits; i++) bytes[(i * 7) % 32]! ^= 1 << (Math.floor(i / 32) % 8);
  return bytes.toString('hex');
}
