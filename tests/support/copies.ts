import type { Database } from '#platform/database';

/** Every row of every table, as text: what somebody has who got hold of the database. */
export async function copyOfDatabase(database: Database): Promise<Map<string, Record<string, unknown>[]>> {
  const tables = await database.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
  const copy = new Map<string, Record<string, unknown>[]>();
  for (const { name } of tables) {
    // Names come from the catalogue itself.
    const rows = await database.$queryRawUnsafe<{ row: Record<string, unknown> }[]>(
      `SELECT to_jsonb(t) AS row FROM "${name.replaceAll('"', '""')}" t`,
    );
    copy.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return copy;
}

/** Bytes of a column of type bytea in such a copy. */
export function bytesIn(value: unknown): Buffer {
  return Buffer.from(String(value).replace(/^\\x/, ''), 'hex');
}
