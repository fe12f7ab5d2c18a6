import { FingerprintError, malformed } from './errors.js';
import { recordsOf, type RawRecord } from './records.js';

/** Kinds of hashes that a list may hold: pictures and seconds of clips, and whole files. */
export const LIST_ALGORITHMS = ['pdq', 'vpdq', 'md5', 'sha1'] as const;
export type ListAlgorithm = (typeof LIST_ALGORITHMS)[number];

/** One hash of a list. */
export interface ListEntry {
  algorithm: ListAlgorithm;
  /** Lower-case hex: 64 digits (pdq, vpdq), 32 (md5) or 40 (sha1). */
  hash: string;
  /** 0..100; null where the list does not say. */
  quality: number | null;
  /** Second of the clip that it was taken from. */
  atS: number | null;
  /** What the list says of it: tags, a classification, its own id. */
  label: string | null;
}

/** What one line or record of a list came to. */
export type ListItem =
  | { line: number; entry: ListEntry }
  /** A kind of hash that is not compared here, such as PhotoDNA. */
  | { line: number; skipped: string }
  | { line: number; fault: FingerprintError };

const DIGITS: Record<ListAlgorithm, number> = { pdq: 64, vpdq: 64, md5: 32, sha1: 40 };
const LONGEST_LABEL = 500;

const NAMES: Record<string, ListAlgorithm> = {
  pdq: 'pdq',
  hash_pdq: 'pdq',
  vpdq: 'vpdq',
  hash_vpdq: 'vpdq',
  md5: 'md5',
  hash_md5: 'md5',
  hash_video_md5: 'md5',
  video_md5: 'md5',
  sha1: 'sha1',
  'sha-1': 'sha1',
  hash_sha1: 'sha1',
};
/** Kinds that exist, but are not compared here. */
const OTHERS =
  /^(hash_)?(pdna|photodna|ssvh_\w+|netclean|videntifier|tmk\w*|pdq_ocr|sha-?256|sha-?512|raw_text|text_tlsh|trend_query|url)$/i;

/**
 * Checks one hash.
 * @throws FingerprintError `hash_malformed`
 */
export function checkHash(algorithm: ListAlgorithm, hash: string): string {
  if (hash.length !== DIGITS[algorithm] || !/^[0-9a-f]+$/i.test(hash)) throw malformed(hash, DIGITS[algorithm]);
  return hash.toLowerCase();
}

/** Without a stated kind, the length tells. */
function algorithmOf(type: string | undefined, hash: string, line: number): ListAlgorithm | null {
  if (type === undefined || type === '') return hash.length === 32 ? 'md5' : hash.length === 40 ? 'sha1' : 'pdq';
  const known = NAMES[type.toLowerCase()];
  if (known) return known;
  if (OTHERS.test(type)) return null;
  throw new FingerprintError(
    'hash_type_unknown',
    `"${type.slice(0, 40)}" is no kind of hash that is known here.`,
    line,
  );
}

function numberIn(text: string | undefined, low: number, high: number, what: string, line: number): number | null {
  if (text === undefined || text === '') return null;
  const value = Number(text);
  if (value >= low && value <= high) return value;
  throw new FingerprintError(
    'hash_list_malformed',
    `The ${what} "${text.slice(0, 40)}" is not in ${low}..${high}.`,
    line,
  );
}

function itemOf({ line, type, hash, quality, atS, label }: RawRecord & { line: number }): ListItem {
  try {
    const algorithm = algorithmOf(type, hash, line);
    if (algorithm === null) return { line, skipped: type ?? '' };
    const checked = checkHash(algorithm, hash);
    const whole = numberIn(quality, 0, 100, 'quality', line);
    const entry = {
      algorithm,
      hash: checked,
      quality: whole === null ? null : Math.round(whole),
      atS: numberIn(atS, 0, 1e6, 'second', line),
      // PostgreSQL stores no NUL; nothing of a label is worth refusing a list for.
      label: label?.replaceAll('\0', '').trim().slice(0, LONGEST_LABEL) || null,
    };
    return { line, entry };
  } catch (e) {
    if (!(e instanceof FingerprintError)) throw e;
    return { line, fault: new FingerprintError(e.code as 'hash_malformed', e.message, line) };
  }
}

/**
 * Reads a hash list as a stream, in whichever of these forms it comes:
 * - one hash a line; lines of vPDQ (`frame,quality,hash,second`); lines that start with `#` are comments;
 * - CSV with a header that names its columns: `hash` (or `indicator`, `signal_str`, `value`), and any of `type`,
 *   `quality`, `tags` or `label`, `timestamp` or `second`;
 * - JSON: a list of objects with such names, one object a line, or a page of ThreatExchange (`{"data": [...]}`);
 *   an object may hold several as `fingerprints: {md5, sha1, pdq}`;
 * - XML as NCMEC's hash sharing sends it (`<fingerprints>` of `<md5>`, `<sha1>`, `<pdq>`).
 *
 * Nothing is held but the present record, of at most 1 MB. A line that cannot be read comes as a `fault`, with its
 * number, and the reading goes on.
 */
export async function* readHashList(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<ListItem> {
  for await (const record of recordsOf(chunks)) {
    if ('fault' in record) yield { line: record.line, fault: record.fault };
    else yield itemOf(record);
  }
}
