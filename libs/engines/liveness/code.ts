/** Digits that are used: 0 and 1 are left out ("oh", "un" as an article, a 1 like a 7). */
export const CODE_DIGITS = '23456789';
export const CODE_LENGTH = 5;

/** How digits are said, without accents. Hyphens and accents are gone before this is asked. */
const SAID: Record<string, string> = {
  zero: '0',
  oh: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  un: '1',
  une: '1',
  deux: '2',
  trois: '3',
  quatre: '4',
  cinq: '5',
  sept: '7',
  huit: '8',
  neuf: '9',
};

/** Words that a transcriber writes for a digit that sounds the same; they count only beside a digit. */
const SOUNDS_LIKE: Record<string, string> = {
  to: '2',
  too: '2',
  tree: '3',
  for: '4',
  fore: '4',
  ate: '8',
  sic: '6',
  cette: '7',
  set: '7',
  cet: '7',
  sank: '5',
  saint: '5',
  neufs: '9',
  oeuf: '9',
  wit: '8',
};

/** Words of a text, without accents, capitals and punctuation; digits that stand together come apart. */
function words(text: string): string[] {
  return (
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/\p{Nd}|\p{L}+/gu) ?? []
  );
}

/** A decimal digit of any script as 0 to 9, if the word is one. */
function digitOf(word: string): string | undefined {
  if (/^[0-9]$/.test(word)) return word;
  return Object.hasOwn(SAID, word) ? SAID[word] : undefined;
}

/**
 * Runs of digits that a text contains, said or written, in English or French: `"c'est sept deux, 4"` gives `["724"]`.
 * @param text a transcript or words read from the picture; bounded by the caller
 */
export function digitRuns(text: string): string[] {
  const found = words(text);
  const sure = found.map(digitOf);
  const runs: string[] = [''];
  found.forEach((word, i) => {
    const beside = sure[i - 1] !== undefined || sure[i + 1] !== undefined;
    const digit = sure[i] ?? (beside && Object.hasOwn(SOUNDS_LIKE, word) ? SOUNDS_LIKE[word] : undefined);
    if (digit === undefined) runs.push('');
    else runs[runs.length - 1] += digit;
  });
  return runs.filter((run) => run !== '');
}

/**
 * Whether a text contains the code. A run of digits must hold it unbroken, once or several times, and at most two
 * digits besides, so that somebody who recites all numbers does not say every code.
 */
export function codeIn(text: string, code: string): boolean {
  return digitRuns(text).some((run) => run.includes(code) && run.replaceAll(code, '').length <= 2);
}
