import { type RuleHit } from '../types.js';
import { type NormalisedText } from '../normalise.js';
import { type CueMatches } from './compile.js';
import { hitAt, matchesOf } from './match.js';

const UNITS = new Set(['year', 'years', 'yr', 'yrs', 'yo', 'yearold']);
const OLD = new Set(['old', 'of', 'aged', 'girl', 'boy']);
const WORDS: ReadonlyMap<string, number> = new Map(
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen'
    .split(' ')
    .map((word, i): [string, number] => [word, i + 1]),
);
const FRENCH_WORDS: ReadonlyMap<string, number> = new Map(
  'un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize'
    .split(' ')
    .map((word, i): [string, number] => [word, i + 1]),
);
const FRENCH_BEFORE = new Set(['de', 'a', 'age', 'agee', 'ages', 'agees']);
const FRENCH_SPAN = new Set(['plus', 'apres', 'avant', 'ont', 'de']);

function numberAt(token: string | undefined, words: ReadonlyMap<string, number>): number {
  if (token === undefined) return NaN;
  const first = token.charCodeAt(0);
  if (first < 48 || first > 57) return words.get(token) ?? NaN;
  const glued = /^(\d{1,2})(?:yo|y|yr|yrs)?$/.exec(token);
  return glued ? Number(glued[1]) : NaN;
}

const isMinorAge = (age: number): boolean => age >= 1 && age < 18;

/** Words at which an age below 18 is stated ("15 years old", "15yo", "aged 15", "de 15 ans"). */
export function statedMinorAges(tokens: readonly string[]): number[] {
  const found: number[] = [];
  for (let i = 0; i < tokens.length && found.length < 24; i++) {
    const token = tokens[i]!;
    const english = numberAt(token, WORDS);
    const next = tokens[i + 1] ?? '';
    const after = tokens[i + 2] ?? '';
    if (isMinorAge(english)) {
      if (/\dyo$/.test(token) || next === 'yo' || (next === 'y' && after === 'o')) found.push(i);
      else if (UNITS.has(next) && OLD.has(after)) found.push(i);
      else if (tokens[i - 1] === 'aged' || (tokens[i - 1] === 'age' && tokens[i - 2] !== 'new')) found.push(i);
    }
    const french = numberAt(token, FRENCH_WORDS);
    // Not "il y a quinze ans".
    const stated = FRENCH_BEFORE.has(tokens[i - 1] ?? '') && tokens[i - 2] !== 'y';
    if (isMinorAge(french) && next === 'ans' && stated && !FRENCH_SPAN.has(after)) found.push(i);
  }
  return found;
}

const NEAR = 24;

/**
 * A child or adolescent (by word or stated age) in a text whose sexual score is high, or a stated age beside sexual
 * cues. Text statistics know too few examples of this category: the conjunction is the detector.
 * @param sexual calibrated sexual score of the linear model, 0..1
 */
export function ageRules(text: NormalisedText, cues: CueMatches, sexual: number): RuleHit[] {
  const ages = statedMinorAges(text.tokens);
  const minors = matchesOf(cues, 'minor').map((match) => match.at);
  const hits: RuleHit[] = [];
  const sexualCues = ['sexual_act', 'nudity', 'suggestive'].flatMap((name) => matchesOf(cues, name));
  const soft = matchesOf(cues, 'protection').length > 0 || matchesOf(cues, 'adults_only').length > 0;
  for (const age of ages) {
    const near = sexualCues.find((cue) => Math.abs(cue.at - age) <= NEAR);
    if (!near) continue;
    const [from, to] = [Math.min(age, near.at), Math.max(age + 1, near.at + near.size)];
    const reason = 'A stated age below 18 stands near sexual words.';
    hits.push(
      hitAt(
        { category: 'sexual_minors', rule: 'stated_age_sexual', reason, strength: soft ? 0.6 : 0.99 },
        text,
        from,
        to,
      ),
    );
    break;
  }
  const first = ages[0] ?? minors[0];
  if (first !== undefined && sexual >= 0.5) {
    const strength = soft ? 0.55 : sexual >= 0.8 ? 0.95 : 0.7;
    const reason = 'A child or adolescent in a text with a high sexual score.';
    hits.push(
      hitAt({ category: 'sexual_minors', rule: 'age_and_sexual_score', reason, strength }, text, first, first + 1),
    );
  }
  return hits;
}
