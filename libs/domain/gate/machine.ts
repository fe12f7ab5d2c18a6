import type { ClipState } from '#contracts';
import type { JobName } from '#platform/queue';

/**
 * Where a clip may go from each state. Nothing leaves `deleted`. From every state before the release a clip may be
 * refused: what was allowed when it was asked for may have ended since.
 */
export const TRANSITIONS: Readonly<Record<ClipState, readonly ClipState[]>> = {
  queued: ['generating', 'held', 'refused', 'failed', 'deleted'],
  generating: ['inspecting', 'held', 'refused', 'failed', 'deleted'],
  inspecting: ['marking', 'held', 'refused', 'failed', 'deleted'],
  held: ['queued', 'marking', 'refused', 'deleted'],
  // Back to the inspection where a person released what nobody had looked at.
  marking: ['signing', 'inspecting', 'held', 'refused', 'deleted'],
  signing: ['rereading', 'held', 'refused', 'deleted'],
  rereading: ['logging', 'held', 'refused', 'deleted'],
  logging: ['released', 'held', 'refused', 'deleted'],
  released: ['withdrawn', 'deleted'],
  withdrawn: ['deleted'],
  // Beyond its deletion only an appeal moves it: see restore.ts.
  refused: ['deleted', 'queued', 'marking'],
  failed: ['deleted'],
  deleted: [],
};

/** States in which the files of a clip are gone from here. */
export const ERASED_STATES = ['withdrawn', 'deleted'] as const satisfies readonly ClipState[];

/** Error code of a clip that was refused because somebody who is shown in it ended it: its files go as well. */
export const ENDED_BY_PERSON = 'ended_by_person';

/** States in which a worker has something to do, and the job that does it. */
export const STEP_OF = {
  queued: 'clip.generate',
  generating: 'clip.generate',
  inspecting: 'clip.inspect',
  marking: 'clip.mark',
  signing: 'clip.sign',
  rereading: 'clip.reread',
  logging: 'clip.log',
} as const satisfies Partial<Record<ClipState, JobName>>;

/** A state in which a worker has something to do. */
export type ActiveState = keyof typeof STEP_OF;

/** All states in which a worker has something to do. */
export const ACTIVE_STATES = Object.keys(STEP_OF) as readonly ActiveState[];

/** True when a worker has something to do. */
export function isActive(state: ClipState): state is ActiveState {
  return Object.hasOwn(STEP_OF, state);
}

/** True when the files of a clip in this state are gone from here, or about to be. */
export function isErased(state: ClipState): boolean {
  return ERASED_STATES.some((erased) => erased === state);
}

/** True when the state machine allows the move. */
export function mayMove(from: ClipState, to: ClipState): boolean {
  return TRANSITIONS[from].includes(to);
}
