import type { RegisterAgainstLog } from '#contracts';
import type { Database } from '#platform/database';

const MOST = 1000;

/** Compares the register with the published log, both ways. Lists hold at most 1,000 each. */
export async function compareWithLog(database: Database): Promise<RegisterAgainstLog> {
  const withoutLeaf = await database.$queryRaw<{ id: string }[]>`
    SELECT r.id FROM releases r
    LEFT JOIN log_leaves l ON l.dedupe_key = 'release:' || r.id || ':' || r.manifest_sha256
    WHERE l.idx IS NULL OR l.idx >= (SELECT COALESCE(MAX(size), 0) FROM log_checkpoints WHERE published_at IS NOT NULL)
    ORDER BY r.released_at LIMIT ${MOST}`;
  const withoutRelease = await database.$queryRaw<{ idx: bigint }[]>`
    SELECT l.idx FROM log_leaves l
    WHERE l.dedupe_key LIKE 'release:%'
      AND NOT EXISTS (SELECT 1 FROM releases r WHERE l.dedupe_key = 'release:' || r.id || ':' || r.manifest_sha256)
      AND NOT EXISTS (SELECT 1 FROM log_leaves w WHERE w.dedupe_key = 'withdraw:' || substr(l.dedupe_key, 9))
      AND NOT EXISTS (SELECT 1 FROM log_pending p WHERE p.dedupe_key = 'withdraw:' || substr(l.dedupe_key, 9))
      AND NOT EXISTS (SELECT 1 FROM clips c WHERE c.state = 'logging'
        AND l.dedupe_key = 'release:' || c.release_id || ':' || c.manifest_sha256)
    ORDER BY l.idx LIMIT ${MOST}`;
  return {
    object: 'log.register',
    releases: await database.release.count(),
    without_leaf: withoutLeaf.map(({ id }) => id),
    without_release: withoutRelease.map(({ idx }) => Number(idx)),
  };
}
