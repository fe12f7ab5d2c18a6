import type { ProtectedEntry } from '#contracts';
import type { Database } from '#platform/database';

/** A row of `protected_entries`. */
export type EntryRow = NonNullable<Awaited<ReturnType<Database['protectedEntry']['findUnique']>>>;

/** One who takes part in an entry, as in the audit record. */
export const actorFor = (id: string): string => `${id.startsWith('stf_') ? 'staff' : 'key'}:${id}`;

function reviewsOf(row: EntryRow): ProtectedEntry['reviews'] {
  const rejected = row.state === 'rejected';
  const given = [
    { by: row.firstBy, at: row.firstAt },
    { by: row.secondBy, at: row.secondAt },
  ].flatMap(({ by, at }) => (by && at ? [{ by: actorFor(by), at: at.toISOString() }] : []));
  return given.map((one, i) => ({
    ...one,
    outcome: rejected && i === given.length - 1 ? ('reject' as const) : ('approve' as const),
  }));
}

/** An entry as it is listed: it names nobody. */
export function entryView(row: EntryRow): ProtectedEntry {
  return {
    id: row.id,
    object: 'register.entry',
    kind: row.kind as ProtectedEntry['kind'],
    state: row.state as ProtectedEntry['state'],
    shared: row.tenantId === null,
    recognised: row.recognised,
    names_count: row.namesCount,
    face: row.face as ProtectedEntry['face'],
    submitted_by: actorFor(row.submittedBy),
    reviews: reviewsOf(row),
    end_asked_by: row.endingBy && actorFor(row.endingBy),
    end_asked_at: row.endingAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
    image_until: row.imageUntil?.toISOString() ?? null,
    ended_at: row.endedAt?.toISOString() ?? null,
  };
}
