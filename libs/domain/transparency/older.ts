import type { Database } from '#platform/database';
import { z } from 'zod';
import { promiseRelease } from './leaves.js';

const Evidence = z.looseObject({
  credentials: z.looseObject({ signerCertificateSha256: z.string().nullish() }).optional(),
});

/**
 * Promises the entries of releases that were made before there was a log, so that their files are not called suspect.
 * @param firstSigner SHA-256 of the certificate that signed them, where the release does not say: the deployment's first
 * @returns how many were promised now
 */
export async function logOlderReleases(database: Database, firstSigner: string): Promise<number> {
  const missing = await database.$queryRaw<{ id: string }[]>`
    SELECT r.id FROM releases r
    WHERE r.log_index IS NULL
      AND NOT EXISTS (SELECT 1 FROM log_leaves l WHERE l.dedupe_key = 'release:' || r.id || ':' || r.manifest_sha256)
      AND NOT EXISTS (SELECT 1 FROM log_pending p WHERE p.dedupe_key = 'release:' || r.id || ':' || r.manifest_sha256)
    ORDER BY r.released_at`;
  for (const { id } of missing) {
    await database.$transaction(async (tx) => {
      const release = await tx.release.findUniqueOrThrow({ where: { id }, include: { clip: true } });
      const { remixedFrom } = release.clip;
      const parent = remixedFrom ? await tx.release.findUnique({ where: { clipId: remixedFrom } }) : null;
      const { credentials } = Evidence.parse(release.evidence);
      const { manifestId, manifestSha256, assetSha256 } = release;
      await promiseRelease(tx, {
        ...{ releaseId: id, manifestId, manifestSha256, assetSha256, bindings: [] },
        signerCertSha256: credentials?.signerCertificateSha256 ?? firstSigner,
        parents: parent ? [parent.manifestId] : [],
      });
    });
  }
  return missing.length;
}
