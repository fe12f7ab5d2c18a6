import { type Category } from '#contracts';

/**
 * A list of words and phrases that mean the same to a rule. Terms are separated by commas or line ends;
 * `stab(s,bed,bing)` stands for the word with and without each ending.
 */
export interface CueList {
  en?: string;
  fr?: string;
  /** French terms that are something else in English: they count in French text only. */
  frenchOnly?: string;
  /** English terms that are something else in French. */
  englishOnly?: string;
  /** Proper names: no plural is added. */
  names?: boolean;
}

/** A rule: all its cues stand close together, and nothing near says that the scene is harmless. */
export interface Rule {
  rule: string;
  category: Category;
  reason: string;
  /** 0..1, see {@link RuleHit.strength}. */
  strength: number;
  /** Names of cue lists; each must occur, in any order. */
  all: readonly string[];
  /** Largest distance in words between the first and the last cue; 10 when left out. */
  within?: number;
  /** Cue lists whose presence within `softenWithin` words (14) makes the hit weaker. */
  softenedBy?: readonly string[];
  /** Strength then; 0.3 when left out, 0 drops the hit. */
  softened?: number;
}
