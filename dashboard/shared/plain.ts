/**
 * A stranger's text without what could disturb a page: control and direction characters become U+FFFD, towers of
 * combining marks are cut to two, and what is longer than `max` characters ends in an ellipsis.
 */
export function plain(text: string, max: number): string {
  const quiet = text
    .replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
    .replace(/(\p{M}{2})\p{M}+/gu, '$1');
  const letters = Array.from(quiet);
  return letters.length > max ? `${letters.slice(0, max - 1).join('')}…` : quiet;
}
