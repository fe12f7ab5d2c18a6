import { foldCodePoint, isOrdinaryMark, isWordUnit } from './unicode.js';

/** Something about a folded unit that ordinary writing does not have. */
export const DISGUISED = 1;
/** The unit is a letter of another script with a Latin look-alike. */
export const FOREIGN = 2;

/** Text folded to lower case without accents, unit by unit, with the way back to the source. */
export interface FoldedText {
  text: string;
  /** Same length as `text`, foreign letters replaced by their Latin look-alikes. */
  latin: string;
  /** Source offset of each unit; null when offsets are equal. */
  source: Int32Array | null;
  /** `DISGUISED | FOREIGN` per unit; null when all are 0. */
  flags: Uint8Array | null;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

class Builder {
  private readonly parts: string[] = [];
  private readonly latin: string[] = [];
  private size = 0;
  private readonly source: Int32Array;
  private readonly flags: Uint8Array;

  constructor(private readonly limit: number) {
    this.source = new Int32Array(limit + 32);
    this.flags = new Uint8Array(limit + 32);
  }

  get full(): boolean {
    return this.size >= this.limit;
  }

  push(text: string, latin: string, at: number, flag: number): void {
    this.parts.push(text);
    this.latin.push(latin);
    for (let i = 0; i < text.length; i++) {
      this.source[this.size] = at;
      this.flags[this.size++] = flag;
    }
  }

  /** Adds a flag to the last unit if it belongs to a word. */
  flagLast(flag: number): void {
    if (this.size === 0) return;
    const last = this.parts[this.parts.length - 1] ?? '';
    if (isWordUnit(last.charCodeAt(last.length - 1))) this.flags[this.size - 1]! |= flag;
  }

  done(): FoldedText {
    return {
      text: this.parts.join(''),
      latin: this.latin.join(''),
      source: this.source.subarray(0, this.size),
      flags: this.flags.subarray(0, this.size),
    };
  }
}

/** True for a letter or digit that a hidden character might be hiding in. */
function isWordCode(code: number): boolean {
  if (code < 128) return isWordUnit(code);
  const styled = (code >= 0x1d400 && code < 0x1d800) || (code >= 0x1f130 && code < 0x1f190);
  return code < 0x2000 || (code >= 0x3040 && code < 0xd800) || (code >= 0xff10 && code < 0xffef) || styled;
}

/**
 * Folds text: one pass, time linear in its length, at most twice as many units as the source.
 * Combining marks and format characters vanish; those that ordinary spelling does not explain leave a flag.
 */
export function foldText(text: string): FoldedText {
  if (isAscii(text)) {
    const lower = text.toLowerCase();
    return { text: lower, latin: lower, source: null, flags: null };
  }
  const out = new Builder(text.length * 2);
  let marks = 0;
  for (let i = 0; i < text.length && !out.full;) {
    const code = text.codePointAt(i) ?? 32;
    const width = code > 0xffff ? 2 : 1;
    const fold = foldCodePoint(code);
    if (fold.kind === 'mark') {
      if (++marks > 1 || !isOrdinaryMark(code)) out.flagLast(DISGUISED);
    } else if (fold.kind === 'format') {
      const next = text.codePointAt(i + width) ?? 32;
      // Emoji joiners and variation selectors stand beside symbols; between letters they only hide.
      if (isWordCode(next) && code !== 0xfe0f) out.flagLast(DISGUISED);
    } else {
      marks = 0;
      const flag = fold.kind === 'foreign' ? FOREIGN : fold.kind === 'styled' ? DISGUISED : 0;
      out.push(fold.text, fold.kind === 'foreign' ? fold.latin : fold.text, i, flag);
    }
    i += width;
  }
  return out.done();
}
