import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { HashIndex, IndexFullError, parseHash, type HashWords } from './index.js';
import { wordsDistance } from './hash.js';

/** Numbers that are the same in every run. */
function generator(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}
const next = generator(7);
const random = (): HashWords => Uint32Array.from({ length: 8 }, next);
/** A copy with so many different bits changed. */
function changed(hash: HashWords, bits: number): HashWords {
  const copy = Uint32Array.from(hash);
  const places = new Set<number>();
  while (places.size < bits) places.add(next() % 256);
  for (const place of places) copy[place >> 5]! ^= 1 << (place & 31);
  return copy;
}
const lines = (name: string) =>
  readFileSync(join(projectRoot, 'tests/fixtures/pdq', name), 'utf8')
    .trim()
    .split('\n')
    .map(parseHash);

function brute(hashes: HashWords[], query: HashWords, distance = 31) {
  return hashes
    .map((hash, id) => ({ id, distance: wordsDistance(hash, query) }))
    .filter((match) => match.distance <= distance)
    .sort((a, b) => a.distance - b.distance || a.id - b.id);
}
const sorted = <T extends { id: number; distance: number }>(matches: T[]) =>
  [...matches].sort((a, b) => a.distance - b.distance || a.id - b.id);

describe('HashIndex', () => {
  it('finds exactly what a look at every hash finds: public lists', () => {
    const [haystack, needles] = [lines('haystack.txt'), lines('needles.txt')];
    const index = new HashIndex(10_000);
    haystack.forEach((hash, id) => expect(index.add({ id, hash })).toBe(true));
    expect(index.size).toBe(haystack.length);
    for (const query of [...needles, ...haystack.slice(0, 200)])
      expect(sorted(index.query(query, { limit: 5000 }).matches)).toEqual(brute(haystack, query));
  });

  it('finds exactly what a look at every hash finds: random hashes, at each distance up to the last', () => {
    const hashes = Array.from({ length: 8000 }, random);
    const index = new HashIndex(30_000);
    hashes.forEach((hash, id) => index.add({ id, hash }));
    for (let bits = 0; bits <= 33; bits++) {
      for (let i = 0; i < 2; i++) {
        const query = changed(hashes[next() % hashes.length]!, bits);
        const { matches, cut } = index.query(query);
        expect(sorted(matches)).toEqual(brute(hashes, query));
        expect(matches.length).toBe(bits <= 31 ? 1 : 0);
        expect(cut).toBe(false);
      }
    }
    const [some] = hashes as [HashWords];
    expect(index.query(changed(some, 9), { distance: 8 }).matches).toEqual([]);
  });

  it('is the same after any order of additions and removals', () => {
    const index = new HashIndex(5000);
    const model = new Map<number, HashWords>();
    const base = Array.from({ length: 40 }, random);
    for (let i = 0; i < 6000; i++) {
      const id = next() % 1200;
      if (next() % 2) {
        const hash = changed(base[next() % base.length]!, next() % 4);
        if (!model.has(id)) model.set(id, hash);
        else expect(index.has(id)).toBe(true);
        expect(index.add({ id, hash })).toBe(model.get(id) === hash);
      } else expect(index.remove(id)).toBe(model.delete(id));
    }
    expect(index.size).toBe(model.size);
    const hashes = [...model.values()];
    const ids = [...model.keys()];
    for (const query of base) {
      const wanted = brute(hashes, query).map((match) => ({ ...match, id: ids[match.id]! }));
      expect(sorted(index.query(query, { limit: 5000 }).matches)).toEqual(sorted(wanted));
    }
    for (const id of ids) expect(index.remove(id)).toBe(true);
    expect([index.size, index.hashes]).toEqual([0, 0]);
    expect(index.query(base[0]!).matches).toEqual([]);
  });

  it('stores equal hashes once and keeps all their entries', () => {
    const index = new HashIndex(100);
    const hash = random();
    for (let id = 0; id < 50; id++) index.add({ id, hash, group: id % 2, source: id });
    expect([index.size, index.hashes]).toEqual([50, 1]);
    expect(index.add({ id: 3, hash: random() })).toBe(false);
    const odd = index.query(hash, { accept: (group, source) => group === 1 && source !== 3 });
    expect(odd.matches.map(({ id }) => id).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 25 }, (_, i) => 2 * i + 1).filter((id) => id !== 3),
    );
  });

  it('refuses what it has no room for, and takes it when there is room again', () => {
    const index = new HashIndex(2);
    const third = { id: 3, hash: random() };
    index.add({ id: 1, hash: random() });
    index.add({ id: 2 ** 40, hash: random() });
    expect(() => index.add(third)).toThrow(IndexFullError);
    expect(index.query(third.hash).matches).toEqual([]);
    index.remove(2 ** 40);
    expect(index.add(third)).toBe(true);
    expect(index.query(third.hash).matches).toEqual([{ id: 3, distance: 0 }]);
  });

  it('forgets a group', async () => {
    const index = new HashIndex(1000);
    const hash = random();
    for (let id = 0; id < 900; id++) index.add({ id, hash: id % 3 ? hash : random(), group: id % 3 });
    expect(await index.removeGroup(1)).toBe(300);
    expect(index.size).toBe(600);
    expect(index.query(hash, { limit: 1000 }).matches.every(({ id }) => id % 3 === 2)).toBe(true);
  });

  it('answers with the nearest, in bounded time, where all hashes are near each other', () => {
    const index = new HashIndex(30_000);
    const centre = random();
    const hashes = Array.from({ length: 20_000 }, () => changed(centre, 1 + (next() % 14)));
    hashes.forEach((hash, id) => index.add({ id, hash }));
    index.add({ id: 50_001, hash: centre });
    const started = process.cpuUsage();
    const { matches, cut } = index.query(centre, { limit: 10 });
    const { user } = process.cpuUsage(started);
    expect(cut).toBe(true);
    expect(matches).toHaveLength(10);
    expect(matches[0]).toEqual({ id: 50_001, distance: 0 });
    expect(matches.map(({ distance }) => distance)).toEqual([
      0,
      ...brute(hashes, centre)
        .slice(0, 9)
        .map(({ distance }) => distance),
    ]);
    expect(user / 1000).toBeLessThan(500);
    // Entries that do not count take no place of those that do.
    index.add({ id: 60_001, hash: changed(centre, 31), group: 9 });
    expect(index.query(centre, { limit: 10, accept: (group) => group === 9 }).matches).toEqual([
      { id: 60_001, distance: 31 },
    ]);
  });
});
