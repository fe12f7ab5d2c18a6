/** Lower case, no accents, ligatures opened, apostrophes and punctuation to single spaces. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** Longest prompt that is read; what follows changes nothing. */
const longestPrompt = 4000;

const quotes = [/"([^"]{1,400})"/g, /“([^“”]{1,400})”/g, /«([^«»]{1,400})»/g, /‘([^‘’]{2,400})’(?![\p{L}\p{N}])/gu];
/** A straight single quote also is an apostrophe, so it only opens after a space and closes before one. */
const single = /(^|[\s(:])'((?:[^']|(?<=\p{L})'(?=\p{L})){2,400})'(?=$|[\s).,;:!?])/gu;

/** Takes texts in quotes out of a prompt. Control and bidirectional-override characters are dropped. */
export function splitQuotes(prompt: string): { plain: string; quoted: string[] } {
  let plain = prompt.slice(0, longestPrompt).replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ');
  const found: { at: number; text: string }[] = [];
  const take = (text: string, at: number, whole: string) => {
    const clean = text.replace(/\s+/g, ' ').trim();
    if (clean !== '') found.push({ at, text: [...clean].slice(0, 120).join('') });
    return ' '.repeat(whole.length);
  };
  for (const quote of quotes) plain = plain.replace(quote, (whole, text: string, at: number) => take(text, at, whole));
  plain = plain.replace(single, (whole, _open, text: string, at: number) => take(text, at, whole));
  found.sort((a, b) => a.at - b.at);
  return { plain, quoted: found.slice(0, 4).map((quote) => quote.text) };
}

/** The singular forms a word may have, the word itself first. */
export function singulars(word: string): string[] {
  const forms = [word];
  if (word.length < 3) return forms;
  if (word.endsWith('ies')) forms.push(`${word.slice(0, -3)}y`);
  if (word.endsWith('ves')) forms.push(`${word.slice(0, -3)}f`, `${word.slice(0, -3)}fe`);
  if (word.endsWith('es')) forms.push(word.slice(0, -2));
  if (/[sx]$/.test(word)) forms.push(word.slice(0, -1));
  if (word.endsWith('aux')) forms.push(`${word.slice(0, -3)}al`, `${word.slice(0, -3)}ail`);
  if (word.endsWith('men')) forms.push(`${word.slice(0, -3)}man`);
  return forms;
}

const irregular = new Set(['children', 'people', 'mice', 'geese', 'oxen', 'gens']);

/** Plurals that their ending does not betray. */
export function isIrregularPlural(word: string): boolean {
  return irregular.has(word);
}

/** True when a word is a plural by its ending (`souris` and `bus` are listed as they stand, so they never ask). */
export function looksPlural(word: string): boolean {
  return /([^s]s|aux|eux|men|oux)$/.test(word);
}
