import { type RuleHit, type TextLang } from '../types.js';
import { type NormalisedText } from '../normalise.js';
import { compileCues, findCues, type CueMatch, type CueMatches, type CueTable } from './compile.js';
import { CUES, RULES } from './rules.js';
import { type Rule } from './types.js';

const DEFAULT_WITHIN = 10;
const SOFTEN_WITHIN = 14;
const DEFAULT_SOFTENED = 0.3;

let compiled: CueTable | undefined;

/** The rules' cues, compiled once. */
export function cueTable(): CueTable {
  compiled ??= compileCues(CUES);
  return compiled;
}

let numbers: ReadonlyMap<string, number> | undefined;
const NO_MATCHES: readonly CueMatch[] = [];

/** Matches of one cue by its name. */
export function matchesOf(cues: CueMatches, name: string): readonly CueMatch[] {
  numbers ??= new Map(cueTable().names.map((cue, i) => [cue, i]));
  return cues[numbers.get(name) ?? -1] ?? NO_MATCHES;
}

/** Finds the cues of a text. */
export function cuesOf(text: NormalisedText, lang: TextLang): CueMatches {
  return findCues(cueTable(), text.tokens, lang);
}

const overlap = (a: CueMatch, b: CueMatch): boolean => a.at < b.at + b.size && b.at < a.at + a.size;

/** The tightest choice of one match per cue, no two on the same word, within `within` words; null when there is none. */
function combine(lists: readonly (readonly CueMatch[])[], within: number): [number, number] | null {
  let best: [number, number] | null = null;
  const visit = (depth: number, chosen: CueMatch[], from: number, to: number): void => {
    if (to - from > within + 1 && depth > 1) return;
    if (depth === lists.length) {
      if (!best || to - from < best[1] - best[0]) best = [from, to];
      return;
    }
    for (const match of lists[depth]!) {
      if (chosen.some((other) => overlap(other, match))) continue;
      visit(depth + 1, [...chosen, match], Math.min(from, match.at), Math.max(to, match.at + match.size));
    }
  };
  visit(0, [], Infinity, -Infinity);
  return best;
}

function softened(rule: Rule, cues: CueMatches, [from, to]: [number, number]): boolean {
  return (rule.softenedBy ?? []).some((name) =>
    matchesOf(cues, name).some((m) => m.at + m.size > from - SOFTEN_WITHIN && m.at < to + SOFTEN_WITHIN),
  );
}

/** Strengthens a hit that rests on a disguised word: hiding a word is no accident. */
export function hitAt(rule: Omit<RuleHit, 'span'>, text: NormalisedText, from: number, to: number): RuleHit {
  const altered = text.altered.slice(from, to).some(Boolean);
  const strength = altered && rule.strength >= 0.4 ? Math.min(0.99, rule.strength + 0.12) : rule.strength;
  return {
    category: rule.category,
    rule: rule.rule,
    reason: altered ? `${rule.reason} The wording was disguised.` : rule.reason,
    strength: Math.round(strength * 100) / 100,
    span: [text.from[from] ?? 0, text.to[to - 1] ?? 0],
  };
}

/** Applies every rule to the cues of a text; one hit per rule. */
export function applyRules(text: NormalisedText, cues: CueMatches): RuleHit[] {
  const hits: RuleHit[] = [];
  for (const rule of RULES) {
    if (rule.all.some((name) => matchesOf(cues, name).length === 0)) continue;
    const lists = rule.all.map((name) => matchesOf(cues, name));
    const place = combine(lists, rule.within ?? DEFAULT_WITHIN);
    if (!place) continue;
    const strength = softened(rule, cues, place) ? (rule.softened ?? DEFAULT_SOFTENED) : rule.strength;
    if (strength > 0) hits.push(hitAt({ ...rule, strength }, text, place[0], place[1]));
  }
  return hits;
}
