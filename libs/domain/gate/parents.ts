import type { Clip, Database } from '#platform/database';
import { ClipError, clipNotFound } from './errors.js';

/**
 * The parent of an edit or extension, as long as it stands: the new clip holds its pictures.
 * @throws ClipError `parent_not_available` when it was withdrawn or deleted since
 */
export async function unchangedParent(database: Database, clip: Clip): Promise<Clip> {
  const parent = await database.clip.findUnique({ where: { id: clip.remixedFrom ?? '' } });
  if (parent?.state === 'released' && parent.sourceSha256) return parent;
  const message = 'The video that this one is made from was withdrawn or deleted.';
  throw new ClipError('not_found', 'parent_not_available', message, { param: 'video' });
}

/** The released clip that a tenant wants to remake. @throws ClipError when there is none or it is not released */
export async function releasedParent(database: Database, tenantId: string, id: string): Promise<Clip> {
  const parent = await database.clip.findFirst({ where: { id, tenantId, state: { not: 'deleted' } } });
  if (!parent) throw clipNotFound(id);
  if (parent.state === 'released') return parent;
  throw new ClipError(
    'invalid',
    'video_not_completed',
    `The video ${id} is not completed, so it cannot be remade yet.`,
    { param: 'video_id' },
  );
}
