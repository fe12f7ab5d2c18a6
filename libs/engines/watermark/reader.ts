import { decodeAt } from './decision.js';
import { type Pose } from './geometry.js';
import { type Layout } from './layout.js';
import { THRESHOLD_Z } from './params.js';
import { type Candidate, mergeCandidates, PilotSearch, type Trial } from './search.js';
import { type Sampled } from './spectrum.js';

/** A reading that passed CRC and threshold. */
export interface Accepted {
  releaseId: string;
  z: number;
  pose: Pose;
}

/** Pilot correlation worth decoding before the search is over: unmarked clips stay below about 6.2. */
const PROMISING = 7;

/** Reads one clip under one key. Poses are chosen by pilots alone; see README for why that matters. */
export class KeyReader {
  /** Largest z decoded so far, accepted or not. */
  bestZ = 0;
  private readonly pilots: PilotSearch;

  constructor(
    private readonly spectrum: Sampled,
    private readonly layout: Layout,
  ) {
    this.pilots = new PilotSearch(spectrum, layout.pilots);
  }

  /** Reads at a known geometry, up to a small misfit. */
  identity(trial: Trial): Accepted | null {
    return this.decode([this.pilots.identity(trial)]);
  }

  /** Tries batches of trials: promising candidates after each batch, the best of the others at the end. */
  search(batches: Iterable<Iterable<Trial>>): Accepted | null {
    let left: Candidate[] = [];
    for (const batch of batches) {
      const found = this.pilots.coarse(batch);
      const accepted = this.decode(this.refined(found.filter(({ pilotZ }) => pilotZ >= PROMISING)));
      if (accepted) return accepted;
      left = mergeCandidates(
        left,
        found.filter(({ pilotZ }) => pilotZ < PROMISING),
      );
    }
    return this.decode(this.refined(left));
  }

  private refined(candidates: Candidate[]): Candidate[] {
    return candidates
      .map((candidate) =>
        candidate.pilotZ >= PROMISING ? this.pilots.refineWidely(candidate) : this.pilots.refine(candidate),
      )
      .sort((a, b) => b.pilotZ - a.pilotZ);
  }

  private decode(candidates: Candidate[]): Accepted | null {
    for (const { pose } of candidates) {
      const { releaseId, z } = decodeAt(this.spectrum, this.layout, pose);
      if (releaseId !== null && z >= THRESHOLD_Z) return { releaseId, z, pose };
      this.bestZ = Math.max(this.bestZ, z);
    }
    return null;
  }
}
