/**
 * What a reader cannot see or what changes the order of what is shown: controls, formats (bidi, zero width, tags),
 * private use, surrogates, line separators, variation selectors, fillers.
 */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\p{Variation_Selector}|\u034f|\u17b4|\u17b5/gu;

/**
 * Text by strangers, made safe to show: one line, hidden and direction-changing characters written out as `\u202e`,
 * at most `most` characters (then an ellipsis).
 */
export function plain(text: string, most = 2000): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  const escape = (c: string) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`;
  return cut.replace(/\s*\n\s*/g, ' ').replace(HIDDEN, escape);
}
