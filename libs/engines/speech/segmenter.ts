/** One block of the speech network: 512 samples, 32 ms. */
export const BLOCK = 512;

/** How chances of speech become stretches of speech. Lengths in blocks of 32 ms. */
export interface SegmenterOptions {
  /** A stretch begins at this chance. */
  on: number;
  /** It ends when the chance stays under this one... */
  off: number;
  /** ...for this many blocks; shorter pauses are part of it. */
  gapBlocks: number;
  /** Shorter stretches are taken for noise. */
  minBlocks: number;
  /** Longer stretches are split, at the longest pause of their second half where there is one. */
  maxBlocks: number;
}

/** A stretch of speech: blocks `from` up to, not including, `to`. */
export interface Span {
  from: number;
  to: number;
}

/** The usual settings: 0.5 and 0.35 and at least 0.25 s as published with Silero VAD; pauses of 0.3 s end a stretch, 15 s is the most. */
export const SEGMENTER: SegmenterOptions = { on: 0.5, off: 0.35, gapBlocks: 10, minBlocks: 8, maxBlocks: 468 };

/** Shortest pause at which a long stretch may be split, in blocks. */
const PAUSE = 3;

/** Turns one chance of speech per block into stretches of speech, as they end. Pure, no memory of sound. */
export class Segmenter {
  private block = 0;
  private from: number | null = null;
  /** Where the chance fell under `off`, while it has not come back over `on`. */
  private quietFrom: number | null = null;
  private pauses: Span[] = [];
  /** The stretch continues one that was split, so it is kept however short. */
  private rest = false;

  constructor(private readonly options: SegmenterOptions = SEGMENTER) {}

  /** First block whose sound may still belong to a stretch. */
  get neededFrom(): number {
    return this.from ?? this.block;
  }

  /** @param chance of speech in the next block, 0..1; @returns a stretch that has just ended, or null */
  push(chance: number): Span | null {
    const { on, off, gapBlocks, maxBlocks } = this.options;
    const at = this.block++;
    if (this.from === null) {
      if (chance >= on) this.open(at, false);
      return null;
    }
    if (chance >= on) this.resume(at);
    else if (chance < off) this.quietFrom ??= at;
    if (this.quietFrom !== null && this.block - this.quietFrom >= gapBlocks) return this.close(this.quietFrom);
    return this.block - this.from >= maxBlocks ? this.split(this.from) : null;
  }

  /** @returns the stretch that the end of the sound cut off, or null */
  finish(): Span | null {
    return this.from === null ? null : this.close(this.quietFrom ?? this.block);
  }

  private open(at: number, rest: boolean): void {
    this.from = at;
    this.rest = rest;
    this.quietFrom = null;
    this.pauses = this.pauses.filter((pause) => pause.from > at);
  }

  private resume(at: number): void {
    if (this.quietFrom !== null && at - this.quietFrom >= PAUSE) this.pauses.push({ from: this.quietFrom, to: at });
    this.quietFrom = null;
  }

  private close(to: number): Span | null {
    const from = this.from ?? to;
    const kept = to - from >= (this.rest ? 1 : this.options.minBlocks);
    this.from = this.quietFrom = null;
    this.pauses = [];
    return kept ? { from, to } : null;
  }

  private split(from: number): Span {
    const late = this.pauses.filter((pause) => pause.from - from >= this.options.maxBlocks / 2);
    const longest = late.reduce<Span | null>(
      (best, pause) => (best === null || pause.to - pause.from >= best.to - best.from ? pause : best),
      null,
    );
    const quiet = this.quietFrom;
    if (longest === null && quiet !== null) return this.close(quiet) ?? { from, to: quiet };
    const cut = longest ?? { from: this.block, to: this.block };
    this.open(cut.to, true);
    if (longest !== null) this.quietFrom = quiet;
    return { from, to: cut.from };
  }
}
