import type { Clock } from '#kernel';
import type { Database } from '#platform/database';
import type { QueueClient } from '#platform/queue';
import { ACTIVE_STATES, ENDED_BY_PERSON, ERASED_STATES, isActive, STEP_OF } from './machine.js';
import { stepJobId } from './moves.js';

/** How long a clip may stand still before its job is asked for again. A job that still exists is not doubled. */
const STILL_MS = 15_000;
/** How long the files of a deleted clip may stay before their erasure is asked for again. */
const UNERASED_MS = 120_000;

/**
 * The tables say what is to be done; the queue only carries it. Whatever the queue lost is given to it again.
 * @returns number of clips looked at
 */
export async function reconcile(database: Database, queue: QueueClient, clock: Clock): Promise<number> {
  const clips = await database.clip.findMany({
    where: {
      state: { in: [...ACTIVE_STATES] },
      updatedAt: { lt: new Date(clock.now().getTime() - STILL_MS) },
    },
    orderBy: { updatedAt: 'asc' },
    take: 200,
  });
  for (const clip of clips) {
    if (isActive(clip.state)) await queue.add(STEP_OF[clip.state], { clipId: clip.id }, stepJobId(clip));
  }
  const unerased = await database.clip.findMany({
    where: {
      updatedAt: { lt: new Date(clock.now().getTime() - UNERASED_MS) },
      AND: [
        { OR: [{ state: { in: [...ERASED_STATES] } }, { state: 'refused', errorCode: ENDED_BY_PERSON }] },
        {
          OR: [
            { signedSha256: { not: null } },
            {
              OR: [{ sourceSha256: { not: null } }, { referenceSha256: { not: null } }],
              // What is kept for an appeal is not asked for until its time is over, unless its clip was deleted since.
              NOT: { state: 'withdrawn', keepUntil: { gt: clock.now() } },
            },
          ],
        },
      ],
    },
    take: 100,
  });
  for (const { id } of unerased) await queue.add('clip.erase', { clipId: id }, `${id}-erase`);
  return clips.length + unerased.length;
}
