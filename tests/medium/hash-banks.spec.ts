import { randomBytes } from 'node:crypto';
import { systemClock } from '#kernel';
import { Signal } from '#contracts';
import {
  BankIndex,
  BankMatcher,
  bankSignals,
  HashBanks,
  rememberFingerprint,
  type BankIndexOptions,
  type BankUser,
} from '#domain/hash-banks';
import { hashDistance, readHashList, type VideoFingerprint } from '#engines/fingerprint';
import type { Core } from '#platform/core';
import { nearHash, openBanks, randomHash, type BankHarness } from '../support/hash-banks.js';

let bench: BankHarness;
let core: Core;
let banks: HashBanks;
const open: BankIndex[] = [];
const someone = () => bench.someone();
const [random, near] = [randomHash, nearHash];

beforeAll(async () => {
  bench = await openBanks();
  core = bench.core;
  banks = new HashBanks(core.database, systemClock);
}, 60_000);

afterAll(async () => {
  await Promise.all(open.map((index) => index.close()));
  await bench?.close();
});

const clipOf = (...hashes: string[]): VideoFingerprint => ({
  algorithm: 'vpdq',
  hashes: hashes.map((hash, atS) => ({ atS, hash, quality: 100 })),
});
async function indexed(options: BankIndexOptions = {}) {
  const index = new BankIndex(core.database, options);
  open.push(index);
  await index.refresh();
  return { index, matcher: new BankMatcher(core.database, index) };
}
async function bankOf(user: BankUser, text: string, request: Partial<Parameters<HashBanks['create']>[1]> = {}) {
  const bank = await banks.create(user, { name: 'b', kind: 'block', category: null, shared: false, ...request });
  async function* chunks() {
    yield text;
  }
  const done = await banks.import(user, bank.id, () => readHashList(chunks()));
  return { ...bank, done };
}
const remember = (kind: 'reupload' | 'own_releases', id: string, tenantId: string, fingerprint: VideoFingerprint) =>
  core.database.$transaction((tx) => rememberFingerprint(tx, kind, { id, tenantId }, fingerprint));

describe('matching', () => {
  it('finds what is near, for its tenant alone, with second, distance and share', async () => {
    const [mine, other] = [await someone(), await someone()];
    const [a, b] = [random(), random()];
    const bank = await bankOf(mine, `hash,label\n${a},first\n${b},second`);
    expect(bank.done).toMatchObject({ added: 2, known: 0 });
    const { matcher } = await indexed();
    const clip = clipOf(random(), near(a, 12), random(), near(a, 3));
    const [match, ...rest] = await matcher.match(mine.tenantId, clip);
    expect(rest).toEqual([]);
    expect(match).toMatchObject({
      bank: { id: bank.id, kind: 'block' },
      atS: 3,
      distance: 3,
      bankHash: a,
      label: 'first',
    });
    expect(match).toMatchObject({ algorithm: 'pdq', share: 0.5, hash: near(a, 3) });
    expect(hashDistance(match!.hash, match!.bankHash!)).toBe(3);
    expect(await matcher.match(mine.tenantId, clipOf(near(a, 31)))).toHaveLength(1);
    expect(await matcher.match(mine.tenantId, clipOf(near(a, 32)))).toEqual([]);
    expect(await matcher.match(other.tenantId, clip)).toEqual([]);
  });

  it('of shared banks count for everybody', async () => {
    const [admin, other] = [bench.operator, await bench.someone(['admin'])];
    const hash = random();
    const bank = await bankOf(admin, hash, { shared: true, category: 'extremism' });
    const { matcher } = await indexed();
    expect(await matcher.match(other.tenantId, clipOf(hash))).toMatchObject([
      { bank: { id: bank.id }, category: 'extremism', distance: 0 },
    ]);
    await expect(bankOf(other, hash, { shared: true })).rejects.toMatchObject({ code: 'operator_only' });
    await expect(banks.remove(other, bank.id)).rejects.toMatchObject({ code: 'operator_only' });
    await expect(banks.entries(other, bank.id, { limit: 10 })).rejects.toMatchObject({ code: 'operator_only' });
    await banks.remove(admin, bank.id);
  });

  it('leaves out hashes of low quality, on both sides', async () => {
    const user = await someone();
    const [a, b] = [random(), random()];
    const bank = await bankOf(user, `hash,quality\n${a},49\n${b},50`);
    expect(bank.done).toMatchObject({ added: 2, low_quality: 1 });
    const { matcher } = await indexed();
    expect(await matcher.match(user.tenantId, clipOf(a, b))).toMatchObject([{ bankHash: b, share: 0.5 }]);
    const poor = { algorithm: 'vpdq' as const, hashes: [{ atS: 0, hash: b, quality: 49 }] };
    expect(await matcher.match(user.tenantId, poor)).toEqual([]);
    expect(await matcher.lookUp(user.tenantId, poor)).toMatchObject({ state: 'ready', matches: [], plain: true });
  });

  it('names whole files by their MD5 and SHA-1', async () => {
    const user = await someone();
    const md5 = randomBytes(16).toString('hex');
    await bankOf(user, `type,hash,tags\nmd5,${md5.toUpperCase()},known\nsha1,${randomBytes(20).toString('hex')},`);
    const { matcher } = await indexed();
    const found = await matcher.lookUp(user.tenantId, clipOf(random()), { md5, sha1: 'f'.repeat(40) });
    expect(found.exact).toMatchObject([{ algorithm: 'md5', hash: md5, label: 'known' }]);
    expect(bankSignals(found)[0]).toMatchObject({ detector: 'fingerprint.block', score: 1 });
    expect(await matcher.matchFile((await someone()).tenantId, { md5 })).toEqual([]);
  });
});

describe('what the service remembers', () => {
  it('never matches the clip that it was taken from, however often', async () => {
    const user = await someone();
    const still = random();
    const clip = clipOf(...Array.from({ length: 120 }, (_, i) => near(still, i % 9)));
    expect(await remember('reupload', 'clip_a', user.tenantId, clip)).toBeGreaterThan(1);
    expect(await remember('reupload', 'clip_a', user.tenantId, clip)).toBe(0);
    const { matcher } = await indexed();
    expect(await matcher.match(user.tenantId, clip, 'clip_a')).toEqual([]);
    const again = await matcher.match(user.tenantId, clip, 'clip_b');
    expect(again).toMatchObject([{ bank: { kind: 'reupload' }, clip: 'clip_a', share: 1, distance: 0 }]);
    // Its own hashes, more than one answer holds, do not hide another's.
    await remember('reupload', 'clip_c', user.tenantId, clipOf(near(still, 20)));
    const later = await indexed();
    expect(await later.matcher.match(user.tenantId, clip, 'clip_a')).toMatchObject([{ clip: 'clip_c' }]);
  });

  it('keeps one bank of each kind, made once by whoever is first', async () => {
    const user = await someone();
    await Promise.all([1, 2, 3, 4].map((i) => remember('own_releases', `clip_${i}`, user.tenantId, clipOf(random()))));
    const list = await banks.list(user);
    expect(list.filter(({ automatic }) => automatic)).toMatchObject([{ kind: 'own_releases', hashes: 4 }]);
    expect(await remember('own_releases', 'clip_9', user.tenantId, clipOf())).toBe(0);
  });

  it('of own releases is information: no signal', async () => {
    const user = await someone();
    const hash = random();
    await remember('own_releases', 'clip_a', user.tenantId, clipOf(hash));
    const { matcher } = await indexed();
    const found = await matcher.lookUp(user.tenantId, clipOf(hash), { id: 'clip_remix' });
    expect(found.matches).toMatchObject([{ bank: { kind: 'own_releases' } }]);
    expect(bankSignals(found).map(({ detector, score }) => [detector, score])).toEqual([
      ['fingerprint.block', 0],
      ['fingerprint.reupload', 0],
    ]);
  });

  it('writes nothing when the move that it belongs to fails', async () => {
    const user = await someone();
    const work = core.database.$transaction(async (tx) => {
      await rememberFingerprint(tx, 'reupload', { id: 'clip_x', tenantId: user.tenantId }, clipOf(random()));
      throw new Error('the last write fails');
    });
    await expect(work).rejects.toThrow('the last write fails');
    expect(await banks.list(user).then((all) => all.filter(({ shared }) => !shared))).toEqual([]);
  });
});

describe('signals', () => {
  const found = (distance: number, kind: 'block' | 'reupload', category: 'hate' | null = null) => ({
    bank: { id: 'hb_1', name: 'b', kind },
    algorithm: 'pdq' as const,
    ...{ category, distance, atS: 4, hash: 'a', bankHash: 'b', label: null, clip: null, share: 0.5, shared: false },
  });

  it('are the strongest match of each kind and category', () => {
    const matches = [found(10, 'block'), found(31, 'block'), found(31, 'block', 'hate'), found(0, 'reupload')];
    const signals = bankSignals({ state: 'ready', matches, exact: [], plain: false });
    for (const signal of signals) Signal.parse(signal);
    expect(signals.map(({ detector, category, score }) => [detector, category, score])).toEqual([
      ['fingerprint.block', 'other', 1 - 10 / 64],
      ['fingerprint.block', 'hate', 1 - 31 / 64],
      ['fingerprint.reupload', 'other', 1],
    ]);
    expect(signals[0]).toMatchObject({ source: 'fingerprint', at: { fromS: 4, toS: 5 } });
  });

  it('are unable where nothing can be told, never a low score', async () => {
    const signals = bankSignals({ state: 'unable', reason: 'x', matches: [], exact: [] });
    expect(signals.map(({ state, score }) => [state, score])).toEqual([
      ['unable', null],
      ['unable', null],
    ]);
    const { tenantId } = await someone();
    const notLoaded = new BankMatcher(core.database, new BankIndex(core.database));
    expect(await notLoaded.lookUp(tenantId, clipOf(random()))).toMatchObject({ state: 'unable' });
    const { matcher } = await indexed();
    expect(await matcher.lookUp(tenantId, clipOf())).toMatchObject({ state: 'unable' });
    const stale = await indexed({ staleMs: 0 });
    expect(await stale.matcher.lookUp(tenantId, clipOf(random()))).toMatchObject({ state: 'unable' });
  });
});

describe('the index', () => {
  it('follows additions, removals and the ends of banks made by others', async () => {
    const user = await someone();
    const { index, matcher } = await indexed({ pollMs: 20 });
    const twin = await indexed();
    index.start();
    const [a, b] = [random(), random()];
    const seen = async (hash: string) => (await matcher.match(user.tenantId, clipOf(hash))).length;
    const becomes = async (hash: string, count: number) => {
      for (const end = Date.now() + 10_000; (await seen(hash)) !== count;)
        if (Date.now() > end) throw new Error('the index does not follow');
    };
    const bank = await bankOf(user, `${a}\n${b}`);
    await becomes(a, 1);
    const { data } = await banks.entries(user, bank.id, { limit: 10 });
    await banks.removeEntry(user, bank.id, data[0]!.id);
    await becomes(a, 0);
    await expect(banks.removeEntry(user, bank.id, data[0]!.id)).rejects.toMatchObject({ code: 'hash_entry_not_found' });
    async function* again() {
      yield a;
    }
    expect(await banks.import(user, bank.id, () => readHashList(again()))).toMatchObject({ added: 1, known: 0 });
    await becomes(a, 1);
    const before = (await twin.index.refresh(), (twin.index.state() as { entries: number }).entries);
    await banks.remove(user, bank.id);
    await becomes(b, 0);
    await twin.index.refresh();
    expect(twin.index.state()).toMatchObject({ state: 'ready', entries: before - 2 });
  });

  it('passes over nothing when writers commit in another order than they began', async () => {
    const user = await someone();
    const bank = await banks.create(user, { name: 'race', kind: 'block', category: null, shared: false });
    const { index } = await indexed();
    const hashes = Array.from({ length: 40 }, random);
    const row = (hash: string) => ({ bankId: bank.id, algorithm: 'pdq', hash, addedBy: 'test' });
    const writing = Promise.all(
      hashes.map((hash, i) =>
        core.database.$transaction(
          async (tx) => {
            if (i % 2) await new Promise((done) => setTimeout(done, 10 + i));
            await tx.hashEntry.create({ data: row(hash) });
            await new Promise((done) => setTimeout(done, i % 3));
          },
          { maxWait: 20_000, timeout: 20_000 },
        ),
      ),
    );
    let done = false;
    void writing.finally(() => (done = true));
    while (!done) await index.refresh();
    await index.refresh();
    const missed = hashes.filter((hash) => index.near(hash, user.tenantId, ['block'], 5).length === 0);
    expect(missed).toEqual([]);
  });

  it('says unable when it is full, and recovers when there is room', async () => {
    const user = await someone();
    const { entries: living } = (await indexed()).index.state() as { entries: number };
    const bank = await bankOf(user, [random(), random(), random()].join('\n'));
    const { index, matcher } = await indexed({ capacity: living + 1 });
    expect(index.state()).toMatchObject({ state: 'unable', reason: 'full' });
    expect(await matcher.lookUp(user.tenantId, clipOf(random()))).toMatchObject({ state: 'unable' });
    await banks.remove(user, bank.id);
    await index.refresh();
    expect(index.state()).toMatchObject({ state: 'ready' });
  });
});
