import { type ModelRef, type ScreenText, type Signal } from '#contracts';
import { markIn } from './kinds.js';
import { type MarkKind } from './marks.js';

/** Name of the detector in signals: a visible mark of a third party. */
export const MARK_DETECTOR = 'ocr.third_party_mark';
/** Name of the detector that says when text could not be read. */
export const TEXT_DETECTOR = 'ocr.text';

/**
 * Strength of the rule by kind of mark; no probability and nothing measured. A stock agency's mark says that the
 * picture was likely not licensed; the mark of a generator, platform or editor says only that the clip passed there.
 */
const STRENGTH: Record<MarkKind, number> = { stock: 0.6, generator: 0.5, platform: 0.5, editor: 0.4 };

const RULES: ModelRef = { name: 'ocr-mark-rules', version: '1', provider: 'js' };

/**
 * Signals about what the screen says by its form alone: each known third-party mark once, category `copyright`, with
 * time and place. Handles and other words give none; what they mean is judged by the text engine.
 * @param texts of one clip
 */
export function screenSignals(texts: readonly ScreenText[]): Signal[] {
  const seen = new Map<string, Signal>();
  for (const { text, kind, fromS, toS, box } of texts) {
    const mark = kind === 'mark' ? markIn(text) : undefined;
    if (!mark) continue;
    const known = seen.get(mark.name);
    if (known?.at) {
      known.at = { fromS: Math.min(known.at.fromS, fromS), toS: Math.max(known.at.toS, toS) };
      continue;
    }
    seen.set(mark.name, {
      detector: MARK_DETECTOR,
      category: 'copyright',
      source: 'ocr',
      state: 'measured',
      score: STRENGTH[mark.kind],
      reason: `The screen shows the mark of ${mark.name} (${mark.kind}).`,
      coverage: 'low',
      model: RULES,
      at: { fromS, toS },
      box,
    });
  }
  return [...seen.values()];
}

/**
 * What to report when the screen could not be read, or not all of it. It never reads as "no text".
 * @param reason a short sentence, safe to show to a reviewer
 */
export function unableScreenText(reason: string, model: ModelRef = RULES): Signal[] {
  const base = { detector: TEXT_DETECTOR, category: 'other', source: 'ocr' } as const;
  return [{ ...base, state: 'unable', score: null, reason, coverage: 'none', model }];
}
