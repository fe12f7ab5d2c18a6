import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FACE_THRESHOLDS, encodeTemplate } from '#engines/faces';
import { NearestFaces } from '#engines/nearest';
import { Database, migrateDatabase, startEmbeddedDatabase } from '#platform/database';
import { Sealer, SubjectKeys } from '#platform/keys';
import { hashName, NameBook, nameKey, rememberSubject, sealTemplate } from '#domain/recognition';
import { FaceIndex } from '#domain/recognition-faces';
import { median, note, quantile, table } from './machine.js';
import type { BenchReport } from './main.js';
import { pictureOf, scores, somebody, type Picture } from './people.js';

const SIZES = (process.env.FACES ?? '10000,100000,1000000').split(',').map(Number);
const NAMES = Number(process.env.NAMES ?? 1_000_000);
const SEALED = Number(process.env.SEALED ?? 5000);
const QUESTIONS = 60;
const LOOKUPS = 200;
const MOST = 10;
/** As FaceIndex asks: what may be read in whole for an answer of `MOST`, and down to which estimate. */
const READ = 3 * MOST + 64;
const MARGIN = 0.09;
const LIMIT_MS = 20;
const LEAST_RECALL = 0.999;

/** The best of all that were offered, by brute force. */
class Best {
  private list: [score: number, entry: number][] = [];
  private floor = -Infinity;

  constructor(readonly asked: Picture) {}

  offer(face: Picture, entry: number): void {
    const { fused } = scores(this.asked, face);
    if (fused <= this.floor) return;
    this.list.push([fused, entry]);
    if (this.list.length >= 20 * MOST) this.cut();
  }

  private cut(): void {
    this.list = this.list.sort((a, b) => b[0] - a[0]).slice(0, MOST);
    if (this.list.length === MOST) this.floor = this.list[MOST - 1]![0];
  }

  get top(): [number, number][] {
    this.cut();
    return this.list;
  }
}

interface Recall {
  there: number;
  found: number;
}

function recallOf(index: NearestFaces, questions: readonly Best[], threshold: number): Recall {
  const recall = { there: 0, found: 0 };
  for (const { asked, top } of questions) {
    const floor = top.at(-1)![0] - MARGIN;
    const near = index.find(asked, 0, READ).filter(({ estimate }, i) => i < MOST + 14 || estimate >= floor);
    const found = new Set(near.map(({ entry }) => entry));
    for (const [score, entry] of top) {
      if (score < threshold) continue;
      recall.there++;
      if (found.has(entry)) recall.found++;
    }
  }
  return recall;
}

function lookUps(index: NearestFaces, questions: readonly Best[]): number[] {
  return Array.from({ length: LOOKUPS }, (_, i) => {
    const started = performance.now();
    index.find(questions[i % questions.length]!.asked, 0, READ);
    return performance.now() - started;
  });
}

const share = ({ there, found }: Recall) => `${((100 * found) / there).toFixed(2)} % of ${there}`;

/** One register that grows: the index alone, against brute force over the same faces. */
function benchIndex(): { rows: string[][]; met: boolean } {
  const index = new NearestFaces(Math.max(...SIZES));
  const persons = Array.from({ length: QUESTIONS }, somebody);
  const questions = persons.map((person) => new Best(pictureOf(person)));
  const rows: string[][] = [];
  let met = true;
  for (let size = 0; size < Math.max(...SIZES);) {
    // Those who are asked for are in it, in another picture.
    const face = pictureOf(persons[size] ?? somebody());
    const entry = index.add(face, 0);
    for (const question of questions) question.offer(face, entry);
    if (++size % 50_000 === 0) note(`  ${size} faces`);
    if (!SIZES.includes(size)) continue;
    const times = lookUps(index, questions);
    const recalls = [FACE_THRESHOLDS.gallery, FACE_THRESHOLDS.consent].map(({ fused }) =>
      recallOf(index, questions, fused),
    );
    const [middle, high] = [median(times), quantile(times, 0.99)];
    met &&= middle < LIMIT_MS && recalls.every(({ there, found }) => found >= LEAST_RECALL * there);
    const numbers = [Math.min(...times), middle, high].map((ms) => ms.toFixed(1));
    rows.push([String(size), ...numbers, ...recalls.map(share), `${(index.taken / 2 ** 20).toFixed(0)} MiB`]);
    note(rows.at(-1)!.join(' | '));
  }
  return { rows, met };
}

async function benchSealed(database: Database, dir: string): Promise<string[][]> {
  const keys = new SubjectKeys(join(dir, 'subjects'), new Sealer(Buffer.alloc(32, 1)));
  const asked: Picture[] = [];
  for (let i = 0; i < SEALED; i++) {
    const person = somebody();
    if (asked.length < QUESTIONS) asked.push(pictureOf(person));
    const id = `char_${i}`;
    const model = 'made up';
    const sealed = sealTemplate(await keys.create(id), id, encodeTemplate({ ...pictureOf(person), model }));
    const subject = { kind: 'person', id, tenantId: 'ten' } as const;
    await rememberSubject(database, subject, { template: { model, sealed } });
  }
  const index = new FaceIndex(database, keys, { waitMs: 600_000 });
  const started = performance.now();
  await index.refresh();
  const loadedS = (performance.now() - started) / 1000;
  const times: number[] = [];
  for (let i = 0; i < LOOKUPS; i++) {
    const before = performance.now();
    await index.find({ ...asked[i % asked.length]!, model: 'made up' }, 'ten', MOST);
    times.push(performance.now() - before);
  }
  return [
    [`loading ${SEALED} sealed templates`, `${((1e6 * loadedS) / SEALED).toFixed(0)} µs each`],
    ...shown(`FaceIndex.find among ${SEALED}: changes, ${READ} whole templates read and opened`, times),
  ];
}

const shown = (what: string, times: number[]): string[][] => [
  [`${what}, least`, `${Math.min(...times).toFixed(1)} ms`],
  [`${what}, median`, `${median(times).toFixed(1)} ms`],
  [`${what}, p99`, `${quantile(times, 0.99).toFixed(1)} ms`],
];

const WORDS = 'a quiet film of two old friends who row across the lake at dawn while it rains and somebody sings'.split(
  ' ',
);

/** A prompt of about 100 characters that may name somebody. */
function prompt(i: number, name: string): string {
  const words = Array.from({ length: 16 }, (_, k) => WORDS[(7 * i + 3 * k) % WORDS.length]!);
  return [...words.slice(0, 8), name, ...words.slice(8)].join(' ');
}

async function benchNames(database: Database): Promise<{ rows: string[][]; met: boolean }> {
  const key = nameKey(new Sealer(Buffer.alloc(32, 1)));
  const forms = hashName(key, 'Marie Tolland').length;
  // To the index one hash is like another: most are made by the database.
  await database.$executeRawUnsafe('DROP INDEX likeness_names_name_hash_idx');
  await database.$executeRawUnsafe(`
    INSERT INTO likeness_names (subject_kind, subject_id, tenant_id, name_hash, words)
    SELECT 'person', 'char_' || (n / ${forms}), NULL, sha256(n::text::bytea), 2 FROM generate_series(1, ${NAMES * forms}) AS n`);
  await database.$executeRawUnsafe('CREATE INDEX likeness_names_name_hash_idx ON likeness_names (name_hash)');
  for (let i = 0; i < QUESTIONS; i++) {
    const subject = { kind: 'person', id: `char_known${i}`, tenantId: null } as const;
    await rememberSubject(database, subject, {
      names: hashName(key, `Maria Quillon${'abcdefgh'[i % 8]!.repeat(1 + (i >> 3))}x`),
    });
  }
  await database.$executeRawUnsafe('ANALYZE likeness_names');
  const book = new NameBook(database, key);
  const times: number[] = [];
  let found = 0;
  for (let i = 0; i < LOOKUPS; i++) {
    const k = i % QUESTIONS;
    const started = performance.now();
    const hits = await book.find(prompt(i, `Maria Quillon${'abcdefgh'[k % 8]!.repeat(1 + (k >> 3))}x`), 'ten');
    times.push(performance.now() - started);
    if (hits.some(({ subject }) => subject.id === `char_known${k}`)) found++;
  }
  const long = await longText(book);
  const rows = [
    ...shown(`NameBook.find among ${NAMES} names, a prompt of about 100 characters`, times),
    [`named and found`, `${found} of ${LOOKUPS}`],
    ['a text of 8,000 characters', `${long[0]!.toFixed(0)} ms`],
    ['a text of 32,000 characters', `${long[1]!.toFixed(0)} ms`],
  ];
  return { rows, met: median(times) < LIMIT_MS && found === LOOKUPS };
}

async function longText(book: NameBook): Promise<number[]> {
  const times: number[] = [];
  for (const length of [8000, 32_000]) {
    const words = Array.from({ length: length / 5 }, (_, i) => `${WORDS[(i * i) % WORDS.length]!}${i % 97}`);
    const started = performance.now();
    await book.find(words.join(' ').slice(0, length), 'ten');
    times.push(performance.now() - started);
  }
  return times;
}

/** How fast and how surely faces and names are found among many, and what the index takes. */
export async function benchFaces(): Promise<BenchReport> {
  const { rows, met } = benchIndex();
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-faces-'));
  // The server may run as another user.
  await chmod(dir, 0o755);
  const server = await startEmbeddedDatabase(join(dir, 'db'), false);
  const database = new Database(server.url);
  try {
    await migrateDatabase(server.url);
    note('  sealed templates');
    const sealed = await benchSealed(database, dir);
    note('  names');
    const names = await benchNames(database);
    const head = [
      'faces',
      'least, ms',
      'median, ms',
      'p99, ms',
      'found of the best 10 over 0.05',
      'over 0.20',
      'memory',
    ];
    const markdown = `${table(head, rows)}\n\n${table(['with database and keys', ''], [...sealed, ...names.rows])}`;
    return { markdown, met: met && names.met };
  } finally {
    await database.$disconnect();
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
