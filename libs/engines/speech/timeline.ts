import { RATE } from './types.js';

/** Differences up to this many seconds are rounding of time stamps. */
const JITTER_S = 0.05;
/** More jumps than this are nonsense; the sound then simply goes on. */
const MOST_MARKS = 2048;

/** Which second of the clip a sample belongs to, when time stamps leave gaps. */
export class Timeline {
  private readonly marks: { sample: number; timeS: number }[] = [];

  /** @param sample number of the first sample of a block @param timeS its time stamp; ignored unless it is a number */
  mark(sample: number, timeS: number): void {
    if (!Number.isFinite(timeS) || this.marks.length >= MOST_MARKS) return;
    if (this.marks.length > 0 && Math.abs(this.at(sample) - timeS) <= JITTER_S) return;
    this.marks.push({ sample, timeS });
  }

  /** Seconds of the clip, never negative. */
  at(sample: number): number {
    let low = 0;
    let high = this.marks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.marks[middle]?.sample ?? 0) <= sample) low = middle;
      else high = middle - 1;
    }
    const mark = this.marks[low] ?? { sample: 0, timeS: 0 };
    return Math.max(0, mark.timeS + (sample - mark.sample) / RATE);
  }
}
