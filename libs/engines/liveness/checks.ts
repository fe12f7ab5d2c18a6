import { type LivenessChallenge, type LivenessCheck, type LivenessCheckName, type LivenessText } from '#contracts';
import { type Closure } from './blink.js';
import { median } from './linear.js';
import { askedMoves, type Moves, type Seen } from './moves.js';
import { eyeDistance, noseOffset, pairs, planeResidual } from './plane.js';
import { type Limits } from './thresholds.js';
import { type LivenessSample, type XY } from './types.js';
import { REASONS } from './words.js';

/** Builds a check; numbers are kept to four decimals, and what could not be measured is left out. */
export function check(
  name: LivenessCheckName,
  state: LivenessCheck['state'],
  reason: LivenessText,
  measured: Record<string, number> = {},
): LivenessCheck {
  const finite = Object.entries(measured).filter(([, v]) => Number.isFinite(v));
  return { name, state, reason, measured: Object.fromEntries(finite.map(([k, v]) => [k, Math.round(v * 1e4) / 1e4])) };
}

/** Enough pictures, without holes, to the end of the last instruction. */
export function checkFrames(
  samples: readonly LivenessSample[],
  challenge: LivenessChallenge,
  limits: Limits,
): LivenessCheck {
  if (!samples.length) return check('frames', 'unable', REASONS.noFrames, { frames: 0 });
  const times = samples.map((s) => s.timeS);
  const lastS = times.at(-1) as number;
  const gapS = Math.max(times[0] as number, ...times.slice(1).map((t, i) => t - (times[i] as number)));
  const perSecond = (times.length - 1) / Math.max(lastS, 1e-9);
  const measured = { frames: times.length, perSecond, gapS, lastS, neededS: challenge.lengthS };
  const inOrder = times.slice(1).every((t, i) => t > (times[i] as number));
  if (!inOrder || perSecond < limits.perSecond || gapS > limits.gapS)
    return check('frames', 'unable', REASONS.tooFew, measured);
  if (lastS < challenge.lengthS - 0.5) return check('frames', 'failed', REASONS.tooShort, measured);
  if (lastS > challenge.lengthS + limits.overS) return check('frames', 'failed', REASONS.tooLong, measured);
  return check('frames', 'passed', REASONS.framesOk, measured);
}

/** One face in the whole recording. */
export function checkFace(samples: readonly LivenessSample[], seen: readonly Seen[], limits: Limits): LivenessCheck {
  const share = seen.length / Math.max(1, samples.length);
  const second = samples.filter((s) => s.faces > 1).length / Math.max(1, samples.length);
  const measured = { share, neededShare: limits.faceShare, secondFaceShare: second };
  if (second > limits.secondFaceShare) return check('face', 'failed', REASONS.twoFaces, measured);
  if (share < limits.faceShare) return check('face', 'unable', REASONS.noFace, measured);
  return check('face', 'passed', REASONS.faceOk, measured);
}

export function checkSize(seen: readonly Seen[], limits: Limits): LivenessCheck {
  const widthPx = median(seen.map((s) => s.face.box.width));
  const measured = { widthPx, neededPx: limits.widthPx };
  return widthPx >= limits.widthPx
    ? check('size', 'passed', REASONS.sizeOk, measured)
    : check('size', 'unable', seen.length ? REASONS.tooSmall : REASONS.noFace, measured);
}

/** No cut that the decoder saw, and no head that is suddenly elsewhere, larger or turned. */
export function checkCuts(seen: readonly Seen[], cuts: readonly number[] | null, limits: Limits): LivenessCheck {
  let [centre, size, degrees] = [0, 1, 0];
  seen.slice(1).forEach((now, i) => {
    const before = seen[i] as Seen;
    // Half a pixel's time less than a tenth must not make a jump of what is none.
    const tenths = Math.max(1, (now.timeS - before.timeS) / 0.1);
    const [a, b] = [before.face, now.face];
    const middle = (f: Seen['face']) => [f.box.x + f.box.width / 2, f.box.y + f.box.height / 2] as const;
    const [[ax, ay], [bx, by]] = [middle(a), middle(b)];
    centre = Math.max(centre, Math.hypot(bx - ax, by - ay) / Math.max(a.box.width, 1) / tenths);
    const ratio = eyeDistance(pairs(b.points)) / eyeDistance(pairs(a.points));
    size = Math.max(size, Math.max(ratio, 1 / ratio) ** (1 / tenths));
    for (const axis of ['yaw', 'pitch', 'roll'] as const) {
      degrees = Math.max(degrees, Math.abs(b.pose[axis] - a.pose[axis]) / tenths);
    }
  });
  const measured = { cuts: cuts?.length ?? NaN, jumpWidths: centre, jumpRatio: size, jumpDegrees: degrees };
  if (!cuts || seen.length < 2) return check('cuts', 'unable', REASONS.notAsked, measured);
  const whole =
    !cuts.length && centre <= limits.jump.centre && size <= limits.jump.size && degrees <= limits.jump.degrees;
  return whole ? check('cuts', 'passed', REASONS.cutsOk, measured) : check('cuts', 'failed', REASONS.cut, measured);
}

/** Every head movement asked for, no other, each in its window and back to straight before the next. */
export function checkActions(moves: Moves, challenge: LivenessChallenge, limits: Limits): LivenessCheck {
  const asked = askedMoves(challenge);
  const measured: Record<string, number> = { asked: asked.length, seen: moves.head.length };
  const good = asked.map(({ action, fromS, toS }, i) => {
    const move = moves.head[i];
    if (!move) return false;
    measured[`move${i + 1}Degrees`] = move.degrees;
    measured[`move${i + 1}DelayS`] = move.fromS - fromS;
    const inTime = move.fromS >= fromS && move.peakS <= toS + limits.lateS;
    return move.action === action && inTime && move.toS !== null && move.toS <= toS + limits.lateS;
  });
  return moves.head.length === asked.length && good.every(Boolean)
    ? check('actions', 'passed', REASONS.actionsOk, measured)
    : check('actions', 'failed', REASONS.actionsBad, measured);
}

/** As many slow closings of the eyes as asked in each window; quick blinks are natural and count nowhere. */
export function checkEyes(shut: readonly Closure[], challenge: LivenessChallenge, limits: Limits): LivenessCheck {
  const { shortestS, longestS } = limits.lids;
  const slow = shut.filter((c) => c.toS - c.fromS >= shortestS && c.toS - c.fromS <= longestS);
  const steps = challenge.steps.filter(({ action }) => action.startsWith('blink'));
  const counts = steps.map(
    ({ fromS, toS }) => slow.filter((c) => c.fromS >= fromS && c.toS <= toS + limits.lateS).length,
  );
  const wanted = steps.map(({ action }) => (action === 'blink_twice' ? 2 : 1));
  const measured = {
    asked: wanted.reduce((a, b) => a + b, 0),
    seen: counts.reduce((a, b) => a + b, 0),
    slow: slow.length,
    leastShare: Math.min(...shut.map((c) => c.least)),
    shutBelowShare: limits.lids.shut,
    longestS: Math.max(...slow.map((c) => c.toS - c.fromS)),
  };
  return wanted.every((n, i) => counts[i] === n)
    ? check('eyes', 'passed', REASONS.eyesOk, measured)
    : check('eyes', 'failed', REASONS.eyesBad, measured);
}

/** Mean place of every point over samples of nearly the same stance, shift and size taken out. */
function meanView(samples: readonly Seen[]): XY[] {
  const views = samples.map(({ face }) => {
    const points = pairs(face.points);
    const size = eyeDistance(points);
    const [ox, oy] = points[0] as XY;
    return points.map(([x, y]): XY => [(x - ox) / size, (y - oy) / size]);
  });
  return (views[0] ?? []).map(
    (_, i) =>
      [0, 1].map((k) => views.reduce((s, v) => s + ((v[i] as XY)[k] as number), 0) / views.length) as unknown as XY,
  );
}

/** Whether a flat or bent picture could have moved so: see plane.ts. Every sideways turn must show depth. */
export function checkDepth(seen: readonly Seen[], moves: Moves, mirrored: boolean, limits: Limits): LivenessCheck {
  const straight = meanView(seen.filter((s) => moves.isStraight(s.timeS)).slice(0, 20));
  const turns = moves.head.filter((m) => m.action === 'turn_left' || m.action === 'turn_right');
  if (!turns.length || !straight.length) return check('depth', 'unable', REASONS.depthUnable, { turns: turns.length });
  const nose: number[] = [];
  const plane: number[] = [];
  for (const { action, peakS } of turns) {
    const turned = meanView(seen.filter((s) => Math.abs(s.timeS - peakS) <= 0.15));
    const side = (action === 'turn_left' ? 1 : -1) * (mirrored ? -1 : 1);
    nose.push(side * (noseOffset(turned) - noseOffset(straight)));
    plane.push(planeResidual(straight, turned));
  }
  const measured = {
    turns: turns.length,
    nose: Math.min(...nose),
    neededNose: limits.nose,
    plane: Math.min(...plane),
    neededPlane: limits.plane,
  };
  return measured.nose >= limits.nose && measured.plane >= limits.plane
    ? check('depth', 'passed', REASONS.depthOk, measured)
    : check('depth', 'failed', REASONS.flat, measured);
}

/** A face in a straight look still moves; a frozen picture does not. */
export function checkMotion(seen: readonly Seen[], moves: Moves, limits: Limits): LivenessCheck {
  const steps: number[] = [];
  seen.slice(1).forEach((now, i) => {
    const before = seen[i] as Seen;
    if (!moves.isStraight(now.timeS) || !moves.isStraight(before.timeS)) return;
    const [a, b] = [pairs(before.face.points), pairs(now.face.points)];
    const shift = [0, 1].map(
      (k) => b.reduce((s, p, j) => s + (p[k] as number) - ((a[j] as XY)[k] as number), 0) / b.length,
    );
    steps.push(Math.hypot(...shift) / now.face.box.width);
  });
  const motion = Math.sqrt(steps.reduce((s, v) => s + v * v, 0) / steps.length);
  const measured = { motion, neededMotion: limits.motion };
  if (steps.length < limits.perSecond) return check('motion', 'unable', REASONS.noFace, measured);
  return motion >= limits.motion
    ? check('motion', 'passed', REASONS.motionOk, measured)
    : check('motion', 'failed', REASONS.frozen, measured);
}
