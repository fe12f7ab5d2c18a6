/** First bytes of the pictures that are taken: PNG, JPEG, and WebP, whose name follows the length of the file. */
const KINDS = [
  { type: 'image/png', at: 0, bytes: '\x89PNG' },
  { type: 'image/jpeg', at: 0, bytes: '\xff\xd8\xff' },
  { type: 'image/webp', at: 8, bytes: 'WEBP' },
];

/** Type of a picture that somebody sent; `application/octet-stream`, which no browser shows, for anything else. */
export function imageTypeOf(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  return KINDS.find(({ at, bytes: first }) => start.startsWith(first, at))?.type ?? 'application/octet-stream';
}
