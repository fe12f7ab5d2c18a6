import type { PixelFrame } from '#engines/pixels';
import { isHot, type NsfwDetector, type ScoredFrame } from '#engines/vision';
import type { Watcher } from './part.js';

/** Seconds before and after a hot frame in which every frame is looked at. */
const AROUND_S = 0.5;

/** What the nudity detector saw in one clip. */
export interface NudityLook {
  scored: ScoredFrame[];
  detector: NsfwDetector;
}

/** Scores each frame. */
export function watchNudity(detector: NsfwDetector): Watcher<PixelFrame, NudityLook> {
  const scored: ScoredFrame[] = [];
  return {
    async look(frame) {
      const [scores] = await detector.score([frame]);
      scored.push({ timeS: frame.timeS, scores: scores! });
    },
    finish: () => ({ scored, detector }),
  };
}

/** Stretches of time around frames with a doubtful score. */
export function hotSpans(scored: readonly ScoredFrame[]): { fromS: number; toS: number }[] {
  const hot = scored.filter(({ scores }) => isHot(scores));
  return hot.map(({ timeS }) => ({ fromS: Math.max(0, timeS - AROUND_S), toS: timeS + AROUND_S }));
}
