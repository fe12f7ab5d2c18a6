const MAX_TEXT = 200;

/** Text from a file: control, format and private characters removed, at most `limit` characters. */
export function cleanText(value: unknown, limit = MAX_TEXT): string {
  return typeof value === 'string'
    ? [...value.slice(0, 4 * limit).replace(/\p{C}/gu, '')].slice(0, limit).join('')
    : '';
}
