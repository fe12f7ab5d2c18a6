import type { Database, Release } from '#platform/database';
import { z } from 'zod';
import type { RegisteredAs, RegisteredRelease } from './signals.js';

/** Looks up what was released, with its withdrawal. `null` when the register cannot be asked. */
export type AskRegister = (file: {
  sha256: string;
  manifestId: string | null;
  watermarkId: string | null;
  /** Releases that other findings name; ids, 16 hex digits. */
  releaseIds?: string[];
}) => Promise<RegisteredAs | null>;

/** What was read back before the release, as far as it is needed here. */
const Evidence = z.looseObject({
  credentials: z.looseObject({ signatureSha256: z.string().nullish() }).optional(),
});

/** The register of this deployment. */
export function databaseRegister(database: Database): AskRegister {
  return async ({ sha256, manifestId, watermarkId, releaseIds = [] }) => {
    const find = (where: object | null) => (where ? database.release.findFirst({ where }) : Promise.resolve(null));
    const [bytes, manifest, watermark, named] = await Promise.all([
      find({ assetSha256: sha256 }),
      find(manifestId ? { manifestId } : null),
      find(watermarkId ? { id: watermarkId } : null),
      releaseIds.length ? database.release.findMany({ where: { id: { in: releaseIds } } }) : [],
    ]);
    const ids = [bytes, manifest, watermark, ...named].flatMap((one) => (one ? [one.id] : []));
    const gone = ids.length ? await database.withdrawal.findMany({ where: { releaseId: { in: ids } } }) : [];
    const known = ({ id, releasedAt, evidence }: Release): RegisteredRelease => ({
      id,
      signatureSha256: Evidence.parse(evidence).credentials?.signatureSha256 ?? null,
      releasedAt: releasedAt.toISOString(),
      withdrawnAt: gone.find(({ releaseId }) => releaseId === id)?.at.toISOString() ?? null,
    });
    const one = (release: Release | null) => release && known(release);
    return { bytes: one(bytes), manifest: one(manifest), watermark: one(watermark), named: named.map(known) };
  };
}
