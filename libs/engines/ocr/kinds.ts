import { type ScreenText } from '#contracts';
import { KNOWN_MARKS, type KnownMark } from './marks.js';
import { distance } from './words.js';

const HANDLE = /(^|[^\p{L}\p{N}._%+-])@\s?[\p{L}\p{N}_](?:[\p{L}\p{N}._]*[\p{L}\p{N}_])/u;
const ADDRESS =
  /https?:\/?\/?\S|\bwww\s?\.\s?\S|\b[\p{L}\p{N}][\p{L}\p{N}-]+\.(?:com|net|org|io|ai|app|co|tv|me|gg|fr|be|ch|ca|uk|de|eu|info|biz|xyz|shop|store|site|online|link|live|ly)\b(?!\.\p{L})/iu;

/** Words around a mark that do not make it a sentence. */
const AROUND =
  /\b(?:made|created|generated|edited|powered|produced|video|by|with|in|on|via|using|from|avec|par|fait|cree|sur)\b/gu;
const ENDING = /\.(?:com|ai|io|net|art)\b/gu;
/** Names of at least this many letters may have one letter read wrongly. */
const LONG_NAME = 7;
/** A mark among other words counts in a line of at most this many words. */
const MOST_WORDS = 5;

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

const near = (word: string, form: string) =>
  word === form || (form.length >= LONG_NAME && Math.abs(word.length - form.length) <= 1 && distance(word, form) <= 1);

/** Runs of one to three neighbouring words, written together. */
function joined(words: readonly string[]): string[] {
  return words.flatMap((_, i) =>
    [1, 2, 3].filter((n) => i + n <= words.length).map((n) => words.slice(i, i + n).join('')),
  );
}

function standsAlone(words: readonly string[], form: string): boolean {
  if (near(words.join(''), form)) return true;
  // Watermarks are often repeated across the picture and then read as one line.
  return words.length > 1 && words.every((word) => near(word, form));
}

/** The third-party mark that a line shows, or undefined. */
export function markIn(text: string): KnownMark | undefined {
  const all =
    plain(text)
      .replace(ENDING, ' ')
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const core =
    plain(text)
      .replace(ENDING, ' ')
      .replace(AROUND, ' ')
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return KNOWN_MARKS.find(({ forms, word }) =>
    forms.some((form) => {
      if (standsAlone(core, form)) return true;
      if (word) return false;
      const repeated = all.filter((one) => near(one, form)).length > 1;
      return (all.length <= MOST_WORDS || repeated) && joined(all).some((run) => near(run, form));
    }),
  );
}

/**
 * What a line is: `handle` for a name such as `@someone` (also after a platform's name) or a web address, `mark` for a
 * known third-party watermark (also as its web address), `text` for all else.
 */
export function kindOf(text: string): ScreenText['kind'] {
  if (HANDLE.test(text)) return 'handle';
  if (markIn(text)) return 'mark';
  return ADDRESS.test(text) ? 'handle' : 'text';
}
