import { randomBytes, randomInt } from 'node:crypto';
import { LivenessChallenge, type LivenessAction, type LivenessLocale } from '#contracts';
import { AppError } from '#kernel';
import { CODE_DIGITS, CODE_LENGTH } from './code.js';
import { ACTION_WORDS, codeWords } from './words.js';

const ACTIONS: readonly LivenessAction[] = [
  'turn_left',
  'turn_right',
  'look_up',
  'look_down',
  'blink_once',
  'blink_twice',
];
/** Seconds that may lie between the end of one step and the next instruction. */
const PAUSES = [0.5, 1, 1.5, 2];
const LEAD_S = 2;
/** Time for one action and the way back; the calm pace is for those who need longer. */
const WINDOW_S = { usual: 3.5, calm: 7 };

/** How a challenge is made. */
export interface ChallengeOptions {
  /** A whole number from 0 to below its argument, evenly; by default the system's secure source. */
  random?: (below: number) => number;
  now: Date;
  /** Seconds until it expires, 60 to 3600. It must leave time to read, to record and to send. */
  ttlS: number;
  locale: LivenessLocale;
  /** Time per action: 3.5 s, or 7 s when `calm`. */
  pace?: 'usual' | 'calm';
  /** Number of actions, 3 to 5; by default 4 or 5, whichever is drawn. */
  steps?: 3 | 4 | 5;
}

/** A challenge cannot be made as asked. */
export class LivenessError extends AppError {
  constructor(message: string) {
    super('invalid', 'liveness_options_invalid', message);
  }
}

const isTurn = (a: LivenessAction) => a === 'turn_left' || a === 'turn_right';
const isBlink = (a: LivenessAction) => a === 'blink_once' || a === 'blink_twice';

/** A turn shows depth and a blink shows eyes, so both must occur; two alike in a row could not be told apart. */
function allowed(sequence: readonly LivenessAction[]): boolean {
  return (
    sequence.some(isTurn) &&
    sequence.some(isBlink) &&
    sequence.every((a, i) => {
      const before = sequence[i - 1];
      return !before || (a !== before && !(isBlink(a) && isBlink(before)));
    })
  );
}

function sequences(length: number): LivenessAction[][] {
  let all: LivenessAction[][] = [[]];
  for (let i = 0; i < length; i++) all = all.flatMap((s) => ACTIONS.map((a) => [...s, a]));
  return all.filter(allowed);
}

const perLength = new Map<number, LivenessAction[][]>();
function pool(steps?: number): LivenessAction[][] {
  if (!steps) return [...pool(4), ...pool(5)];
  let known = perLength.get(steps);
  if (!known) perLength.set(steps, (known = sequences(steps)));
  return known;
}

/**
 * How unpredictable a challenge is, in bits: log2 of the number of equally likely outcomes. `pauses` is the entropy of
 * the waits before the actions for the shortest sequence that can be drawn.
 */
export function challengeEntropy(steps?: 3 | 4 | 5): { actions: number; pauses: number; code: number } {
  return {
    actions: Math.log2(pool(steps).length),
    pauses: (steps ?? 4) * Math.log2(PAUSES.length),
    code: Math.log2(CODE_DIGITS.length * (CODE_DIGITS.length - 1) ** (CODE_LENGTH - 1)),
  };
}

/** Digits without two alike in a row, which a listener or a transcriber may merge. */
function drawCode(random: (below: number) => number): string {
  let code = '';
  while (code.length < CODE_LENGTH) {
    const choice = [...CODE_DIGITS].filter((d) => d !== code.at(-1));
    code += choice[random(choice.length)] as string;
  }
  return code;
}

/**
 * Draws what a person must do: which movements, in which order, after which waits, and which digits to say or show.
 * Keep it and hand it to {@link verifyLiveness}; a nonce must be accepted once only, which is for the caller to see to.
 * @throws LivenessError `liveness_options_invalid`
 */
export function createChallenge(options: ChallengeOptions): LivenessChallenge {
  const { now, ttlS, locale, pace = 'usual', steps } = options;
  if (!(ttlS >= 60 && ttlS <= 3600)) throw new LivenessError('A challenge lives for 60 to 3600 seconds.');
  const random = options.random ?? ((below: number) => randomInt(below));
  const all = pool(steps);
  const actions = all[random(all.length)] as LivenessAction[];
  let at = LEAD_S;
  const timed = actions.map((action) => {
    const fromS = at + (PAUSES[random(PAUSES.length)] as number);
    at = fromS + WINDOW_S[pace];
    return { action, fromS, toS: at, instruction: ACTION_WORDS[action][locale] };
  });
  const code = drawCode(random);
  return LivenessChallenge.parse({
    version: 1,
    nonce: randomBytes(16).toString('hex'),
    issuedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + 1000 * ttlS).toISOString(),
    locale,
    leadS: LEAD_S,
    steps: timed,
    code,
    codeInstruction: codeWords(code)[locale],
    lengthS: at,
  });
}
