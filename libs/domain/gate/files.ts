import type { Clip, Database } from '#platform/database';
import type { BlobStore } from '#platform/storage';
import { ERASED_STATES } from './machine.js';

const COLUMNS = [
  'sourceSha256',
  'markedSha256',
  'signedSha256',
  'thumbnailSha256',
  'sheetSha256',
  'referenceSha256',
  'stillsSha256',
] as const;

/** Columns of a clip that name files. */
export type ClipFiles = Partial<Pick<Clip, (typeof COLUMNS)[number] | 'manifestSha256'>>;

/** What the columns hold when the files are gone. */
export const NO_FILES = Object.fromEntries(COLUMNS.map((column) => [column, null])) as Record<
  (typeof COLUMNS)[number],
  null
>;

const SERVED = ['markedSha256', 'signedSha256', 'thumbnailSha256', 'sheetSha256'] as const;

/** What the columns of files hold that were served, when those are gone. */
export const NOT_SERVED = Object.fromEntries(SERVED.map((column) => [column, null])) as Record<
  (typeof SERVED)[number],
  null
>;

/** Hashes of the files of a clip that were served, or made to be. */
export function servedFiles(row: ClipFiles): string[] {
  return SERVED.map((column) => row[column]).filter((sha256) => typeof sha256 === 'string');
}

/** Hashes of all files that a row, or a change of one, names. */
export function filesOf(row: ClipFiles, manifestToo = true): string[] {
  const columns = manifestToo ? [...COLUMNS, 'manifestSha256' as const] : COLUMNS;
  return columns.map((column) => row[column]).filter((sha256) => typeof sha256 === 'string');
}

/**
 * Deletes files that no living clip names, no unfinished remix still needs, nobody holds, and that are not kept for an appeal.
 * A clip that is about to name the same bytes loses them and is held: never released, and only for equal content.
 * @param of a clip that no longer counts as one that names them
 */
export async function discardFiles(
  database: Database,
  blobs: BlobStore,
  hashes: readonly string[],
  of?: string,
): Promise<void> {
  const kept = { state: 'withdrawn' as const, keepUntil: { gt: new Date() } };
  for (const sha256 of new Set(hashes)) {
    const naming = (columns: readonly string[]) => ({ OR: columns.map((column) => ({ [column]: sha256 })) });
    const living = { state: { notIn: [...ERASED_STATES] }, ...naming([...COLUMNS, 'manifestSha256']) };
    const appealed = { ...kept, ...naming(COLUMNS.filter((column) => !SERVED.some((served) => served === column))) };
    const others = of ? { id: { not: of } } : {};
    const needed = await database.clip.count({ where: { OR: [{ ...living, ...others }, appealed] } });
    if (needed > 0 || (await neededByRemix(database, sha256))) continue;
    // Evidence that has yet to be sealed.
    if ((await database.fileHold.count({ where: { sha256 } })) === 0) await blobs.delete(sha256);
  }
}

/** True for the file of a release whose remix has yet to name it as its ingredient. */
async function neededByRemix(database: Database, sha256: string): Promise<boolean> {
  const release = await database.release.findFirst({ where: { assetSha256: sha256 } });
  if (!release) return false;
  const unsigned = { in: ['queued', 'generating', 'inspecting', 'held', 'marking', 'signing'] as const };
  return (await database.clip.count({ where: { remixedFrom: release.clipId, state: { in: [...unsigned.in] } } })) > 0;
}
