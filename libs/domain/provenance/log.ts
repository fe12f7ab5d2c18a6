import type { LogFinding } from '#contracts';
import type { LogReader } from '#domain/transparency';
import type { Database } from '#platform/database';

/** Asks the transparency log for a release, by its id. */
export type AskLog = (releaseId: string) => Promise<LogFinding>;

/** The log of this deployment. */
export function databaseLog(database: Database, log: LogReader): AskLog {
  return async (releaseId) => {
    const { manifestId, manifestSha256, assetSha256 } = await database.release.findUniqueOrThrow({
      where: { id: releaseId },
    });
    return log.finding({ releaseId, manifestId, manifestSha256, assetSha256 });
  };
}
