import type { Database } from '#platform/database';
import { candidatesOf } from './candidates.js';
import { ShortHmac } from './hmac.js';
import type { Subject } from './subjects.js';

/** Somebody whom a text names. */
export interface NameHit {
  subject: Subject;
  /** Words of the name that was found: one word alone is weak, since many share it. */
  words: number;
}

/** Rows in one answer: a name that more subjects bear says little of each. */
const MOST_ROWS = 1000;
const SIZE = 32;

interface Row {
  kind: string;
  id: string;
  tenantId: string | null;
  hash: Uint8Array;
  words: number;
}

/** The names of all subjects; they are kept as keyed hashes only. */
export class NameBook {
  private readonly hmac: ShortHmac;

  /** @param key of `nameKey` */
  constructor(
    private readonly database: Pick<Database, '$queryRaw'>,
    key: Uint8Array,
  ) {
    this.hmac = new ShortHmac(key);
  }

  /**
   * Subjects of a tenant, and of those that hold for all, that a text names; most words first. Handles are not looked for.
   * @param text up to 32,000 characters
   * @throws RecognitionError `text_unreadable`, and what the database throws: the check is then `unable`
   */
  async find(text: string, tenantId: string): Promise<NameHit[]> {
    const candidates = candidatesOf(text);
    if (candidates.size === 0) return [];
    const hashes = Buffer.alloc(SIZE * candidates.size);
    let at = 0;
    for (const candidate of candidates.keys()) {
      this.hmac.write(candidate, hashes, at);
      at += SIZE;
    }
    const rows = await this.rows(hashes, tenantId);
    if (rows.length === 0) return [];
    const whole = wholeOnes(candidates.values(), hashes, rows);
    const hits = new Map<string, NameHit>();
    for (const { kind, id, tenantId: owner, hash, words } of rows) {
      if (words === 1 && !whole.has(keyOf(hash))) continue;
      const known = hits.get(id);
      if (known && known.words >= words) continue;
      hits.set(id, { subject: { kind: kind as Subject['kind'], id, tenantId: owner }, words });
    }
    return [...hits.values()].sort((a, b) => b.words - a.words);
  }

  /** One look at the index. The array is made in the database: as a parameter it would be parsed from text. */
  private rows(hashes: Buffer<ArrayBuffer>, tenantId: string): Promise<Row[]> {
    const count = hashes.length / SIZE;
    return this.database.$queryRaw<Row[]>`
      SELECT subject_kind AS kind, subject_id AS id, tenant_id AS "tenantId", name_hash AS hash, words
      FROM likeness_names
      WHERE name_hash = ANY (ARRAY(
        SELECT substring(${hashes}::bytea FROM ${SIZE}::int * n + 1 FOR ${SIZE}::int) FROM generate_series(0, ${count - 1}::int) AS n))
        AND (tenant_id IS NULL OR tenant_id = ${tenantId})
      ORDER BY words DESC, id LIMIT ${MOST_ROWS}`;
  }
}

const keyOf = (hash: Uint8Array) => Buffer.from(hash).toString('latin1');

/** Which of the rows' hashes count for a name of one word. */
function wholeOnes(flags: Iterable<boolean>, hashes: Buffer, rows: readonly Row[]): Set<string> {
  const wanted = new Set(rows.filter(({ words }) => words === 1).map(({ hash }) => keyOf(hash)));
  const found = new Set<string>();
  if (wanted.size === 0) return found;
  let at = 0;
  for (const flag of flags) {
    const key = flag ? hashes.toString('latin1', at, at + SIZE) : '';
    if (wanted.has(key)) found.add(key);
    at += SIZE;
  }
  return found;
}
