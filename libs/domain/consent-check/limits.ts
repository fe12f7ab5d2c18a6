import { GrantLimits, type Category, type GrantContent, type Signal } from '#contracts';
import { foldText } from '#engines/text';
import type { Breach } from './types.js';

/** Whoever ruled something out need not accept a doubtful case of it: lower than any threshold of the policy. */
const STRICT = 0.3;

const CATEGORIES: Readonly<Record<GrantContent, readonly Category[]>> = {
  violence: ['violence', 'graphic_violence'],
  politics: ['political', 'extremism'],
  sexual: ['sexual', 'sexual_minors'],
  // What is sexual is no swimwear, but whoever rules swimwear out means that too.
  swimwear: ['sexual', 'sexual_minors'],
};

/** Content words, folded, whose presence is swimwear or undress. English and French. */
const SWIMWEAR = new Set(
  `bikini bikinis swimsuit swimsuits swimwear swimming_trunks speedo speedos bathing_suit bathing_suits lingerie
  underwear panties bra thong thongs topless shirtless naked nude undressed monokini sunbathing sunbathes
  maillot maillots maillot_de_bain culotte soutien_gorge sous_vetement sous_vetements torse_nu
  seins_nus nu nue nus nues deshabille deshabillee bronze_seins_nus`
    .split(/\s+/)
    .map((entry) => entry.replaceAll('_', ' ')),
);

/** Words that carry no meaning of their own in a line such as "never in an advert for alcohol". */
const EMPTY_WORDS = new Set(
  `a an and any are as at be by do for from have i in into is it me my mine never no not nor of off on or our so that the their
  them then there these this those to under up use used using was we were with without you your
  au aux avec ce ces cette dans de des du elle en et il je jamais la le les leur lui ma mes moi mon ne ni nos notre ou
  par pas pour sans se ses son sur ta te tes ton tu un une vos votre l d j m n s t c qu que qui`.split(/\s+/),
);

const ENDINGS = [
  'ements', 'ement', 'ations', 'ation', 'issant', 'antes', 'ants', 'ante', 'euses', 'euse', 'eurs', 'eur', 'ingly', 'iness',
  'ment', 'ings', 'ing', 'ies', 'ied', 'ers', 'ees', 'ant', 'ent', 'er', 'ez', 'ed', 'es', 'ee', 'ly', 's', 'e', 'y',
]; // prettier-ignore

/** The stem of a folded word: cut so that forms of one word agree, in English and French alike. */
function stem(word: string): string {
  for (const ending of ENDINGS) {
    if (word.length - ending.length < 3 || !word.endsWith(ending)) continue;
    const cut = word.slice(0, -ending.length);
    // "running", "stopped": the doubled letter belongs to the ending.
    return /([b-df-hj-np-tv-z])\1$/.test(cut) && cut.length > 3 ? cut.slice(0, -1) : cut;
  }
  return word;
}

function wordsOf(text: string): string[] {
  // Elisions: "l'alcool" is two words.
  return foldText(text.normalize('NFKC')).latin.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Share of the content words of a line that stand in the text, 0..1; 0 for a line without any. */
export function lineShare(line: string, said: ReadonlySet<string>): number {
  const wanted = [
    ...new Set(
      wordsOf(line)
        .filter((word) => !EMPTY_WORDS.has(word))
        .map(stem),
    ),
  ];
  if (wanted.length === 0) return 0;
  return wanted.filter((word) => said.has(word)).length / wanted.length;
}

function speaksOfSwimwear(words: readonly string[]): boolean {
  return words.some((_, at) => [1, 2, 3].some((length) => SWIMWEAR.has(words.slice(at, at + length).join(' '))));
}

/** What a person's limits say of a request: breaches refuse, `doubtful` asks for somebody to look. */
export interface LimitsJudged {
  breaches: Breach[];
  doubtful: boolean;
}

/** From here on what was seen is no doubtful case. */
const PLAIN = 0.7;
const SEEN: readonly Signal['source'][] = ['frames', 'sound', 'ocr', 'transcript'];

/**
 * Judges what was seen, read and heard in a finished clip by a person's limits: plain breaches refuse, from the strict
 * score on somebody looks. What could not be looked at is the policy's to hold.
 */
export function judgeSeen(limits: unknown, signals: readonly Signal[]): LimitsJudged {
  const read = GrantLimits.safeParse(limits);
  if (!read.success) return { breaches: ['limit_unread'], doubtful: false };
  const worst = (content: GrantContent) =>
    Math.max(
      0,
      ...signals
        // No rule acts on a shadow finding, a person's neither.
        .filter(({ shadow }) => !shadow)
        .filter(({ source, category }) => SEEN.includes(source) && CATEGORIES[content].includes(category))
        .map(({ score }) => score ?? 0),
    );
  const { no } = read.data;
  return {
    breaches: no.filter((content) => worst(content) >= PLAIN).map((content) => `limit_${content}` as const),
    doubtful: no.some((content) => worst(content) >= STRICT),
  };
}

/** From this share of its words on, a line of several is doubtful. */
const MOST = 0.6;

/**
 * Judges words by a person's limits. What the text engine could not read breaks every limit that rests on it; limits that
 * cannot be read are broken.
 */
export function judgeLimits(limits: unknown, words: string, signals: readonly Signal[]): LimitsJudged {
  const read = GrantLimits.safeParse(limits);
  if (!read.success) return { breaches: ['limit_unread'], doubtful: false };
  const { no, never } = read.data;
  const text = signals.filter(({ source }) => source === 'prompt');
  const spoken = wordsOf(words);
  const breaches = no.filter((content) => {
    const about = text.filter(({ category }) => CATEGORIES[content].includes(category));
    const broken = about.some(({ state, score }) => state === 'unable' || (score ?? 1) >= STRICT);
    return about.length === 0 || broken || (content === 'swimwear' && speaksOfSwimwear(spoken));
  });
  const said = new Set(spoken.map(stem));
  const shares = never.map((line) => lineShare(line, said));
  return {
    breaches: [
      ...breaches.map((content) => `limit_${content}` as const),
      ...(shares.includes(1) ? ['limit_never' as const] : []),
    ],
    doubtful: shares.some((share) => share >= MOST && share < 1),
  };
}
