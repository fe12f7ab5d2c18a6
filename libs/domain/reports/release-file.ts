import { AppError } from '#kernel';
import type { Database } from '#platform/database';
import type { BlobStore } from '#platform/storage';
import type { StillsParts } from './stills.js';

/** The files of releases that stand, for the stills of a report. A withdrawn release is never opened. */
export function releaseFiles(database: Database, blobs: BlobStore): StillsParts['releaseFile'] {
  return async (releaseId) => {
    const [release, withdrawal] = await Promise.all([
      database.release.findUnique({ where: { id: releaseId } }),
      database.withdrawal.findFirst({ where: { releaseId } }),
    ]);
    if (!release || withdrawal) return null;
    try {
      return await blobs.localPath(release.assetSha256);
    } catch (e) {
      // Erased, as the rules of keeping ask for.
      if (e instanceof AppError && e.code === 'blob_not_found') return null;
      throw e;
    }
  };
}
