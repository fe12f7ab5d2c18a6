import { type Category, type ModelRef } from '#contracts';

/** One rule or gazetteer that fired. */
export interface RuleHit {
  category: Category;
  /** Stable snake_case name of the rule, e.g. `public_figure`. */
  rule: string;
  /** One English sentence for the moderator; never quotes the prompt. */
  reason: string;
  /** 0..1 on the same scale as the scores: from 0.5 a hold, from 0.9 a refusal is recommended. */
  strength: number;
  /** UTF-16 offsets [from, to) into the text that was given. */
  span: [from: number, to: number];
}

/** What the engine says about one text. */
export interface TextVerdict {
  /** Score per category, 0..1, the larger of the linear model and the rules; 0.5 is the recommended hold threshold. */
  scores: Record<Category, number>;
  /** Score of "breaks some rule", 0..1. */
  unsafe: number;
  /** The linear model's part of `scores`, before the rules. */
  linear: Record<Category, number>;
  /** Rules that fired, strongest first, at most 32. */
  hits: RuleHit[];
  /** Share of the letters that stood in a disguised word (homoglyphs, leet, spaced letters, ...), 0..1. */
  obfuscation: number;
  lang: TextLang;
  /** True when the text was longer than {@link MAX_TEXT_CHARS} and its tail was not read. */
  truncated: boolean;
}

/** Language guess; `other` also stands for "cannot tell". */
export type TextLang = 'en' | 'fr' | 'other';

/** Recommended thresholds of one category. */
export interface Thresholds {
  hold: number;
  refuse: number;
}

/** A loaded text model. Immutable, may be shared. */
export interface TextModel {
  readonly ref: ModelRef;
  readonly labels: readonly Category[];
  readonly thresholds: Readonly<Record<Category, Thresholds>>;
  readonly weights: LinearWeights;
  /** Known words, with the language they speak for; used to undo disguises. */
  readonly words: ReadonlyMap<string, WordTag>;
}

/** `e` English, `f` French, `b` both or neither. */
export type WordTag = 'e' | 'f' | 'b';

/** Linear heads over hashed features; see `linear.ts` for the formula. */
export interface LinearWeights {
  /** log2 of the number of word buckets and of character buckets. */
  wordBits: number;
  charBits: number;
  /** Bucket-major int8: `table[bucket * labels + label]`, word buckets first. */
  table: Int8Array;
  /** Per label: scale of the word block, scale of the character block, bias, calibration slope and offset. */
  wordScale: readonly number[];
  charScale: readonly number[];
  bias: readonly number[];
  slope: readonly number[];
  offset: readonly number[];
  /** Taken off the calibrated log-odds of chat-style texts, whose harmless questions score higher. */
  chatShift: number;
}

/** Characters (UTF-16 units) that are read; the rest is cut off and `truncated` is set. */
export const MAX_TEXT_CHARS = 32_000;
