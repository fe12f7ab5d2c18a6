import { foldText } from '#engines/text';

/** Why somebody who never enrolled is protected. */
export type ProtectedKind = 'public_figure' | 'estate' | 'victim' | 'child' | 'opted_out';

const HANDLE = /[@＠﹫]\s?([\p{L}\p{N}._-]{3,60})/gu;
const MOST_HANDLES = 50;

/**
 * Every `@handle` that a text may mean, folded: with look-alike letters read as Latin, and without the dots and dashes of
 * a sentence's end. Several forms of one handle may come out.
 */
export function handlesIn(text: string): string[] {
  const found = new Set<string>();
  // Characters without a width would cut a handle in two.
  const plain = text.normalize('NFKC').replace(/\p{Cf}/gu, '');
  for (const [, raw = ''] of plain.matchAll(HANDLE)) {
    const folded = foldText(raw);
    for (const form of [folded.text, folded.latin]) {
      const handle = form.replace(/[^a-z0-9._-]/g, '');
      found.add(handle);
      // "@ada." at the end of a sentence, "@ada's", "@ada-like".
      for (let cut = handle; /[._-]/.test(cut);) {
        cut = cut.slice(0, Math.max(...['.', '_', '-'].map((mark) => cut.lastIndexOf(mark))));
        found.add(cut);
      }
    }
    if (found.size > MOST_HANDLES) break;
  }
  return [...found].filter((handle) => handle.length >= 3);
}
