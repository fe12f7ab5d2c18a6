import { Audience, type Signal } from '#contracts';
import { ENDED_BY_PERSON, readDecisions, writeStatement, type Move, type Policies } from '#domain/gate';
import { json, type Clip } from '#platform/database';
import { promiseJob } from '#platform/queue';
import { standingSignal } from './signals.js';

/** States in which the frames are not looked at yet: a clip held there goes back to its beginning. */
const UNSEEN: readonly Clip['state'][] = ['queued', 'generating'];

/**
 * Where the policy sends a clip that is on its way, with such a finding about likeness; never on.
 * @param note one line for the history
 */
export async function stopped(
  policies: Policies,
  clip: Clip,
  found: readonly Signal[],
  note: string,
  now: Date,
): Promise<Move> {
  const audience = Audience.parse(clip.audience);
  const record = await policies.decide('prompt', audience, [...promptSignals(clip), ...found], now);
  const { decision } = record;
  const policy = await policies.of(decision);
  const move = {
    actor: `policy:${decision.policy.id}@${decision.policy.version}`,
    note,
    data: { outcome: decision.outcome, categories: decision.categories, policy: decision.policy },
  };
  const decisions = json([...readDecisions(clip.decisions), record]);
  if (decision.outcome !== 'refuse') {
    return { ...move, to: 'held', patch: { decisions, heldAt: UNSEEN.includes(clip.state) ? 'prompt' : 'clip' } };
  }
  return {
    ...move,
    to: 'refused',
    // A refusal at the prompt was answered at once; of this one the maker has to hear.
    patch: { decisions, heldAt: 'clip' },
    within: async (tx) => {
      const { id } = await writeStatement(tx, clip, policy, decision, { now });
      await tx.clip.update({ where: { id: clip.id }, data: { statementId: id } });
    },
  };
}

/**
 * Refuses a clip that is on its way or held because somebody who is shown ended it; its files are erased.
 * @param actor `person:<id>`
 */
export async function endedByPerson(policies: Policies, clip: Clip, actor: string, now: Date): Promise<Move> {
  const found = [standingSignal(['ended_by_person'])];
  const move = await stopped(policies, clip, found, 'Somebody who is shown ended it.', now);
  return {
    ...move,
    to: 'refused',
    actor,
    patch: { ...move.patch, errorCode: ENDED_BY_PERSON },
    within: async (tx) => {
      await move.within?.(tx);
      // Nobody can appeal against it, so nothing of it is kept.
      await promiseJob(tx, { job: 'clip.erase', payload: { clipId: clip.id }, dedupeKey: `${clip.id}-erase-ended` });
    },
  };
}

/** What was found in the words when they were asked for, but what the register said then: that is asked anew. */
export function promptSignals(clip: Clip): Signal[] {
  const [first] = readDecisions(clip.decisions).filter(({ decision }) => decision.stage === 'prompt');
  return (first?.signals ?? []).filter(
    ({ source, detector }) => source === 'prompt' && !detector.startsWith('likeness.'),
  );
}
