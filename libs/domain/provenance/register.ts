import type { Database, Release } from '#platform/database';
import type { RegisteredAs, RegisteredRelease } from './verdict.js';

/** Looks up what was released. `null` when the register cannot be asked. */
export type AskRegister = (file: {
  sha256: string;
  manifestId: string | null;
  watermarkId: string | null;
}) => Promise<RegisteredAs | null>;

function known(release: Release | null): RegisteredRelease | null {
  return release && { id: release.id, releasedAt: release.releasedAt.toISOString() };
}

/** The register of this deployment. */
export function databaseRegister(database: Database): AskRegister {
  return async ({ sha256, manifestId, watermarkId }) => {
    const find = (where: object | null) => (where ? database.release.findFirst({ where }) : Promise.resolve(null));
    const [bytes, manifest, watermark] = await Promise.all([
      find({ assetSha256: sha256 }),
      find(manifestId ? { manifestId } : null),
      find(watermarkId ? { id: watermarkId } : null),
    ]);
    return { bytes: known(bytes), manifest: known(manifest), watermark: known(watermark) };
  };
}
