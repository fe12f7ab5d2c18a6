import {
  type Audience,
  type CaseLimits,
  type Category,
  type Coverage,
  type LocalText,
  type Measure,
  type Outcome,
  type Signal,
  type Stage,
  type StatementSource,
} from '#contracts';
import type { MakersPolicy } from './makers.js';

/** From worst to best. */
export const COVERAGES: readonly Coverage[] = ['none', 'low', 'medium', 'high'];

/** Which version of which policy document, exactly. `sha256` is over the UTF-8 text of the document. */
export interface PolicyRef {
  id: string;
  version: string;
  sha256: string;
}

/** Scores (0..1) from which a detector's finding holds or refuses. `refuse: null`: this detector never refuses alone. */
export interface Thresholds {
  hold: number;
  refuse: number | null;
}

/** Thresholds of both audiences; teen is never laxer than adult. */
export type AudienceThresholds = Readonly<Record<Audience, Readonly<Thresholds>>>;

/** What a detector that could not tell leads to. `ignore` is refused for required detectors. */
export type UnableRule = 'ignore' | 'hold' | 'refuse';

/** One harm of the taxonomy with its wording. */
export interface CategoryPolicy {
  /** 1 (least) to 5 (gravest). */
  severity: number;
  /** True: a hit is always a refusal, and no single reviewer may release it. */
  childSafety: boolean;
  label: LocalText;
  /** What is not allowed. */
  prohibited: LocalText;
  /** Sentence shown when the clip waits for a person. */
  hold: LocalText;
  /** Sentence shown when the clip is refused. */
  refuse: LocalText;
}

/** What the findings of one family of detectors lead to. */
export interface FamilyPolicy {
  /** Thresholds per category, every exception already applied. In child-safety categories hold equals refuse. */
  thresholds: Readonly<Record<Category, AudienceThresholds>>;
  unable: UnableRule;
}

/** A detector without whose measurement a stage never allows; with `source`, only findings about that source count. */
export interface RequiredDetector {
  detector: string;
  source?: Signal['source'];
}

/** What one stage asks of the detectors. */
export interface StagePolicy {
  required: readonly RequiredDetector[];
  /** By detector or dotted prefix of its name, the longest match counts; `default` serves all others. */
  families: Readonly<Record<string, FamilyPolicy>>;
}

/** One condition of a combination: some signal of that detector, category and source reaches the score. */
export interface Condition {
  /** Detector or dotted prefix of its name. */
  detector?: string;
  category?: Category;
  /** Of a finished clip, `prompt` reads what was found in the words that asked for it. */
  source?: Signal['source'];
  /** A word that the signal's reason must contain, such as the name of a rule. */
  mentions?: string;
  atLeast: Readonly<Record<Audience, number>>;
}

/**
 * Several weak findings that together are a strong one. All conditions must be met; the first one's finding is shown.
 * In a child-safety category the outcome is always a refusal.
 */
export interface Combination {
  id: string;
  stages: readonly Stage[];
  when: readonly Condition[];
  outcome: Exclude<Outcome, 'allow'>;
  /** Set: it applies only where no detector of the pictures covers the category better than this. */
  coverageAtMost: Coverage | null;
  /** Category of the resulting reason; null: each of `each` in which all conditions without one of their own are met. */
  category: Category | null;
  each: readonly Category[];
  /** What it finds concerns the safety of children, whatever the category: see `isChildSafety`. */
  childSafety: boolean;
}

/** A loaded, checked and frozen policy document. */
export interface Policy {
  ref: PolicyRef;
  /** Day from which it applies, ISO 8601 date. */
  effective: string;
  title: LocalText;
  taxonomy: Readonly<Record<Category, CategoryPolicy>>;
  stages: Readonly<Record<Stage, StagePolicy>>;
  combinations: readonly Combination[];
  /** What makers may do, by age. */
  makers: MakersPolicy;
  wording: {
    /** Shown when a needed check could not be made. */
    unable: LocalText;
    /** How to appeal. */
    appeal: LocalText;
    /** Other ways of redress: out-of-court settlement, courts. */
    redress: LocalText;
  };
}

/** A signal that carries a usable score. */
export type Measured = Signal & { score: number };

/** What a decision is taken from. */
export interface DecideInput {
  stage: Stage;
  audience: Audience;
  signals: readonly Signal[];
  /**
   * What was found in the words that asked for the clip, when a finished clip is judged. It meets only conditions with
   * `source: prompt`: the words themselves were decided on before.
   */
  asked?: readonly Signal[];
}

/** Facts about a decision besides what the machines found. */
export interface StatementOptions {
  /** Set when a person decided: the category that they named. */
  reviewedAs?: Category;
  /** What is restricted; by default what the decision says. */
  measure?: Measure;
  /** Of a release with limits. */
  limits?: CaseLimits | null;
  /** End of a suspension. */
  until?: Date | null;
  /** What led to the decision; the service's own look by default. */
  source?: StatementSource;
}
