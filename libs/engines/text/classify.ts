import { CATEGORIES, type Category } from '#contracts';
import { guessLanguage } from './language.js';
import { linearScores } from './linear.js';
import { normaliseText } from './normalise.js';
import { ageRules } from './rules/age.js';
import { applyRules, cuesOf, cueTable } from './rules/match.js';
import { MAX_TEXT_CHARS, type RuleHit, type TextLang, type TextModel, type TextVerdict } from './types.js';
import { makeLexicon, type Lexicon } from './words.js';

/** What the caller knows about the text. */
export interface ClassifyOptions {
  /** Where it comes from: `video_prompt`, `chat`, `caption`, ... Questions are judged less strictly on style. */
  kind?: string;
  /** BCP 47 tag when the caller knows the language; guessed otherwise. */
  lang?: string;
}

const lexicons = new WeakMap<TextModel, Lexicon>();
const MAX_HITS = 32;

/** The model's words and the rules' words, built once per model. */
export function lexiconOf(model: Pick<TextModel, 'words'>): Lexicon {
  const known = lexicons.get(model as TextModel);
  if (known) return known;
  const fresh = makeLexicon(model.words, cueTable().singleWords);
  lexicons.set(model as TextModel, fresh);
  return fresh;
}

function language(given: string | undefined, guess: () => TextLang): TextLang {
  if (given === undefined || given === '') return guess();
  const base = given.slice(0, 2).toLowerCase();
  return base === 'en' || base === 'fr' ? base : 'other';
}

function cut(text: string): string {
  // Never between the halves of a surrogate pair.
  const high = text.charCodeAt(MAX_TEXT_CHARS - 1);
  return text.slice(0, high >= 0xd800 && high < 0xdc00 ? MAX_TEXT_CHARS - 1 : MAX_TEXT_CHARS);
}

/**
 * Scores one text for every category. Synchronous and pure: the same text gives the same verdict on every machine.
 * Time is linear in the length and bounded (texts are cut at {@link MAX_TEXT_CHARS}); a long text is scored in
 * windows of 96 words and the largest score counts.
 *
 * Scores are calibrated to operating points, not to frequencies: 0.5 is where a hold is recommended.
 * They are evidence for a policy, not a verdict on a person.
 */
export function classifyText(model: TextModel, text: string, opts: ClassifyOptions = {}): TextVerdict {
  const truncated = text.length > MAX_TEXT_CHARS;
  const words = normaliseText(truncated ? cut(text) : text, lexiconOf(model));
  const lang = language(opts.lang, () => guessLanguage(words.tokens, model.words));
  const scored = linearScores(model.weights, words.tokens, opts.kind);
  const linear = Object.fromEntries(model.labels.map((label, k) => [label, scored[k]!])) as Record<Category, number>;
  const cues = cuesOf(words, lang);
  const hits: RuleHit[] = [...applyRules(words, cues), ...ageRules(words, cues, linear.sexual)];
  hits.sort((a, b) => b.strength - a.strength || (a.rule < b.rule ? -1 : 1));
  const scores = { ...linear };
  for (const hit of hits) scores[hit.category] = Math.max(scores[hit.category], hit.strength);
  const unsafe = Math.max(...CATEGORIES.map((category) => scores[category]));
  return { scores, unsafe, linear, hits: hits.slice(0, MAX_HITS), obfuscation: words.obfuscation, lang, truncated };
}
