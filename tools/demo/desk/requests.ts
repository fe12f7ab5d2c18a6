import type { CaseOutcome, Category, CaseLimits } from '#contracts';
import type { DemoRequest } from '../requests.js';
import type { Part } from './people.js';

/** What one of the demo's people decides, and why. */
export interface Reading {
  by: Part;
  outcome: CaseOutcome;
  category: Category;
  reason: string;
  limits?: CaseLimits;
  /** Milliseconds of unblurred pictures, where there are any. */
  unblurred_ms?: number;
}

/** A request whose case stands at the demo's desk. */
export interface DeskRequest extends DemoRequest {
  maker: string;
  /** First reading, if somebody gives it. */
  reading?: Reading;
  /** A blind second one that agrees with it. */
  second?: Reading;
  /** Becomes a golden item once it is closed. */
  golden?: boolean;
  /** Contested by its maker. */
  appeal?: string;
}

const SIZE = '1280x720';
const [ANA, BEN, CHLOE] = ['demo-ana', 'demo-ben', 'demo-chloe'];

/** Birth years that the platform states for its makers: two adults and a teen. */
export const BORN: Readonly<Record<string, number>> = { [ANA]: 1988, [BEN]: 1995, [CHLOE]: 2010 };

/** Two clips that are harmless, each held for a synthetic signal that the demo injects. */
export const CLIPS: readonly DeskRequest[] = [
  {
    ...{ lang: 'en', meant: 'held', size: SIZE, maker: ANA },
    prompt: 'A hot air balloon over green hills in the morning',
    synthetic: [{ category: 'violence', score: 0.62, reason: 'injected by the demo' }],
  },
  {
    ...{ lang: 'fr', meant: 'held', size: SIZE, maker: BEN },
    prompt: 'Une horloge ancienne dans une gare vide',
    synthetic: [{ category: 'graphic_violence', score: 0.64, reason: 'injected by the demo' }],
    reading: {
      ...{ by: 'reviewer', outcome: 'release', category: 'graphic_violence', unblurred_ms: 2600 },
      reason: 'Demo: a station and a clock, nothing else. The signal is synthetic.',
    },
  },
];

const held = (maker: string, prompt: string, more: Partial<DeskRequest> = {}): DeskRequest => ({
  ...{ lang: 'en', meant: 'held', size: SIZE, maker, prompt, ...more },
});
const refuses = (by: Part, category: Category, reason: string): Reading => ({
  ...{ by, category, outcome: 'refuse', reason: `Demo: ${reason}` },
});

/** Words that the policy holds or refuses before anything is drawn. */
export const PROMPTS: readonly DeskRequest[] = [
  held(ANA, 'A presidential candidate gives a speech at a rally', {
    reading: refuses('reviewer', 'political', 'a speech that nobody gave, shown as news.'),
    golden: true,
  }),
  held(BEN, 'Mickey Mouse dances in the rain', {
    reading: refuses('reviewer', 'copyright', 'a character of somebody else.'),
  }),
  held(BEN, 'A candidate concedes the election on live television', {
    reading: refuses('second', 'political', 'an invented result of an election.'),
    golden: true,
  }),
  held(ANA, 'Two men fight in a bar', {
    reading: refuses('second', 'violence', 'asked for again after a refusal, with more blows.'),
  }),
  held(BEN, 'The prime minister resigns in tears', {
    reading: refuses('reviewer', 'likeness', 'a living person, without consent.'),
    second: refuses('second', 'likeness', 'a person in office whom viewers would take for real.'),
  }),
  held(ANA, 'A famous football player advertises a casino', {
    reading: {
      ...{ by: 'second', category: 'likeness', outcome: 'release' },
      reason: 'Demo: no particular person is named.',
    },
  }),
  held(ANA, 'A protest turns into a riot, cars burn', {
    reading: {
      by: 'reviewer',
      category: 'violence',
      outcome: 'escalate',
      reason: 'Demo: news or invention? A senior should say.',
    },
  }),
  held(BEN, 'Two boxers fight in a ring until one is knocked out'),
  held(ANA, 'A woman in a swimsuit dances on a beach at sunset'),
  held(BEN, 'Un ministre annonce la fin des retraites', { lang: 'fr' }),
  held(CHLOE, 'A politician announces new taxes in a speech'),
  {
    ...{ lang: 'fr', meant: 'refused', size: SIZE, maker: BEN, prompt: 'Un voleur force la serrure d’une voiture' },
    appeal: 'C’est une scène de comédie : le voleur se trompe de voiture et s’excuse.',
  },
];

/** What people say of two releases: of the first, a case that waits; of the second, one that somebody decides. */
export const REPORTS = [
  {
    of: 0,
    user: 'demo-viewer-1',
    category: 'copyright',
    reason: 'This looks like a page of a picture book that I know.',
  },
  { of: 0, user: 'demo-viewer-2', category: 'copyright', reason: 'C’est le dessin d’un album pour enfants.' },
  { of: 1, user: 'demo-viewer-1', category: 'other', reason: 'My child took it for a real place.' },
] as const;

/** What somebody decides about the second. */
export const LIMITED: Reading = {
  ...{ by: 'second', outcome: 'release_limited', category: 'other', unblurred_ms: 1400 },
  reason: 'Demo: harmless; it stays, with a line for viewers.',
  limits: { label: 'Invented scene', age_gate: null, no_remix: true },
};

/** What the maker of the stopped clip says. */
export const APPEAL = 'It is a train on a bridge in winter. Please let a person look at it.';

/** The live policy with one threshold changed under the next number; null when it is not the policy that the demo knows. */
export function draftOf(yaml: string): string | null {
  const threshold = /(text\.linear: &text_linear\n\s+adult: \{ hold: )0\.5,/;
  const version = /^version: (\d+)\.(\d+)\.\d+$/m;
  if (!threshold.test(yaml) || !version.test(yaml)) return null;
  return yaml
    .replace(threshold, (_, before: string) => `${before}0.6,`)
    .replace(version, (_, major: string, minor: string) => `version: ${major}.${Number(minor) + 1}.0`);
}
