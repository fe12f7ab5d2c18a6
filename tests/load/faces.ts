import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FACE_THRESHOLDS, encodeTemplate, type FaceTemplate } from '#engines/faces';
import type { NearestFaces } from '#engines/nearest';
import { Database, migrateDatabase, startEmbeddedDatabase } from '#platform/database';
import { Sealer, SubjectKeys } from '#platform/keys';
import { sealTemplate } from '#domain/recognition';
import { FaceIndex } from '#domain/recognition-faces';
import { note, quantile, table } from './machine.js';
import type { BenchReport } from './main.js';
import { benchNames } from './names.js';
import { Album, pictureOf, somebody, type Picture } from './people.js';
import { Times } from './times.js';

const SIZES = (process.env.FACES ?? '10000,100000,1000000').split(',').map(Number);
const SEALED = Number(process.env.SEALED ?? 20_000);
/** Another picture of each of the first so many persons is asked for. */
const PROBES = Number(process.env.PROBES ?? 2600);
/** Of these, all of the register is compared besides. */
const QUESTIONS = 24;
const LOOKUPS = 200;
const PAIRS = 200_000;
/** As `FaceIndex` is asked, and as it asks: what may be read in whole for an answer, and down to which estimate. */
const MOST = 12;
const READ = 3 * MOST + 64;
const FIRST_READ = MOST + 14;
const MARGIN = 0.09;
const MODEL = 'made up';
const THRESHOLDS = [FACE_THRESHOLDS.gallery.fused, FACE_THRESHOLDS.consent.fused];
const LIMIT_MS = 20;
const LEAST_RECALL = 0.999;

/** What a `FaceIndex` holds; the benchmark fills it without a database. */
interface Filled {
  register: {
    near: NearestFaces;
    add(row: { id: bigint; kind: 'person'; subjectId: string; tenantId: null }, face: FaceTemplate): void;
  };
}

/** Registers that grow, and the pictures in them. */
class Faces {
  readonly album = new Album(Math.max(...SIZES));
  private readonly persons = Array.from({ length: PROBES }, somebody);
  readonly asked = this.persons.map(pictureOf);
  size = 0;

  add(): Picture {
    const face = pictureOf(this.persons[this.size] ?? somebody());
    this.album.put(this.size++, face);
    return face;
  }

  /** The answer of the index to a picture, as `FaceIndex` would give it, best first. */
  answer(near: NearestFaces, asked: Picture): { entry: number; score: number }[] {
    const found = near.find(asked, 0, READ).map(({ entry, estimate }) => {
      return { entry, estimate, score: this.album.score(asked, entry) };
    });
    const first = found.slice(0, FIRST_READ).sort((a, b) => b.score - a.score);
    const floor = (first[MOST - 1]?.score ?? -Infinity) - MARGIN;
    const more = found.slice(FIRST_READ).filter(({ estimate }) => estimate >= floor);
    return [...first, ...more].sort((a, b) => b.score - a.score).slice(0, MOST);
  }

  /** The best of all by comparing all. */
  best(asked: Picture): { entry: number; score: number }[] {
    let best: { entry: number; score: number }[] = [];
    for (let entry = 0; entry < this.size; entry++) {
      const score = this.album.score(asked, entry);
      if (best.length >= MOST && score <= best[MOST - 1]!.score) continue;
      best = [...best, { entry, score }].sort((a, b) => b.score - a.score).slice(0, MOST);
    }
    return best;
  }
}

interface Recall {
  there: number;
  found: number;
  missed: number;
}

/**
 * Whether the person of each picture is in the answer, where the score reaches a threshold. Missed is who is not in it
 * although fewer than `MOST` score more: an exact search would have found that person.
 */
function recallOfPersons(faces: Faces, near: NearestFaces): Recall[] {
  const recalls = THRESHOLDS.map(() => ({ there: 0, found: 0, missed: 0 }));
  for (let person = 0; person < Math.min(PROBES, faces.size); person++) {
    const asked = faces.asked[person]!;
    const score = faces.album.score(asked, person);
    const answer = score >= Math.min(...THRESHOLDS) ? faces.answer(near, asked) : [];
    const found = answer.some(({ entry }) => entry === person);
    const outranked = answer.filter((one) => one.score > score).length >= MOST;
    THRESHOLDS.forEach((threshold, i) => {
      if (score < threshold) return;
      recalls[i]!.there++;
      if (found) recalls[i]!.found++;
      else if (!outranked) recalls[i]!.missed++;
    });
  }
  return recalls;
}

/** How many of the exact best are in the answer. */
function recallOfBest(faces: Faces, near: NearestFaces): string {
  let [there, found] = [0, 0];
  for (const asked of faces.asked.slice(0, QUESTIONS)) {
    const answer = new Set(faces.answer(near, asked).map(({ entry }) => entry));
    const best = faces.best(asked).filter(({ score }) => score >= THRESHOLDS[0]!);
    there += best.length;
    found += best.filter(({ entry }) => answer.has(entry)).length;
  }
  return `${found} of ${there}`;
}

/** How alike strangers, and pictures of one person, are: what the made-up faces are to be judged by. */
function likenessOf({ album, asked, size }: Faces): string {
  const strangers = Array.from({ length: PAIRS }, (_, i) => {
    return album.score(asked[i % asked.length]!, asked.length + ((i * 7919) % (size - asked.length)));
  });
  const same = asked.map((picture, i) => album.score(picture, i));
  const over = same.filter((score) => score >= THRESHOLDS[1]!).length / same.length;
  const at = (q: number) => quantile(strangers, 1 - q).toFixed(3);
  return `Fused score of ${PAIRS} pairs of strangers: ${at(0.01)} at 1 %, ${at(0.001)} at 0.1 %. Of one person's pairs ${(100 * over).toFixed(0)} % reach 0.20.`;
}

/** One register that grows: the index alone. */
async function benchIndex({ register }: Filled, faces: Faces): Promise<{ rows: string[][]; met: boolean }> {
  const rows: string[][] = [];
  let met = true;
  let longest = 0;
  for (const size of SIZES.toSorted((a, b) => a - b)) {
    while (faces.size < size) {
      const face = faces.add();
      const row = { id: BigInt(faces.size), kind: 'person', subjectId: `char_${faces.size}`, tenantId: null } as const;
      const before = performance.now();
      register.add(row, { ...face, model: MODEL });
      longest = Math.max(longest, performance.now() - before);
      if (faces.size % 100_000 === 0) note(`  ${faces.size} faces`);
    }
    const times = new Times();
    for (let i = -20; i < LOOKUPS; i++) {
      const look = () => register.near.find(faces.asked[(i + 20) % PROBES]!, 0, READ);
      if (i < 0) look();
      else await times.of(look);
    }
    const recalls = recallOfPersons(faces, register.near);
    met &&= times.processor < LIMIT_MS && recalls.every(({ there, missed }) => there - missed >= LEAST_RECALL * there);
    const shares = recalls.map(({ there, found, missed }) => `${missed} of ${there} (${found} in the answer)`);
    const memory = `${(register.near.taken / 2 ** 20).toFixed(0)} MiB`;
    rows.push([String(size), ...times.cells, ...shares, recallOfBest(faces, register.near), memory]);
    note(rows.at(-1)!.join(' | '));
  }
  note(`  longest time to add a face: ${longest.toFixed(1)} ms`);
  return { rows, met };
}

/** Keeps a face sealed, as enrolment does, under a number. */
async function seal(database: Database, keys: SubjectKeys, id: bigint, face: Picture): Promise<void> {
  const subjectId = `char_${id}`;
  const sealed = sealTemplate(await keys.create(subjectId), subjectId, encodeTemplate({ ...face, model: MODEL }));
  await database.likenessTemplate.create({ data: { id, subjectKind: 'person', subjectId, model: MODEL, sealed } });
}

/** Twenty at a time. */
async function sealAll(database: Database, keys: SubjectKeys, faces: Faces, entries: readonly number[]): Promise<void> {
  for (let i = 0; i < entries.length; i += 20) {
    const some = entries.slice(i, i + 20);
    await Promise.all(some.map((entry) => seal(database, keys, BigInt(entry + 1), faces.album.picture(entry))));
  }
}

const openKeys = (dir: string, name: string) => new SubjectKeys(join(dir, name), new Sealer(Buffer.alloc(32, 1)));

/** The whole way among all faces. Of these only the rows that the questions lead to lie in the database. */
async function benchFind(database: Database, keys: SubjectKeys, index: FaceIndex, faces: Faces) {
  const { near } = (index as unknown as Filled).register;
  const asked = faces.asked.slice(0, 12);
  const wanted = new Set(asked.flatMap((picture) => near.find(picture, 0, READ).map(({ entry }) => entry)));
  await sealAll(database, keys, faces, [...wanted]);
  await database.$executeRawUnsafe('ANALYZE likeness_templates');
  const times = new Times();
  for (let i = -20; i < LOOKUPS; i++) {
    const look = () => index.find({ ...asked[(i + 20) % asked.length]!, model: MODEL }, 'ten', MOST);
    if (i < 0) await look();
    else await times.of(look);
  }
  return [`FaceIndex.find among ${faces.size}, with ${wanted.size} sealed rows that are candidates`, ...times.cells];
}

/** Loading, in a database of its own. @returns what it takes */
async function benchLoading(database: Database, keys: SubjectKeys, faces: Faces): Promise<string> {
  await database.$executeRawUnsafe('TRUNCATE likeness_templates');
  const count = Math.min(SEALED, faces.size);
  const entries = Array.from({ length: count }, (_, i) => i);
  await sealAll(database, keys, faces, entries);
  const index = new FaceIndex(database, keys, { waitMs: 600_000 });
  let [longest, last] = [0, performance.now()];
  const watch = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  const cpu = process.cpuUsage();
  const started = performance.now();
  await index.refresh();
  const wall = (1000 * (performance.now() - started)) / count;
  clearInterval(watch);
  const { user, system } = process.cpuUsage(cpu);
  const processor = ((user + system) / count).toFixed(0);
  return `Loading ${count} sealed templates: ${wall.toFixed(0)} µs each by the clock, ${processor} µs of the processor; the event loop was kept for ${longest.toFixed(0)} ms at most.`;
}

/** How fast and how surely faces and names are found among many, and what the index takes. */
export async function benchFaces(): Promise<BenchReport> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-faces-'));
  // The server may run as another user.
  await chmod(dir, 0o755);
  const server = await startEmbeddedDatabase(join(dir, 'db'), false);
  const database = new Database(server.url);
  try {
    await migrateDatabase(server.url);
    const faces = new Faces();
    const keys = openKeys(dir, 'subjects');
    const index = new FaceIndex(database, keys);
    await index.refresh();
    const alone = await benchIndex(index as unknown as Filled, faces);
    note('  sealed templates');
    const whole = await benchFind(database, keys, index, faces);
    const loading = await benchLoading(database, openKeys(dir, 'loading'), faces);
    note('  names');
    const names = await benchNames(database);
    const times = ['processor, ms', 'least, ms', 'median, ms', 'p99, ms'];
    const shares = THRESHOLDS.map((threshold) => `missed over ${threshold.toFixed(2)}`);
    const markdown = [
      table(['faces', ...times, ...shares, `exact best ${MOST} found`, 'memory'], alone.rows),
      table(['with database and keys', ...times], [whole, ...names.rows]),
      `- ${loading}\n- ${likenessOf(faces)}\n- Named and found: ${names.found}.`,
    ];
    const met = alone.met && names.met && Number(whole[1]) < LIMIT_MS;
    return { markdown: markdown.join('\n\n'), met };
  } finally {
    await database.$disconnect();
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
