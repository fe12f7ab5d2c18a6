import { CATEGORIES, type Category } from '#contracts';
import { linearRawScores, normaliseText, type LinearWeights, type Lexicon, type Thresholds } from '#engines/text';
import { type Row } from './data.js';
import { quantile } from './metrics.js';

/** Shares of harmless video prompts that the linear model may hold or refuse, over all categories together. */
const HOLD_RATE = 0.02;
const REFUSE_RATE = 0.006;
/** Refusal thresholds stay within these, so that rules of strength 0.93 refuse and those of 0.78 hold. */
/** A category that harmless rows never come near is not held far below even odds. */
const LOWEST_HOLD = -1.2;
const LOWEST_REFUSE = 0.3;
const REFUSE_RANGE = [0.7, 0.9] as const;

/** Rows that stand for what a video service is asked harmlessly: video and image prompts, captions. */
export function isBenignScene(row: Row): boolean {
  return row.unsafe === 0 && ['video_prompt', 'image_prompt', 'caption'].includes(row.kind);
}

interface Scored {
  row: Row;
  raw: number[];
}

/** Slope of a one-parameter-and-offset logistic fit (Platt 1999, plain Newton steps); 1 when positives are few. */
function fitSlope(scores: readonly number[], positive: readonly boolean[]): number {
  const total = positive.filter(Boolean).length;
  if (total < 15) return 1;
  let [a, b] = [1, 0];
  for (let step = 0; step < 50; step++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 1e-6, 0, 1e-6];
    scores.forEach((z, i) => {
      const p = 1 / (1 + Math.exp(-(a * z + b)));
      const d = p - (positive[i] ? 1 : 0);
      const h = Math.max(1e-9, p * (1 - p));
      ga += d * z;
      gb += d;
      haa += h * z * z;
      hab += h * z;
      hbb += h;
    });
    const det = haa * hbb - hab * hab;
    a -= Math.max(-0.5, Math.min(0.5, (hbb * ga - hab * gb) / det));
    b -= Math.max(-0.5, Math.min(0.5, (haa * gb - hab * ga) / det));
  }
  return Math.max(0.4, Math.min(2, a));
}

/** Raw thresholds per label such that together they flag the share `rate` of the harmless rows. */
function jointThresholds(benign: readonly Scored[], rate: number): number[] {
  let [low, high] = [0, rate];
  let best: number[] = [];
  for (let step = 0; step < 20; step++) {
    const each = (low + high) / 2;
    const cuts = CATEGORIES.map((category, k) => {
      const known = benign.filter(({ row }) => category === 'other' || row.labels[category] === 0);
      return quantile(known.map(({ raw }) => raw[k]!), 1 - each); // prettier-ignore
    });
    const flagged = benign.filter(({ row, raw }) =>
      raw.some((z, k) => z > cuts[k]! && (CATEGORIES[k] === 'other' || row.labels[CATEGORIES[k]!] === 0)),
    ).length;
    if (flagged / benign.length > rate) high = each;
    else {
      low = each;
      best = cuts;
    }
  }
  return best;
}

/** Harmless chat questions that may still reach a moderator. */
const CHAT_HOLD_RATE = 0.2;

function chatShift(weights: LinearWeights, scored: readonly Scored[]): number {
  const questions = scored.filter(({ row }) => row.kind === 'chat' && row.unsafe === 0);
  const tops = questions.map(({ raw }) => Math.max(...raw.map((z, k) => weights.slope[k]! * z + weights.offset[k]!)));
  const hard = questions.map((q, i) => (q.row.source === 'xstest/safe' ? tops[i]! : null)).filter((z) => z !== null);
  return Math.max(0, quantile(hard, 1 - CHAT_HOLD_RATE * 1.3), quantile(tops, 1 - CHAT_HOLD_RATE));
}

/**
 * Calibrates to operating points on development rows: slope by a logistic fit, offset so that 0.5 is the hold
 * threshold of every category, and a refusal threshold per category.
 */
export function calibrate(
  weights: LinearWeights,
  rows: readonly Row[],
  lexicon: Lexicon,
): { weights: LinearWeights; thresholds: Record<Category, Thresholds> } {
  const scored: Scored[] = rows
    .map((row) => ({ row, tokens: normaliseText(row.text, lexicon).tokens }))
    .filter(({ tokens }) => tokens.length > 0)
    .map(({ row, tokens }) => ({ row, raw: Array.from(linearRawScores(weights, tokens)) }));
  const benign = scored.filter(({ row }) => isBenignScene(row));
  const hold = jointThresholds(benign, HOLD_RATE).map((z) => Math.max(z, LOWEST_HOLD));
  const refuse = jointThresholds(benign, REFUSE_RATE).map((z) => Math.max(z, LOWEST_REFUSE));
  const slope = CATEGORIES.map((category, k) => {
    const known = scored.filter(({ row }) => (category === 'other' ? row.unsafe : row.labels[category]) != null);
    const positive = known.map(({ row }) => (category === 'other' ? row.unsafe : row.labels[category]) === 1);
    return fitSlope(known.map(({ raw }) => raw[k]!), positive); // prettier-ignore
  });
  const offset = slope.map((a, k) => -a * hold[k]!);
  const calibrated: LinearWeights = { ...weights, slope, offset };
  const thresholds = Object.fromEntries(
    CATEGORIES.map((category, k) => {
      const score = 1 / (1 + Math.exp(-(slope[k]! * refuse[k]! + offset[k]!)));
      const bounded = Math.min(REFUSE_RANGE[1], Math.max(REFUSE_RANGE[0], score));
      return [category, { hold: 0.5, refuse: Math.round(bounded * 100) / 100 }];
    }),
  ) as Record<Category, Thresholds>;
  return { weights: { ...calibrated, chatShift: chatShift(calibrated, scored) }, thresholds };
}
