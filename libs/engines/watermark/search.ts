import { type Pose } from './geometry.js';
import { type Bins } from './layout.js';
import { TILE } from './params.js';
import { fftPlan, type Sampled } from './spectrum.js';

// Bound once: these run per pixel or per bin.
const { cos, sin } = Math;
const TURN = (2 * Math.PI) / TILE;

/** A pose with its normalised pilot correlation (unit variance for a clip without the mark). */
export interface Candidate {
  pose: Pose;
  pilotZ: number;
}

/** Scale and rotation to try; both mirror states are tried together. */
export interface Trial {
  scaleX: number;
  scaleY: number;
  rotationDeg: number;
}

interface Samples {
  re: Float32Array;
  im: Float32Array;
}

const CANDIDATES = 6;

function samplesFor(bins: Bins): Samples {
  return { re: new Float32Array(bins.count), im: new Float32Array(bins.count) };
}

/** Finds where the pilots of one key lie: correlation over all shifts by one inverse FFT per pose. */
export class PilotSearch {
  private readonly re = new Float32Array(TILE * TILE);
  private readonly im = new Float32Array(TILE * TILE);
  private readonly plain: Samples;
  private readonly mirrored: Samples;
  private readonly rows: number[];

  constructor(
    private readonly spectrum: Sampled,
    private readonly pilots: Bins,
  ) {
    this.plain = samplesFor(pilots);
    this.mirrored = samplesFor(pilots);
    const rows = new Set<number>();
    for (const v of pilots.v) rows.add(v).add(TILE - v);
    this.rows = [...rows];
  }

  /** Best shift of a trial for the plain and for the mirrored pattern. */
  private correlate(trial: Trial): [Candidate, Candidate] {
    const { re, im, plain, mirrored, pilots, spectrum } = this;
    const pose = (flipped: boolean): Pose => ({ ...trial, flipped, shiftX: 0, shiftY: 0 });
    spectrum.sample(pilots, pose(false), plain.re, plain.im);
    spectrum.sample(pilots, pose(true), mirrored.re, mirrored.im);
    re.fill(0);
    im.fill(0);
    // Both spectra are Hermitian, so plain + j mirrored inverts to the one in the real, the other in the imaginary part.
    for (let slot = 0; slot < pilots.count; slot++) {
      const u = pilots.u[slot]!;
      const v = pilots.v[slot]!;
      const at = v * TILE + (u & (TILE - 1));
      const opposite = (TILE - v) * TILE + (-u & (TILE - 1));
      re[at] = plain.re[slot]! - mirrored.im[slot]!;
      im[at] = plain.im[slot]! + mirrored.re[slot]!;
      re[opposite] = plain.re[slot]! + mirrored.im[slot]!;
      im[opposite] = mirrored.re[slot]! - plain.im[slot]!;
    }
    const plan = fftPlan(TILE);
    for (const row of this.rows) plan.row(re, im, row * TILE, 1);
    plan.columns(re, im, TILE, 1);
    return [peak(re, plain, pose(false)), peak(im, mirrored, pose(true))];
  }

  /** The pose for a trial without mirroring; used where the geometry is known. */
  identity(trial: Trial): Candidate {
    return this.refine(this.correlate(trial)[0]);
  }

  /** The best distinct candidates over all trials, unrefined, best first. */
  coarse(trials: Iterable<Trial>): Candidate[] {
    let best: Candidate[] = [];
    for (const trial of trials) {
      for (const found of this.correlate(trial)) {
        const last = best.at(-1);
        if (best.length >= CANDIDATES && last && found.pilotZ <= last.pilotZ) continue;
        best = keepDistinct(best, found);
      }
    }
    return best;
  }

  /** As {@link refine}, from several angles as well: the correlation has side lobes half a degree away. */
  refineWidely(start: Candidate): Candidate {
    const turned = [0, 0.3, -0.3, 0.6, -0.6].map((degrees) =>
      this.refine({ ...start, pose: { ...start.pose, rotationDeg: start.pose.rotationDeg + degrees } }),
    );
    return turned.reduce((best, found) => (found.pilotZ > best.pilotZ ? found : best));
  }

  /** Climbs to the best nearby pose: scale, aspect, rotation and sub-pixel shift, in steps that halve. */
  refine(start: Candidate): Candidate {
    let best: Candidate = { pose: start.pose, pilotZ: this.score(start.pose) };
    for (const step of [4, 2, 1, 0.5]) {
      for (let round = 0; round < 6; round++) {
        const before = best.pilotZ;
        for (const move of MOVES) {
          for (const sign of [step, -step]) {
            const pose = move(best.pose, sign);
            const pilotZ = this.score(pose);
            if (pilotZ > best.pilotZ) {
              best = { pose, pilotZ };
              break;
            }
          }
        }
        if (best.pilotZ <= before) break;
      }
    }
    return best;
  }

  private score(pose: Pose): number {
    const { pilots, plain, spectrum } = this;
    spectrum.sample(pilots, pose, plain.re, plain.im);
    let sum = 0;
    let power = 0;
    for (let slot = 0; slot < pilots.count; slot++) {
      const angle = TURN * (pilots.u[slot]! * pose.shiftX + pilots.v[slot]! * pose.shiftY);
      const re = plain.re[slot]!;
      const im = plain.im[slot]!;
      sum += re * cos(angle) - im * sin(angle);
      power += re * re + im * im;
    }
    return power > 0 ? sum / Math.sqrt(power / 2) : 0;
  }
}

type Move = (pose: Pose, amount: number) => Pose;

/** One unit each: 0.06 % of scale, 0.06 % of aspect, 0.05 degrees, a quarter pixel. */
const MOVES: readonly Move[] = [
  (pose, n) => ({ ...pose, shiftX: pose.shiftX + 0.25 * n }),
  (pose, n) => ({ ...pose, shiftY: pose.shiftY + 0.25 * n }),
  (pose, n) => ({ ...pose, scaleX: pose.scaleX * (1 + 0.0006 * n), scaleY: pose.scaleY * (1 + 0.0006 * n) }),
  (pose, n) => ({ ...pose, scaleX: pose.scaleX * (1 + 0.0006 * n), scaleY: pose.scaleY / (1 + 0.0006 * n) }),
  (pose, n) => ({ ...pose, rotationDeg: pose.rotationDeg + 0.05 * n }),
];

function peak(correlation: Float32Array, samples: Samples, pose: Pose): Candidate {
  let place = 0;
  let most = -Infinity;
  for (let at = 0; at < correlation.length; at++) {
    if (correlation[at]! > most) {
      most = correlation[at]!;
      place = at;
    }
  }
  let power = 0;
  for (let slot = 0; slot < samples.re.length; slot++) power += samples.re[slot]! ** 2 + samples.im[slot]! ** 2;
  // Each bin entered twice, as itself and as its mirror image.
  const pilotZ = power > 0 ? most / 2 / Math.sqrt(power / 2) : 0;
  return { pose: { ...pose, shiftX: place % TILE, shiftY: Math.floor(place / TILE) }, pilotZ };
}

/** The best distinct candidates of two lists. */
export function mergeCandidates(a: Candidate[], b: Candidate[]): Candidate[] {
  return b.reduce(keepDistinct, a);
}

/** Inserts by rank; of two neighbouring poses only the better one stays. */
function keepDistinct(best: Candidate[], found: Candidate): Candidate[] {
  const near = (other: Candidate) =>
    other.pose.flipped === found.pose.flipped &&
    Math.abs(other.pose.scaleX / found.pose.scaleX - 1) < 0.013 &&
    Math.abs(other.pose.rotationDeg - found.pose.rotationDeg) < 0.7;
  if (best.some((other) => near(other) && other.pilotZ >= found.pilotZ)) return best;
  return [...best.filter((other) => !near(other)), found].sort((a, b) => b.pilotZ - a.pilotZ).slice(0, CANDIDATES);
}
