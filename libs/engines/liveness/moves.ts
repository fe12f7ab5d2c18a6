import { type LivenessAction, type LivenessChallenge } from '#contracts';
import { closures, lidSeries, type Closure } from './blink.js';
import { median } from './linear.js';
import { type Limits } from './thresholds.js';
import { type LivenessSample } from './types.js';

/** A sample in which the face and its mesh are seen. */
export type Seen = LivenessSample & { face: NonNullable<LivenessSample['face']> };

/** One departure of the head from straight and the way back. */
export interface HeadMove {
  action: LivenessAction;
  fromS: number;
  /** When the head was straight again; null when the recording ends before. */
  toS: number | null;
  /** When it was turned furthest, and how far, in degrees. */
  peakS: number;
  degrees: number;
}

/** What a person did, measured against their own straight look. */
export interface Moves {
  head: HeadMove[];
  shut: Closure[];
  /** Yaw and pitch of every sample, relative, positive to the person's left and up. */
  relative: { timeS: number; yaw: number; pitch: number }[];
  isStraight(timeS: number): boolean;
}

/** Middle of three neighbours: a single wild mesh is no movement. */
const smooth = (values: number[]) => values.map((v, i) => median([values[i - 1] ?? v, v, values[i + 1] ?? v]));

function headMoves(relative: Moves['relative'], limits: Limits): HeadMove[] {
  const found: HeadMove[] = [];
  let current: (HeadMove & { strength: number; heldS: number }) | null = null;
  const end = (toS: number | null) => {
    if (current && current.heldS >= limits.holdS) {
      const { action, fromS, peakS, degrees } = current;
      found.push({ action, fromS, toS, peakS, degrees });
    }
    current = null;
  };
  relative.forEach(({ timeS, yaw, pitch }, i) => {
    if (Math.abs(yaw) < limits.straight.yaw && Math.abs(pitch) < limits.straight.pitch) return end(timeS);
    const [sideways, upright] = [Math.abs(yaw) / limits.turn, Math.abs(pitch) / limits.nod];
    const strength = Math.max(sideways, upright);
    if (strength < 1) return;
    const action = sideways > upright ? (yaw > 0 ? 'turn_left' : 'turn_right') : pitch > 0 ? 'look_up' : 'look_down';
    current ??= { action, fromS: timeS, toS: null, peakS: timeS, degrees: 0, strength: 0, heldS: 0 };
    current.heldS += timeS - (relative[i - 1]?.timeS ?? timeS);
    if (strength > current.strength) {
      Object.assign(current, { action, peakS: timeS, degrees: Math.max(Math.abs(yaw), Math.abs(pitch)), strength });
    }
  });
  end(null);
  return found;
}

/**
 * Reads movements of the head and the lids out of a series.
 * @param mirrored whether the camera delivered a mirror image
 * @returns null when the recording does not begin with a face that looks straight ahead and keeps still
 */
export function readMoves(
  seen: readonly Seen[],
  challenge: LivenessChallenge,
  mirrored: boolean,
  limits: Limits,
): Moves | null {
  const lead = seen.filter((s) => s.timeS < challenge.leadS);
  if (lead.length < limits.perSecond) return null;
  const zero = (of: 'yaw' | 'pitch') => median(lead.map((s) => s.face.pose[of]));
  const [yaw0, pitch0] = [zero('yaw'), zero('pitch')];
  const steady = lead.filter(
    ({ face: { pose } }) =>
      Math.abs(pose.yaw - yaw0) < limits.straight.yaw && Math.abs(pose.pitch - pitch0) < limits.straight.pitch,
  );
  if (steady.length < 0.8 * lead.length) return null;
  const [yaws, pitches] = [
    smooth(seen.map((s) => (mirrored ? -1 : 1) * (s.face.pose.yaw - yaw0))),
    smooth(seen.map((s) => s.face.pose.pitch - pitch0)),
  ];
  const relative = seen.map((s, i) => ({ timeS: s.timeS, yaw: yaws[i] as number, pitch: pitches[i] as number }));
  const straight = relative.filter(
    ({ yaw, pitch }) => Math.abs(yaw) < limits.straight.yaw && Math.abs(pitch) < limits.straight.pitch,
  );
  const when = new Set(straight.map((s) => s.timeS));
  const eyes = (list: readonly Seen[]) =>
    list.map(({ timeS, face }) => ({ timeS, left: face.openLeft, right: face.openRight }));
  // Lids fall when the gaze does, so only the straight look is asked about them.
  const lids = lidSeries(eyes(seen.filter((s) => when.has(s.timeS))), eyes(steady));
  return {
    head: headMoves(relative, limits),
    shut: closures(lids, limits.lids.shut, limits.lids.open),
    relative,
    isStraight: (timeS) => when.has(timeS),
  };
}

/** The head movements that a challenge asks for, in order. */
export function askedMoves(challenge: LivenessChallenge) {
  return challenge.steps.filter(({ action }) => !action.startsWith('blink'));
}
