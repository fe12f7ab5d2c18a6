import type { CaseOutcome, CaseView, Category } from '#contracts';
import type { Words } from '../words/en.js';

/** The category that speaks loudest: the case's own, else that of the first rule, else of the highest bar. */
export function suggestedCategory(view: Pick<CaseView, 'category' | 'why' | 'bars'>): Category {
  return view.category ?? view.why.rules[0]?.category ?? view.bars[0]?.category ?? 'other';
}

/** Templates of a reason, the likeliest first. The reader may take one with a key or write another. */
export function reasonsFor(w: Words, outcome: CaseOutcome, category: Category): string[] {
  return w.review.reasons[outcome].map((template) => template.replaceAll('{category}', w.categories[category]));
}
