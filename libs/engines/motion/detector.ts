import { type ModelRef, type Signal } from '#contracts';
import { MotionError } from './errors.js';
import { FarnebackFlow, HEIGHT, WIDTH } from './farneback.js';
import { loadFightHead, type FightHead } from './head.js';
import { PairMeter, windowStatistics, type PairStatistics } from './statistics.js';
import { GreyScaler } from './thin.js';

/** Name of the detector in signals. */
export const FIGHT_DETECTOR = 'vision.motion.fight';

const WINDOW_S = 2;
/** Seconds between the frames that are looked at, about; nearest whole number of frames. */
const STEP_S = 0.08;
/** Shorter shots give no window: their statistics mean nothing. */
const LEAST_S = 0.5;
const LEAST_PAIRS = 4;

/** Luma of one decoded frame, upright, already made small (best 160x120 by area average, stretched). */
export interface LumaPicture {
  timeS: number;
  width: number;
  height: number;
  /** 8 bit, tight, `width * height` bytes; read during the call only. */
  data: Uint8Array;
  /** Default `limited`: 16 is black, 235 white, as in nearly all clips. */
  range?: 'limited' | 'full';
}

/** One clip being looked at. */
export interface FightLook {
  /**
   * Takes the next decoded frame: every one, in order. About 9 ms of CPU for each that is looked at.
   * @param cut true when the frame starts a new shot
   * @throws MotionError `motion_frame_invalid`
   */
  push(luma: LumaPicture, cut: boolean): void;
  /** One signal: the highest window, or `unable`. */
  finish(): Signal[];
}

/** Finds motion that looks like a fight. */
export interface FightDetector {
  begin(): FightLook;
  readonly model: ModelRef;
}

interface Pair extends PairStatistics {
  fromS: number;
  toS: number;
}

interface Window {
  fromS: number;
  toS: number;
  score: number;
}

class Look implements FightLook {
  private readonly flow = new FarnebackFlow();
  private readonly meter = new PairMeter();
  private readonly scaler = new GreyScaler();
  private readonly grey = new Uint8Array(WIDTH * HEIGHT);
  private readonly windows: Window[] = [];
  /** Pairs of the current shot, of the last two windows at most. */
  private pairs: Pair[] = [];
  private frames = 0;
  private shotS = 0;
  private nextS = 0;
  private keptS = 0;
  private lastS = NaN;
  private stepS = 0;
  private skippedS = 0;

  constructor(private readonly head: FightHead) {}

  push(luma: LumaPicture, cut: boolean): void {
    const { timeS, width, height, data } = luma;
    if (!(width > 0 && height > 0 && data.length === width * height) || !(this.frames === 0 || timeS > this.lastS)) {
      throw new MotionError('motion_frame_invalid', `A luma frame of ${width}x${height} at ${timeS} s cannot be read.`);
    }
    if (this.frames++ === 0 || cut) {
      if (this.frames > 1) this.endShot(timeS);
      this.startShot(timeS);
      this.look(luma);
    } else {
      this.stepS = timeS - this.lastS;
      if (timeS >= this.nextS + WINDOW_S - 1e-3) this.closeWindow(this.nextS + WINDOW_S);
      if (timeS - this.keptS >= STEP_S - this.stepS / 2 - 1e-6) this.look(luma);
    }
    this.lastS = timeS;
  }

  finish(): Signal[] {
    if (this.frames > 0) this.endShot(this.lastS + this.stepS);
    const base = { detector: FIGHT_DETECTOR, category: 'violence', source: 'frames', model: this.head.model } as const;
    const unable = (reason: string): Signal[] => [
      { ...base, state: 'unable', score: null, coverage: 'none', shadow: true, reason },
    ];
    if (this.frames === 0) return unable('No frame could be looked at.');
    const [first] = this.windows;
    if (!first) return unable('No shot is long enough to judge its motion.');
    if (!this.windows.every((w) => Number.isFinite(w.score))) return unable('The motion could not be measured.');
    const top = this.windows.reduce((a, b) => (b.score > a.score ? b : a), first);
    const notes = ['Motion only; many ordinary scenes score as high.'];
    if (top.toS - top.fromS < WINDOW_S - 0.1)
      notes.push(`The window is only ${(top.toS - top.fromS).toFixed(1)} s long.`);
    if (this.skippedS > 0)
      notes.push(`${this.skippedS.toFixed(1)} s in shots too short or too sparse were not judged.`);
    const series = this.windows.map((w): [number, number] => [w.fromS, w.score]);
    const at = { fromS: top.fromS, toS: top.toS };
    return [
      {
        ...base,
        state: 'measured',
        score: top.score,
        coverage: 'low',
        shadow: true,
        at,
        series,
        reason: notes.join(' '),
      },
    ];
  }

  private look({ timeS, width, height, data, range = 'limited' }: LumaPicture): void {
    this.scaler.scale(data, width, height, range, this.grey);
    const flow = this.flow.next(this.grey);
    if (flow) this.pairs.push({ ...this.meter.measure(this.grey, flow), fromS: this.keptS, toS: timeS });
    else this.meter.prime(this.grey);
    this.keptS = timeS;
  }

  private startShot(timeS: number): void {
    this.flow.reset();
    this.meter.reset();
    this.pairs = [];
    this.shotS = this.nextS = timeS;
  }

  private closeWindow(endS: number): void {
    this.add(endS - WINDOW_S, endS);
    this.nextS = endS;
    // What a last, overlapping window of the shot may still need.
    this.pairs = this.pairs.filter((pair) => pair.toS > endS - WINDOW_S);
  }

  /** The rest of a shot is judged together with what came before it, so that the last window is a whole one too. */
  private endShot(endS: number): void {
    if (endS - this.nextS > 1e-3) this.add(Math.max(this.shotS, endS - WINDOW_S), endS);
  }

  private add(fromS: number, toS: number): void {
    const inside = this.pairs.filter((pair) => pair.fromS >= fromS - 1e-3 && pair.toS < toS - 1e-3);
    if (toS - fromS < LEAST_S || inside.length < LEAST_PAIRS * Math.max(1, toS - fromS)) {
      this.skippedS += toS - Math.max(fromS, this.nextS);
      return;
    }
    this.windows.push({ fromS, toS, score: this.head.score(windowStatistics(inside, toS - fromS)) });
  }
}

/**
 * Opens the fight detector. It works on motion alone and is weak (models/violence/card.md): its signal is recorded in
 * shadow, with coverage `low`, and has no probability.
 * @throws MotionError `motion_model_missing`, `motion_model_corrupt`
 */
export function createFightDetector(head: FightHead = loadFightHead()): FightDetector {
  return { model: head.model, begin: () => new Look(head) };
}
