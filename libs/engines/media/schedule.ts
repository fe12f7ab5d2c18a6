import type { Frame } from './types.js';

/** What a {@link Schedule} goes by. */
export interface ScheduleOptions {
  /** Seconds that the clip is said to last; it only spreads few frames over the clip. */
  durationS: number;
  /** Regular frames per second. */
  perSecond: number;
  /** Frames after cuts, beyond the regular ones, per second of clip. */
  cutsPerSecond: number;
  /** Frames in all. */
  maxFrames: number;
}

/** Decoded frames after which one is given whatever the clock says: false times must not hide a clip. */
const longestGap = 128;

/** Chooses regular frames, and says how many cut frames the budget leaves room for. */
export class Schedule {
  private readonly step: number;
  private next: number;
  private given = 0;
  private lastIndex = 0;
  /** Cut frames given in the running second of the clip. */
  private cuts = { second: -1, count: 0 };
  /** True when a frame would have been given but for a bound. */
  capped = false;

  constructor(private readonly options: ScheduleOptions) {
    const { durationS, perSecond, maxFrames } = options;
    // First and last are always given; with few frames allowed the regular ones spread over the whole clip.
    const room = Math.max(0, maxFrames - 2);
    this.step = Math.max(1 / perSecond, room === 0 ? Infinity : durationS / (room + 1));
    this.next = this.step;
  }

  choose(index: number, timeS: number, isCut: boolean): Frame['why'] | null {
    if (index === 0) return this.give(0, 'first');
    // Half a millisecond of grace: 0.5 s written in a coarse time base may read 0.4996.
    const due = timeS >= this.next - 5e-4;
    const overdue = Number.isFinite(this.step) && index - this.lastIndex >= longestGap;
    if (this.given >= this.options.maxFrames - 1) {
      this.capped ||= due || overdue || isCut;
      return null;
    }
    if (due) this.next = this.step * (Math.floor((timeS + 5e-4) / this.step) + 1);
    if (due || overdue) return this.give(index, isCut ? 'scene' : 'regular');
    if (!isCut) return null;
    const regularsLeft = Math.max(0, Math.ceil((this.options.durationS - timeS) / this.step) - 1);
    const room = this.given + regularsLeft < this.options.maxFrames - 1;
    if (room && this.allowsCut(Math.floor(timeS))) return this.give(index, 'scene');
    this.capped = true;
    return null;
  }

  private allowsCut(second: number): boolean {
    if (this.cuts.second !== second) this.cuts = { second, count: 0 };
    return this.cuts.count++ < this.options.cutsPerSecond;
  }

  private give(index: number, why: Frame['why']): Frame['why'] {
    this.given++;
    this.lastIndex = index;
    return why;
  }

  get full(): boolean {
    return this.given >= this.options.maxFrames;
  }
}
