import { areMutual } from '#domain/guardianship';
import type { Database } from '#platform/database';
import type { ProtectedKind } from './names.js';
import type { MakerFacts, ProtectedKinds } from './types.js';

/** What the database knows of makers. */
export function makerFacts(database: Database): MakerFacts {
  return {
    country: async (makerId) => {
      const maker = await database.maker.findUnique({ where: { id: makerId }, select: { country: true } });
      return maker?.country ?? null;
    },
    areMutual: (a, b) => areMutual(database, a, b),
  };
}

/** Why entries of the protected register are protected, from the database. */
export function protectedKinds(database: Database): ProtectedKinds {
  return {
    of: async (ids) => {
      if (ids.length === 0) return new Map();
      const rows = await database.protectedEntry.findMany({
        where: { id: { in: [...ids] } },
        select: { id: true, kind: true },
      });
      return new Map(rows.map(({ id, kind }) => [id, kind as ProtectedKind]));
    },
  };
}
