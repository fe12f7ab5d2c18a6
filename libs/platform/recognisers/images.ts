import { type Category, type ModelRef, type Signal } from '#contracts';
import { DeadlineError, shownMessage } from '#kernel';

/** A frame to be judged elsewhere. */
export interface ModeratedImage {
  timeS: number;
  /** A whole JPEG file. */
  jpeg: Uint8Array;
  /** How suspicious our own detectors found it, 0..1; hot frames are sent first. */
  heat?: number | undefined;
}

/** Judges frames of a clip. */
export interface ImageModerator {
  readonly model: ModelRef;
  /** What it looks for; each of them gets exactly one signal. */
  readonly covers: readonly Category[];
  /**
   * Judges some frames of one clip. Never throws for what the service did: that is `unable`, for everything it covers.
   * @throws the signal's reason when the caller aborts
   */
  moderate(images: readonly ModeratedImage[], signal: AbortSignal): Promise<Signal[]>;
}

/** How much of a clip is sent, and how long it may take. */
export interface ImageLimits {
  /** Frames of one clip; 8 by default. */
  maxFrames?: number;
  /** Requests in flight; 3 by default. */
  concurrency?: number;
  /** Milliseconds for the whole clip; 60,000 by default. */
  deadlineMs?: number;
}

/** Score of each category of one frame, 0..1, and what gave it. */
export interface FrameScores {
  scores: ReadonlyMap<Category, number>;
  /** What the service calls the model that answered, where it says so. */
  version?: string;
}

/**
 * Which frames to send: half of them spread evenly from the first to the last, the rest the hottest of what is left; a
 * single frame is the hottest.
 * @param frames in any order
 * @returns in order of time, at most `most`
 */
export function chooseFrames<T extends { timeS: number; heat?: number | undefined }>(
  frames: readonly T[],
  most = 8,
): T[] {
  const sorted = [...frames].sort((a, b) => a.timeS - b.timeS);
  if (sorted.length <= most) return sorted;
  if (most < 1) return [];
  const even = most === 1 ? 0 : Math.ceil(most / 2);
  const step = even > 1 ? (sorted.length - 1) / (even - 1) : 0;
  const chosen = new Set(Array.from({ length: even }, (_, i) => Math.round(i * step)));
  const rest = sorted.map((_, i) => i).filter((i) => !chosen.has(i));
  const heat = (i: number) => sorted[i]?.heat ?? 0;
  rest.sort((a, b) => heat(b) - heat(a));
  for (const i of rest.slice(0, most - chosen.size)) chosen.add(i);
  return sorted.filter((_, i) => chosen.has(i));
}

/** What a moderator is made of. */
export interface ModeratorParts {
  detector: string;
  model: ModelRef;
  covers: readonly Category[];
  limits: ImageLimits;
  /** One frame's scores. @throws whatever went wrong */
  judge: (image: ModeratedImage, signal: AbortSignal) => Promise<FrameScores>;
}

async function judgeAll(
  images: readonly ModeratedImage[],
  { judge, limits }: ModeratorParts,
  outer: AbortSignal,
): Promise<FrameScores[]> {
  const { concurrency = 3, deadlineMs = 60_000 } = limits;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new DeadlineError('The service', deadlineMs)), deadlineMs);
  const both = AbortSignal.any([outer, stop.signal]);
  const found: FrameScores[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < images.length; at = next++) {
      both.throwIfAborted();
      found[at] = await judge(images[at] as ModeratedImage, both);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, concurrency) }, work));
    return found;
  } finally {
    clearTimeout(timer);
    // After one failure the others are asked in vain.
    stop.abort(new Error('given up'));
  }
}

function measured(parts: ModeratorParts, images: readonly ModeratedImage[], all: readonly FrameScores[]): Signal[] {
  const versions = new Set(all.map(({ version }) => version ?? parts.model.version));
  const model: ModelRef = { ...parts.model, version: [...versions].sort().join(', ') };
  return parts.covers.map((category) => {
    const series = images.map(({ timeS }, i): [number, number] => [timeS, all[i]?.scores.get(category) ?? NaN]);
    if (!series.every(([, score]) => score >= 0 && score <= 1)) throw new Error('a category has no score');
    const [atS, score] = series.reduce((worst, one) => (one[1] > worst[1] ? one : worst));
    return {
      detector: parts.detector,
      category,
      source: 'frames',
      state: 'measured',
      score,
      reason: `As the provider states it, on ${images.length} frames; not measured by us.`,
      coverage: 'low',
      model,
      at: { fromS: atS, toS: atS },
      series,
    };
  });
}

/** Puts a moderator together: bounded, and closed on every failure. */
export function imageModerator(parts: ModeratorParts): ImageModerator {
  const { detector, model, covers, limits } = parts;
  const unable = (reason: string): Signal[] =>
    covers.map((category) => {
      const base = { detector, category, source: 'frames', state: 'unable' } as const;
      return { ...base, score: null, reason, coverage: 'none', model };
    });
  return {
    model,
    covers,
    moderate: async (images, signal) => {
      signal.throwIfAborted();
      const chosen = chooseFrames(images, limits.maxFrames ?? 8);
      if (chosen.length === 0) return unable('No frame could be looked at.');
      if (!chosen.every(({ timeS }) => Number.isFinite(timeS))) return unable('A frame has no time.');
      try {
        return measured(parts, chosen, await judgeAll(chosen, parts, signal));
      } catch (thrown) {
        signal.throwIfAborted();
        return unable(shownMessage(thrown));
      }
    },
  };
}
