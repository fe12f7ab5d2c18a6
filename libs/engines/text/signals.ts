import { CATEGORIES, type Category, type Coverage, type ModelRef, type Signal } from '#contracts';
import { type TextVerdict } from './types.js';

/** Where the text was found. */
export type TextSource = 'prompt' | 'ocr' | 'transcript';

/** How well the linear model knows each category: by the number and kind of its training rows (see the card). */
const LINEAR_COVERAGE: Readonly<Record<Category, Coverage>> = {
  sexual: 'medium',
  sexual_minors: 'low',
  violence: 'medium',
  graphic_violence: 'low',
  hate: 'medium',
  harassment: 'medium',
  self_harm: 'low',
  illicit: 'medium',
  political: 'low',
  likeness: 'low',
  copyright: 'low',
  extremism: 'low',
  other: 'low',
};

/** How well the rules and gazetteers know each category. */
const RULES_COVERAGE: Readonly<Record<Category, Coverage>> = {
  ...LINEAR_COVERAGE,
  sexual_minors: 'medium',
  graphic_violence: 'medium',
  hate: 'low',
  harassment: 'low',
  illicit: 'low',
  self_harm: 'medium',
  likeness: 'low',
  extremism: 'medium',
};

const NONE: ModelRef = { name: 'imprimatur-text', version: 'none', provider: 'js' };

/**
 * Two signals per category: `text.linear` and `text.rules`. A rule signal's score is its strongest hit (0 without
 * one) and its reason names the rules, never the prompt's words. Disguised writing is told in the reason.
 */
export function textSignals(verdict: TextVerdict, source: TextSource, ref: ModelRef): Signal[] {
  const disguised = verdict.obfuscation >= 0.3 ? `disguised_writing ${verdict.obfuscation.toFixed(2)}` : '';
  const cut = verdict.truncated ? 'text_truncated' : '';
  const signals: Signal[] = [];
  for (const category of CATEGORIES) {
    const hits = verdict.hits.filter((hit) => hit.category === category);
    const notes = (list: string[]) => {
      const reason = [...list, disguised, cut].filter(Boolean).join(', ');
      return reason === '' ? {} : { reason };
    };
    const base = { category, source, state: 'measured' as const, model: ref };
    signals.push({
      ...base,
      detector: 'text.linear',
      score: verdict.linear[category],
      coverage: verdict.lang === 'other' ? 'low' : LINEAR_COVERAGE[category],
      ...notes([]),
    });
    signals.push({
      ...base,
      detector: 'text.rules',
      score: Math.max(0, ...hits.map((hit) => hit.strength)),
      coverage: verdict.lang === 'other' ? 'low' : RULES_COVERAGE[category],
      ...notes(hits.map((hit) => hit.rule)),
    });
  }
  return signals;
}

/** Signals of a text engine that could not work: every category is `unable`, with the reason; never a low score. */
export function unableTextSignals(reason: string, source: TextSource = 'prompt', ref: ModelRef = NONE): Signal[] {
  return CATEGORIES.flatMap((category) =>
    ['text.linear', 'text.rules'].map((detector): Signal => ({
      detector,
      category,
      source,
      state: 'unable',
      score: null,
      reason,
      coverage: 'none',
      model: ref,
    })),
  );
}
