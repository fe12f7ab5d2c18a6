import { plain } from '#kernel';
import { CATEGORIES, type Decision } from '#contracts';
import type { TextVerdict } from '#engines/text';
import type { Context } from '../context.js';
import { field } from '../terminal.js';
import { table } from './signals.js';

/** Scores below this are not worth a row. */
const QUIET = 0.05;

function why({ reasons }: Decision, { lang, words }: Context): string[] {
  // The same sentence is given once, and each detector behind it once, with its strongest rule.
  const bySentence = new Map<string, Map<string, string>>();
  for (const { text, detector, score, threshold } of reasons) {
    const detectors = bySentence.get(text[lang]) ?? new Map<string, string>();
    const numbers = score === null ? detector : `${detector} ${score.toFixed(2)} ≥ ${threshold?.toFixed(2) ?? '–'}`;
    if (!detectors.has(detector)) detectors.set(detector, numbers);
    bySentence.set(text[lang], detectors);
  }
  return [...bySentence].map(([sentence, detectors], i) => {
    const name = i === 0 ? words.moderate.why : '';
    return field(name, `${sentence} (${[...detectors.values()].join(', ')})`);
  });
}

/** What was found in a text, for people. */
export function moderationLines(verdict: TextVerdict, decision: Decision, context: Context): string[] {
  const { words } = context;
  const w = words.moderate;
  const { policy, audience, outcome } = decision;
  const rows = CATEGORIES.filter((category) => verdict.scores[category] >= QUIET)
    .sort((a, b) => verdict.scores[b] - verdict.scores[a])
    .map((category) => [
      words.categories[category],
      verdict.scores[category].toFixed(2),
      [...new Set(verdict.hits.filter((hit) => hit.category === category).map(({ rule }) => plain(rule, 60)))].join(
        ', ',
      ),
    ]);
  return [
    field(w.decision, w.decisions[outcome]),
    ...why(decision, context),
    field(w.policy, w.policyFor(policy.id, policy.version, words.review.audiences[audience])),
    field(w.unsafe, verdict.unsafe.toFixed(2)),
    field(w.language, w.languages[verdict.lang] ?? verdict.lang),
    ...(verdict.obfuscation > 0 ? [field(w.disguise, w.disguised(`${Math.round(verdict.obfuscation * 100)}%`))] : []),
    ...(verdict.truncated ? [w.truncated] : []),
    ...(rows.length ? [table([w.table.category, w.table.score, w.table.rules], rows)] : []),
  ];
}
