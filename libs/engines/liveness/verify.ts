import { type LivenessChallenge, type LivenessCheck, type LivenessCheckName, type LivenessResult } from '#contracts';
import {
  check,
  checkActions,
  checkCuts,
  checkDepth,
  checkEyes,
  checkFace,
  checkFrames,
  checkMotion,
  checkSize,
} from './checks.js';
import { codeIn } from './code.js';
import { readMoves, type Seen } from './moves.js';
import { LIMITS, type Limits } from './thresholds.js';
import { type LivenessSample } from './types.js';
import { REASONS } from './words.js';

/** Views of the face at several moments and how two are compared; `T` is a template of the faces room. */
export interface PersonViews<T> {
  views: readonly { timeS: number; template: T }[];
  /** `matchFaces(a, b, 'consent')` of the faces room: whether both are one person, and how alike they are. */
  match: (a: T, b: T) => { result: 'match' | 'no_match' | 'unable'; score: number | null };
}

/** All that is known about a recording. What is null was not or could not be looked at, and passes nothing. */
export interface LivenessEvidence<T = never> {
  challenge: LivenessChallenge;
  /** In time order, about ten per second. */
  observations: readonly LivenessSample[];
  /** Seconds of scene changes; `[]` when there are none, null when nobody looked. */
  cuts: readonly number[] | null;
  capture: {
    /** Of the challenge that the recording was handed in under. */
    nonce: string;
    /** By the clock of the service. */
    receivedAt: Date;
    /** What the file claims, if it does; a claim can only harm, never help. */
    recordedAt?: Date | null;
    /** Length of the file, seconds. */
    durationS: number;
    /** Whether the camera delivered a mirror image, as some selfie cameras do. The app that records knows. */
    mirrored?: boolean;
  };
  code: {
    /** What was said; null when no transcriber heard it. */
    heard: string | null;
    /** Lines of text read from the pictures; null when nobody read them. */
    shown: readonly string[] | null;
  };
  person: PersonViews<T> | null;
}

function checkTime(
  { challenge, capture }: Pick<LivenessEvidence, 'challenge' | 'capture'>,
  limits: Limits,
): LivenessCheck {
  const [issued, expires] = [Date.parse(challenge.issuedAt) / 1000, Date.parse(challenge.expiresAt) / 1000];
  const received = capture.receivedAt.getTime() / 1000;
  const recorded = capture.recordedAt ? capture.recordedAt.getTime() / 1000 : null;
  const measured = {
    receivedAfterS: received - issued,
    allowedS: expires - issued,
    durationS: capture.durationS,
    recordedAfterS: recorded === null ? NaN : recorded - issued,
  };
  if (capture.nonce !== challenge.nonce) return check('time', 'failed', REASONS.otherChallenge, measured);
  const good =
    received > issued &&
    received <= expires &&
    // What takes longer than the time since the question was not made after the question.
    capture.durationS <= received - issued + limits.skewS &&
    (recorded === null || (recorded >= issued - limits.skewS && recorded <= received + limits.skewS));
  return good ? check('time', 'passed', REASONS.timeOk, measured) : check('time', 'failed', REASONS.timeBad, measured);
}

function checkCode({ challenge, code }: Pick<LivenessEvidence, 'challenge' | 'code'>): LivenessCheck {
  const texts = [...(code.heard === null ? [] : [code.heard]), ...(code.shown ?? [])];
  const measured = { heard: code.heard === null ? 0 : 1, linesShown: code.shown?.length ?? 0 };
  if (texts.some((text) => codeIn(text.slice(0, 5000), challenge.code)))
    return check('code', 'passed', REASONS.codeOk, measured);
  // Text on the screen without the digits does not mean that they were not said: with no transcriber nobody knows.
  return code.heard === null
    ? check('code', 'unable', REASONS.codeUnable, measured)
    : check('code', 'failed', REASONS.codeWrong, measured);
}

/** All views against the middle one: the one that is nearest to all others. */
function checkPerson<T>(person: PersonViews<T> | null, lengthS: number, limits: Limits): LivenessCheck {
  const views = person?.views ?? [];
  const spread = views.length ? (views.at(-1)?.timeS as number) - (views[0]?.timeS as number) : 0;
  const measured: Record<string, number> = { views: views.length, neededViews: limits.views, spreadS: spread };
  // Views of one end only say nothing about the other end.
  if (!person || views.length < limits.views || spread < 0.6 * lengthS) {
    return check('person', 'unable', REASONS.personUnable, measured);
  }
  const alike = (a: T) => views.reduce((s, b) => s + (person.match(a, b.template).score ?? -1), 0);
  const middle = views.reduce((best, v) => (alike(v.template) > alike(best.template) ? v : best));
  const against = views.filter((v) => v !== middle).map((v) => person.match(middle.template, v.template));
  measured.leastScore = Math.min(...against.map((m) => m.score ?? NaN));
  measured.others = against.filter((m) => m.result === 'no_match').length;
  if (measured.others) return check('person', 'failed', REASONS.otherPerson, measured);
  const compared = against.every((m) => m.result === 'match');
  return compared
    ? check('person', 'passed', REASONS.personOk, measured)
    : check('person', 'unable', REASONS.personUnable, measured);
}

/**
 * Judges whether a recording shows a living person who answers this very challenge. Pure: the same evidence gives the
 * same result. It does not defend against injected or generated video; see the README of the room.
 */
export function verifyLiveness<T>(evidence: LivenessEvidence<T>, limits: Limits = LIMITS): LivenessResult {
  const { challenge, observations, cuts, capture, person } = evidence;
  const seen = observations.filter((s): s is Seen => !!s.face && s.face.meshScore >= limits.meshScore);
  const mirrored = capture.mirrored ?? false;
  const checks = [
    checkFrames(observations, challenge, limits),
    checkFace(observations, seen, limits),
    checkSize(seen, limits),
    checkCuts(seen, cuts, limits),
    checkTime(evidence, limits),
    checkCode(evidence),
    checkPerson(person, challenge.lengthS, limits),
  ];
  const moves = readMoves(seen, challenge, mirrored, limits);
  if (moves) {
    checks.push(
      checkActions(moves, challenge, limits),
      checkEyes(moves.shut, challenge, limits),
      checkDepth(seen, moves, mirrored, limits),
      checkMotion(seen, moves, limits),
    );
  } else {
    const names: LivenessCheckName[] = ['actions', 'eyes', 'depth', 'motion'];
    checks.push(...names.map((name) => check(name, 'unable', seen.length ? REASONS.noStraight : REASONS.noFace)));
  }
  const states = checks.map((c) => c.state);
  const result = states.includes('failed') ? 'not_live' : states.includes('unable') ? 'unable' : 'live';
  return { result, nonce: challenge.nonce, checks };
}
