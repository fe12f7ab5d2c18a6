import type { CaseLikeness, CaseMaker, CaseProvenance } from '#contracts';
import { Audience } from '#contracts';
import { readDecisions } from '#domain/gate';
import type { Clip, Database, ReviewCaseRow } from '#platform/database';

const LATEST = 8;

/** Who asked for a clip and how it went before, without the clip at hand. Null for clips without a maker. */
export async function makerOf(database: Database, clip: Clip): Promise<CaseMaker | null> {
  if (!clip.makerId) return null;
  const { makerId } = clip;
  const others = { makerId, id: { not: clip.id } };
  const [maker, counts, latest] = await Promise.all([
    database.maker.findUnique({ where: { id: makerId } }),
    database.clip.groupBy({ by: ['state'], where: others, _count: true }),
    database.clip.findMany({ where: others, orderBy: { createdAt: 'desc' }, take: LATEST }),
  ]);
  if (!maker) return null;
  const count = (...states: Clip['state'][]) =>
    counts.filter(({ state }) => states.includes(state)).reduce((sum, { _count }) => sum + _count, 0);
  return {
    id: maker.externalId,
    audience: Audience.parse(clip.audience),
    since: maker.createdAt.toISOString(),
    clips: {
      total: counts.reduce((sum, { _count }) => sum + _count, 0),
      released: count('released', 'withdrawn'),
      refused: count('refused'),
      held: count('held'),
    },
    latest: latest.map((one) => ({
      at: one.createdAt.toISOString(),
      state: one.state,
      categories: readDecisions(one.decisions).at(-1)?.decision.categories ?? [],
      by: one.review ? 'reviewer' : one.state === 'refused' ? 'policy' : 'none',
    })),
  };
}

/** What the room of consent knows of the people in a clip; handed in, so that review needs no such room. */
export type LikenessReader = (clip: Pick<Clip, 'id' | 'tenantId'>) => Promise<CaseLikeness[]>;

const WAITING = {
  watermark: 'waiting',
  credentials: 'waiting',
  log: 'waiting',
  log_index: null,
  release_id: null,
} as const;

/** What makes a clip traceable, as of the moment that its case is about: of a held clip nothing later is read. */
export async function provenanceOf(database: Database, clip: Clip, row: ReviewCaseRow): Promise<CaseProvenance> {
  const made = {
    engine: clip.engine,
    model: clip.model,
    made_from: clip.remixedFrom ? { clip_id: clip.remixedFrom, how: clip.derivation ?? 'remix' } : null,
  };
  if (row.kind === 'hold') {
    if (row.heldAt !== 'marks') return { ...made, ...WAITING };
    // Which of the marks it was stands in the reason of the hold.
    return { ...made, ...WAITING, watermark: 'failed', credentials: 'failed' };
  }
  const release = await database.release.findUnique({ where: { clipId: clip.id } });
  if (!release) return { ...made, ...WAITING };
  return {
    ...made,
    release_id: release.id,
    watermark: 'read_back',
    credentials: 'read_back',
    log: release.logIndex === null ? 'waiting' : 'logged',
    log_index: release.logIndex === null ? null : Number(release.logIndex),
  };
}
