/** Longest time that one report may speak of; the service refuses more. */
const MOST_MS = 600_000;
/** Stretches that are nearer than this are one. */
const NEAR_S = 0.3;
/** Most stretches of one report. */
const MOST_STRETCHES = 200;

/** A stretch of the clip, in seconds. */
export type Stretch = [number, number];

/** What was seen since the last report, as the service takes it. */
export interface Seen {
  unblurred_ms: number;
  watched: Stretch[];
}

/**
 * Counts for how long pictures were on the screen without blur, and which stretches of the clip were played. Time counts only
 * while somebody can look: the caller says when the page is hidden.
 * @param now milliseconds of a clock that never goes back
 */
export class Watch {
  private clearSince: number | null = null;
  private clearMs = 0;
  private stretches: Stretch[] = [];
  private playing: Stretch | null = null;

  constructor(private readonly now: () => number) {}

  /** Pictures are clear from now on, or no longer. Saying the same twice changes nothing. */
  clear(on: boolean): void {
    if (on) {
      this.clearSince ??= this.now();
      return;
    }
    if (this.clearSince === null) return;
    this.clearMs += this.now() - this.clearSince;
    this.clearSince = null;
  }

  /** The film moved on to this second while playing. A leap begins another stretch. */
  at(second: number): void {
    const last = this.playing;
    if (last && second >= last[1] && second - last[1] <= NEAR_S * 4) {
      last[1] = second;
      return;
    }
    this.stop();
    this.playing = [second, second];
  }

  /** The film stands. */
  stop(): void {
    if (this.playing && this.playing[1] > this.playing[0]) this.stretches.push(this.playing);
    this.playing = null;
  }

  /** Milliseconds in the clear since the last report. */
  get unblurredMs(): number {
    const running = this.clearSince === null ? 0 : this.now() - this.clearSince;
    return Math.round(this.clearMs + running);
  }

  /** What was seen since the last report. What is taken is not told again; {@link giveBack} undoes that. */
  take(): Seen {
    const unblurred_ms = Math.min(this.unblurredMs, MOST_MS);
    this.clearMs = 0;
    if (this.clearSince !== null) this.clearSince = this.now();
    const open = this.playing;
    this.stop();
    if (open) this.playing = [open[1], open[1]];
    const watched = joined(this.stretches);
    this.stretches = [];
    return { unblurred_ms, watched };
  }

  /** A report did not arrive: it is part of the next one. */
  giveBack({ unblurred_ms, watched }: Seen): void {
    this.clearMs += unblurred_ms;
    this.stretches.push(...watched);
  }
}

/** The stretches in order, those that touch made one, to hundredths of a second. */
export function joined(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const [from, to] of stretches.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && from - last[1] <= NEAR_S) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  const round = (value: number) => Math.round(value * 100) / 100;
  return result.slice(0, MOST_STRETCHES).map(([from, to]) => [round(from), round(to)]);
}
