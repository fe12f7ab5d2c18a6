import type { Database } from '#platform/database';
import { Sealer } from '#platform/keys';
import { hashName, NameBook, nameKey, rememberSubject } from '#domain/recognition';
import { Times } from './times.js';

const NAMES = Number(process.env.NAMES ?? 1_000_000);
const LOOKUPS = 200;
const KNOWN = 24;
const LIMIT_MS = 20;

const WORDS = 'a quiet film of two old friends who row across the lake at dawn while it rains and somebody sings'.split(
  ' ',
);

/** A prompt of about 300 characters that names somebody. */
function prompt(i: number, name: string): string {
  const words = Array.from({ length: 64 }, (_, k) => WORDS[(7 * i + 3 * k) % WORDS.length]!);
  return [...words.slice(0, 32), name, ...words.slice(32)].join(' ');
}

/** How fast names are found among many; the database is the benchmark's own. */
export async function benchNames(database: Database): Promise<{ rows: string[][]; found: string; met: boolean }> {
  const key = nameKey(new Sealer(Buffer.alloc(32, 1)));
  const forms = hashName(key, 'Marie Tolland').length;
  // To the index one hash is like another: most are made by the database.
  await database.$executeRawUnsafe('DROP INDEX likeness_names_name_hash_idx');
  await database.$executeRawUnsafe(`
    INSERT INTO likeness_names (subject_kind, subject_id, tenant_id, name_hash, words)
    SELECT 'person', 'char_' || (n / ${forms}), NULL, sha256(n::text::bytea), 2 FROM generate_series(1, ${NAMES * forms}) AS n`);
  await database.$executeRawUnsafe('CREATE INDEX likeness_names_name_hash_idx ON likeness_names (name_hash)');
  for (let i = 0; i < KNOWN; i++) {
    const subject = { kind: 'person', id: `char_known${i}`, tenantId: null } as const;
    await rememberSubject(database, subject, {
      names: hashName(key, `Maria Quillon${'abcdefgh'[i % 8]!.repeat(1 + (i >> 3))}x`),
    });
  }
  await database.$executeRawUnsafe('ANALYZE likeness_names');
  const book = new NameBook(database, key);
  const times = new Times();
  let found = 0;
  for (let i = 0; i < LOOKUPS; i++) {
    const k = i % KNOWN;
    await times.of(async () => {
      const hits = await book.find(prompt(i, `Maria Quillon${'abcdefgh'[k % 8]!.repeat(1 + (k >> 3))}x`), 'ten');
      if (hits.some(({ subject }) => subject.id === `char_known${k}`)) found++;
    });
  }
  const rows = [[`NameBook.find among ${NAMES} names, a prompt of about 300 characters`, ...times.cells]];
  for (const length of [8000, 32_000]) {
    const long = new Times();
    for (let i = 0; i < 20; i++) await long.of(() => book.find(longText(length, i), 'ten'));
    rows.push([`the same, a text of ${length} characters`, ...long.cells]);
  }
  return { rows, found: `${found} of ${LOOKUPS}`, met: times.processor < LIMIT_MS && found === LOOKUPS };
}

function longText(length: number, seed: number): string {
  const words = Array.from(
    { length: length / 5 },
    (_, i) => `${WORDS[(i * i + seed) % WORDS.length]!}${(i * 31 + seed) % 997}`,
  );
  return words.join(' ').slice(0, length);
}
