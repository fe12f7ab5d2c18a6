import { Derivation } from '#contracts';
import type { Database } from '#platform/database';

/** A release in the history of others. Says nothing of any person. */
export interface Ancestor {
  /** 16 hex digits. */
  releaseId: string;
  /** ISO 8601. */
  releasedAt: string;
  withdrawnAt: string | null;
  /** The release that it was made from, and how. */
  parent: { releaseId: string; how: Derivation } | null;
}

/** The named releases and what they were made from, all the way back. */
export type AskAncestry = (releaseIds: readonly string[]) => Promise<Ancestor[]>;

/** Releases that one answer names at most. */
export const MOST_ANCESTORS = 50;

/** The history of releases as this deployment made them: released clips only, each once, at most {@link MOST_ANCESTORS}. */
export function databaseAncestry(database: Database): AskAncestry {
  return async (releaseIds) => {
    const found = new Map<string, Omit<Ancestor, 'withdrawnAt'>>();
    const waiting = [...new Set(releaseIds)];
    // A loop cannot come about, but a damaged row must not make this run for ever.
    for (let id = waiting.shift(); id !== undefined && found.size < MOST_ANCESTORS; id = waiting.shift()) {
      if (found.has(id)) continue;
      const release = await database.release.findUnique({ where: { id }, include: { clip: true } });
      if (!release) continue;
      const { remixedFrom, derivation } = release.clip;
      const parent = remixedFrom ? await database.release.findUnique({ where: { clipId: remixedFrom } }) : null;
      const how = Derivation.parse(derivation ?? 'remix');
      const releasedAt = release.releasedAt.toISOString();
      found.set(id, { releaseId: id, releasedAt, parent: parent && { releaseId: parent.id, how } });
      if (parent) waiting.push(parent.id);
    }
    const gone = await database.withdrawal.findMany({ where: { releaseId: { in: [...found.keys()] } } });
    const withdrawnAt = new Map(gone.map(({ releaseId, at }) => [releaseId, at.toISOString()]));
    return [...found.values()].map((one) => ({ ...one, withdrawnAt: withdrawnAt.get(one.releaseId) ?? null }));
  };
}
