import { type ModelRef, type Signal } from '#contracts';
import { modelCard } from '#engines/inference';
import { NSFW_MODEL, type NsfwScores } from './nsfw.js';
import { hottestSecond, unit, type Peak } from './peak.js';

/** Name of the detector in signals: pornographic or hentai content. */
export const NSFW_DETECTOR = 'vision.nsfw';

/** Name of the weaker companion: suggestive content, see {@link aggregateNsfw}. */
export const SUGGESTIVE_DETECTOR = 'vision.nsfw.suggestive';

/** One frame's scores and its place in the clip. */
export interface ScoredFrame {
  timeS: number;
  scores: NsfwScores;
}

const explicitOf = (s: NsfwScores) => unit(s.porn + s.hentai);

/** From the card, read once. */
let denseFrom: number | undefined;

/** True when a single frame is doubtful enough for every frame around it to be looked at. */
export function isHot(scores: NsfwScores): boolean {
  denseFrom ??= modelCard(NSFW_MODEL).thresholds.denseFrom ?? 0;
  return explicitOf(scores) >= denseFrom;
}

function modelRef(): ModelRef {
  const { name, version, sha256 } = modelCard(NSFW_MODEL);
  return { name, version, sha256 };
}

/**
 * What to report when the frames could not be judged. It never reads as "clean".
 * @param reason a short sentence, safe to show to a reviewer
 */
export function unableNsfw(reason: string, model: ModelRef = modelRef()): Signal[] {
  const base = { detector: NSFW_DETECTOR, category: 'sexual', source: 'frames' } as const;
  return [{ ...base, state: 'unable', score: null, reason, coverage: 'none', model }];
}

function signal(detector: string, peak: Peak, series: [number, number][], rest: Pick<Signal, 'coverage' | 'model'>) {
  const { score, fromS, toS } = peak;
  const base = { detector, category: 'sexual', source: 'frames', state: 'measured' } as const;
  return { ...base, score, at: { fromS, toS }, series, ...rest } satisfies Signal;
}

/**
 * Turns frame scores into signals about the clip, both of category `sexual`:
 * - `vision.nsfw`: the highest one-second mean of porn + hentai (0..1), the second where it was reached, and the
 *   frame scores as a series. Coverage `medium`, or `low` when the clip is mostly drawn.
 * - `vision.nsfw.suggestive`: the same of the class `sexy`, times the manifest's `suggestiveWeight`, so that it can
 *   never reach a refusal by itself. Coverage `low`.
 *
 * No frames, or a time or score that is not a number, gives one signal in state `unable`.
 * @param scored in any order
 * @param model what scored them; by default the model of the manifest, without a provider
 */
export function aggregateNsfw(scored: readonly ScoredFrame[], model: ModelRef = modelRef()): Signal[] {
  if (scored.length === 0) return unableNsfw('No frame could be looked at.', model);
  const sorted = [...scored].sort((a, b) => a.timeS - b.timeS);
  if (!sorted.every((f) => Number.isFinite(f.timeS) && Object.values(f.scores).every((v) => v >= 0 && v <= 1.001))) {
    return unableNsfw('The frame classifier gave values that are not numbers.', model);
  }
  const times = sorted.map((f) => f.timeS);
  const explicit = sorted.map((f) => explicitOf(f.scores));
  const weight = modelCard(NSFW_MODEL).thresholds.suggestiveWeight ?? 0;
  const suggestive = sorted.map((f) => unit(f.scores.sexy) * weight);
  const drawn = sorted.reduce((sum, f) => sum + f.scores.drawing + f.scores.hentai, 0) / sorted.length;
  const chart = (values: number[]) => times.map((t, i): [number, number] => [t, values[i] as number]);
  return [
    signal(NSFW_DETECTOR, hottestSecond(times, explicit), chart(explicit), {
      coverage: drawn >= 0.5 ? 'low' : 'medium',
      model,
    }),
    {
      ...signal(SUGGESTIVE_DETECTOR, hottestSecond(times, suggestive), chart(suggestive), { coverage: 'low', model }),
      reason: `Suggestive, not explicit; counted at weight ${weight}.`,
    },
  ];
}
