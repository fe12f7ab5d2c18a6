import { join } from 'node:path';
import { systemClock } from '#kernel';
import { ApiKeys, AuthError } from '#platform/auth';
import type { Config } from '#platform/config';
import { Database, runningDatabaseUrl } from '#platform/database';
import { REHEARSAL } from './history.js';
import { isDemoAddress } from './people.js';

/** Every maker in whose name the demo asks has such a name. */
export const DEMO_MAKER = 'demo-';
/** So many clips of others are somebody who tries things out, as the first start proposes. */
const A_FEW = 10;
/** Connections of the demo. */
const CONNECTIONS = 2;

/** The database behind the service that the demo talks to. */
export interface Deployment {
  database: Database;
  /** Whose key it asks with. */
  tenantId: string;
}

/** What is there and is not the demo's. */
export interface Strangers {
  tenants: number;
  staff: number;
  clips: number;
}

/**
 * Works on the database of the service, if it can be reached from here and knows the key; else with null, as for a service on another
 * machine.
 */
export async function withDeployment<T>(
  config: Config,
  key: string,
  work: (found: Deployment | null) => Promise<T>,
): Promise<T> {
  const url = config.DATABASE_URL ?? runningDatabaseUrl(join(config.dataDir, 'postgres'));
  if (!url) return work(null);
  const database = new Database(url, CONNECTIONS);
  try {
    const tenantId = await ownerOf(database, key);
    return await work(tenantId === null ? null : { database, tenantId });
  } finally {
    await database.$disconnect();
  }
}

async function ownerOf(database: Database, key: string): Promise<string | null> {
  try {
    return (await new ApiKeys(database, systemClock).authenticate(`Bearer ${key}`)).tenantId;
  } catch (e) {
    if (e instanceof AuthError) return null;
    throw e;
  }
}

/** What a deployment holds that no demo made. */
export async function strangersIn({ database, tenantId }: Deployment): Promise<Strangers> {
  const [tenants, staff, makers] = await Promise.all([
    database.tenant.count({ where: { id: { notIn: [tenantId, REHEARSAL.tenantId] } } }),
    database.staff.findMany({ select: { email: true } }),
    database.maker.findMany({ where: { externalId: { startsWith: DEMO_MAKER } }, select: { id: true } }),
  ]);
  const ours = makers.map(({ id }) => id);
  const clips = await database.clip.count({
    where: { tenantId: { not: REHEARSAL.tenantId }, OR: [{ makerId: null }, { makerId: { notIn: ours } }] },
  });
  return { tenants, staff: staff.filter(({ email }) => !isDemoAddress(email)).length, clips };
}

/** True when somebody works with it: the demo then needs to be told that it may. */
export function isInUse({ tenants, staff, clips }: Strangers): boolean {
  return tenants > 0 || staff > 0 || clips > A_FEW;
}
