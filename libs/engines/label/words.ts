import type { LabelKind, LabelProfile } from '#contracts';

/** Who is named when a profile names nobody. */
const PRODUCT_NAME = 'Imprimatur';

/** The two words of the `eu` icon; the first is its main element, as the EU Code of Practice (June 2026) asks. */
export const ICON_WORDS = {
  en: { sign: 'AI', word: 'GENERATED' },
  fr: { sign: 'IA', word: 'VIDÉO GÉNÉRÉE' },
} as const;

/** What a part of a label says. */
export function wordsOf(kind: Exclude<LabelKind, 'none'>, profile: LabelProfile): string {
  const { language, name = PRODUCT_NAME } = profile;
  const { sign, word } = ICON_WORDS[language];
  if (kind === 'eu') return `${sign} ${word}`;
  if (kind === 'name') return `${name} · ${sign}`;
  return language === 'en' ? `AI-generated video · ${name}` : `Vidéo générée par IA · ${name}`;
}
