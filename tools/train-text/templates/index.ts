import { CATEGORIES, type Category } from '#contracts';
import { type Row } from '../data.js';
import { BENIGN_CHAT_EN, BENIGN_VIDEO_EN, NEUTRAL_VIDEO_EN } from './benign-en.js';
import { BENIGN_CHAT_FR, BENIGN_VIDEO_FR, NEUTRAL_VIDEO_FR } from './benign-fr.js';
import { EVERYDAY_EN, EVERYDAY_FR } from './everyday.js';
import { generate, type Slots } from './grammar.js';
import { MORE_BENIGN_EN, MORE_UNSAFE_EN } from './more-en.js';
import { MORE_BENIGN_FR, MORE_UNSAFE_FR } from './more-fr.js';
import { EN, FR } from './slots.js';
import { UNSAFE_VIDEO_EN } from './unsafe-en.js';
import { UNSAFE_VIDEO_FR } from './unsafe-fr.js';

/** Unsafe templates are few sentences many times over: at full weight their by-words would be learnt (chosen on dev). */
const UNSAFE_WEIGHT = 0.3;

type Lang = 'en' | 'fr';

/** Categories that a template of the key may also break: unknown there, not absent. */
const RELATED: Partial<Record<Category, readonly Category[]>> = {
  violence: ['graphic_violence', 'extremism', 'hate', 'illicit'],
  graphic_violence: ['violence', 'self_harm', 'extremism'],
  hate: ['harassment', 'violence', 'extremism', 'political'],
  harassment: ['hate', 'violence', 'sexual'],
  self_harm: ['graphic_violence', 'violence'],
  illicit: ['violence', 'extremism', 'copyright'],
  political: ['likeness', 'violence', 'extremism', 'hate'],
  likeness: ['political', 'copyright', 'harassment'],
  copyright: ['likeness', 'illicit'],
  extremism: ['violence', 'hate', 'political', 'graphic_violence'],
  other: ['political', 'graphic_violence', 'violence', 'self_harm', 'illicit'],
  sexual: ['harassment', 'illicit', 'violence'],
};

function row(text: string, lang: Lang, kind: string, category: Category | null, id: string): Row {
  const labels: Record<string, 0 | 1 | null> = {};
  for (const name of CATEGORIES) if (name !== 'other') labels[name] = 0;
  if (category !== null) {
    for (const name of RELATED[category] ?? []) labels[name] = null;
    if (category !== 'other') labels[category] = 1;
  }
  const weight = category === null ? 1 : UNSAFE_WEIGHT;
  return { id, text, lang, kind, labels, unsafe: category === null ? 0 : 1, source: `template-${lang}`, weight };
}

const TEXTS: [Lang, string, readonly string[], number][] = [
  ['en', 'video_prompt', BENIGN_VIDEO_EN, 2200],
  ['en', 'video_prompt', NEUTRAL_VIDEO_EN, 500],
  ['en', 'chat', BENIGN_CHAT_EN, 700],
  ['en', 'video_prompt', EVERYDAY_EN, 1600],
  ['en', 'video_prompt', MORE_BENIGN_EN, 900],
  ['fr', 'video_prompt', EVERYDAY_FR, 1600],
  ['fr', 'video_prompt', MORE_BENIGN_FR, 700],
  ['fr', 'video_prompt', BENIGN_VIDEO_FR, 1500],
  ['fr', 'video_prompt', NEUTRAL_VIDEO_FR, 900],
  ['fr', 'chat', BENIGN_CHAT_FR, 200],
];

/** All template rows, the same on every machine. */
export function templateRows(): Row[] {
  const rows: Row[] = [];
  let seed = 1000;
  const slots: Record<Lang, Slots> = { en: EN, fr: FR };
  for (const [lang, kind, frames, count] of TEXTS) {
    const texts = generate(frames, slots[lang], count, seed++);
    texts.forEach((text, i) => rows.push(row(text, lang, kind, null, `benign-${lang}-${kind}-${seed}-${i}`)));
  }
  for (const category of CATEGORIES) {
    const sets: [Lang, string[] | undefined, number][] = [
      ['en', UNSAFE_VIDEO_EN[category], 240],
      ['fr', UNSAFE_VIDEO_FR[category], 160],
      ['en', MORE_UNSAFE_EN[category], 220],
      ['fr', MORE_UNSAFE_FR[category], 120],
    ];
    for (const [lang, frames, count] of sets) {
      seed++;
      if (!frames) continue;
      const texts = generate(frames, slots[lang], count, seed);
      texts.forEach((text, i) =>
        rows.push(row(text, lang, 'video_prompt', category, `${category}-${lang}-${seed}-${i}`)),
      );
    }
  }
  return rows;
}
