import 'reflect-metadata';
import { readdir, readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { HashBank, HashEntry, HashImport, HashMatches } from '#contracts';
import { createServer } from '../../apps/api/server.js';
import { nearHash, openBanks, randomHash, type BankHarness, type Someone } from '../support/hash-banks.js';

let bench: BankHarness;
let url: string;
let stop: () => Promise<void>;
const someone = () => bench.someone();
const [random, near] = [randomHash, nearHash];

beforeAll(async () => {
  bench = await openBanks({ MAX_UPLOAD_MB: '1' });
  const app = await createServer(bench.core);
  const server = (await app.listen(0, '127.0.0.1')) as { address(): AddressInfo };
  url = `http://127.0.0.1:${server.address().port}/v1`;
  stop = () => app.close();
}, 60_000);

afterAll(async () => {
  await stop?.();
  await bench?.close();
});

describe('over HTTP', () => {
  async function call(as: Someone, method: string, path: string, body?: unknown, type?: string) {
    const headers: Record<string, string> = { authorization: `Bearer ${as.key}` };
    if (type) headers['content-type'] = type;
    else if (body !== undefined && !(body instanceof FormData)) headers['content-type'] = 'application/json';
    const sent = body === undefined || type || body instanceof FormData ? (body as string) : JSON.stringify(body);
    const answer = await fetch(`${url}${path}`, { method, headers, body: sent });
    return { status: answer.status, body: (await answer.json()) as { error?: Record<string, unknown> } };
  }
  const create = async (as: Someone, body: object = { name: 'mine' }) =>
    HashBank.parse((await call(as, 'POST', '/hash_banks', body)).body);

  it('banks are made, listed, renamed and taken out of use, within their tenant', async () => {
    const [user, other] = [await someone(), await someone()];
    const bank = await create(user, { name: ' mine ', category: 'hate' });
    expect(bank).toMatchObject({ name: 'mine', kind: 'block', category: 'hate', shared: false, hashes: 0 });
    const renamed = await call(user, 'POST', `/hash_banks/${bank.id}`, { name: 'ours' });
    expect(renamed.body).toMatchObject({ name: 'ours' });
    expect((await call(other, 'GET', `/hash_banks/${bank.id}`)).status).toBe(404);
    expect((await call(other, 'DELETE', `/hash_banks/${bank.id}`)).status).toBe(404);
    const nobody = await bench.someone(['videos:read', 'moderations']);
    expect((await call(nobody, 'GET', '/hash_banks')).status).toBe(403);
    expect((await call(user, 'POST', '/hash_banks', { name: 'x', shared: true })).status).toBe(403);
    expect((await call(user, 'POST', '/hash_banks', { name: 'x', colour: 1 })).status).toBe(400);
    expect((await call(user, 'DELETE', `/hash_banks/${bank.id}`)).body).toMatchObject({ deleted: true });
    expect((await call(user, 'GET', `/hash_banks/${bank.id}`)).status).toBe(404);
  });

  it('lists come as JSON, as text, as CSV and as a file', async () => {
    const user = await someone();
    const { id } = await create(user);
    const add = async (body: unknown, type?: string) =>
      HashImport.parse((await call(user, 'POST', `/hash_banks/${id}/hashes`, body, type)).body);
    const hash = random();
    expect(await add([{ hash, label: 'a', at_s: 2 }])).toMatchObject({ added: 1, known: 0, skipped: 0 });
    expect(await add({ hashes: [{ hash: hash.toUpperCase() }] })).toMatchObject({ added: 0, known: 1 });
    expect(await add(`${random()}\n${hash}\n`, 'text/plain')).toMatchObject({ added: 1, known: 1 });
    expect(await add(`type,hash\nPDQ,${random()}\nphotodna,x\n`, 'text/csv')).toMatchObject({ added: 1, skipped: 1 });
    const form = new FormData();
    form.append('file', new Blob([await readFile(join(projectRoot, 'tests/fixtures/pdq/haystack.txt'))]), 'h.txt');
    expect((await add(form)).added).toBeGreaterThan(1000);
    const page = await call(user, 'GET', `/hash_banks/${id}/hashes?limit=2`);
    const { data, has_more } = page.body as unknown as { data: HashEntry[]; has_more: boolean };
    expect(data.map((entry) => HashEntry.parse(entry))).toMatchObject([{ hash, label: 'a', at_s: 2, clip: null }, {}]);
    expect(has_more).toBe(true);
    const next = await call(user, 'GET', `/hash_banks/${id}/hashes?limit=2&after=${data[1]!.id}`);
    expect((next.body as unknown as { data: HashEntry[] }).data[0]!.id > data[1]!.id).toBe(true);
    expect(await readdir(join(bench.dir, 'scratch')).catch(() => [])).toEqual([]);
  });

  it('matches what was added a moment ago, and nothing that was taken out', async () => {
    const [user, admin] = [await someone(), bench.operator];
    const { id } = await create(user);
    const [hash, shared] = [random(), random()];
    await call(user, 'POST', `/hash_banks/${id}/hashes`, [{ hash, label: 'a' }]);
    const common = await create(admin, { name: 'common', shared: true });
    await call(admin, 'POST', `/hash_banks/${common.id}/hashes`, [{ hash: shared, label: 'secret' }]);
    const match = async (hashes: string[]) =>
      HashMatches.parse((await call(user, 'POST', '/hash_banks/match', { hashes })).body).data;
    expect(await match([random(), near(hash, 4), shared])).toEqual([
      expect.objectContaining({ index: 1, distance: 4, bank_hash: hash, label: 'a' }),
      expect.objectContaining({ index: 2, distance: 0, bank_hash: null, label: null }),
    ]);
    const list = await call(user, 'GET', `/hash_banks/${id}/hashes`);
    const [entry] = (list.body as unknown as { data: HashEntry[] }).data;
    const gone = await call(user, 'DELETE', `/hash_banks/${id}/hashes/${entry!.id}`);
    expect(gone.body).toMatchObject({ object: 'hash_entry.deleted', deleted: true });
    expect(await match([hash])).toEqual([]);
    expect((await call(user, 'DELETE', `/hash_banks/${id}/hashes/${entry!.id}`)).status).toBe(404);
    expect((await call(user, 'DELETE', `/hash_banks/${id}/hashes/x`)).status).toBe(404);
    await call(admin, 'DELETE', `/hash_banks/${common.id}`);
  });

  it('malformed hashes are a 400 that names the line, and add nothing', async () => {
    const user = await someone();
    const { id } = await create(user);
    const path = `/hash_banks/${id}/hashes`;
    const good = random();
    for (const [body, type, line, code] of [
      [`${good}\nnonsense\n${good.slice(2)}`, 'text/plain', 2, 'hash_malformed'],
      [`type,hash\npdq,${good}\nblake3,${good}`, 'text/csv', 3, 'hash_type_unknown'],
      [[{ hash: good }, { hash: '<script>' }], undefined, 2, 'hash_malformed'],
      [[{ hash: good, type: 'md5' }], undefined, 1, 'hash_malformed'],
      ['[{"hash":', 'text/plain', 1, 'hash_list_malformed'],
    ] as const) {
      const { status, body: answer } = await call(user, 'POST', path, body, type);
      expect([status, answer.error]).toMatchObject([400, { code, line, param: 'hashes' }]);
    }
    const { body } = await call(user, 'POST', path, `${good}\nx\ny`, 'text/plain');
    expect(body.error).toMatchObject({ bad_lines: 2, faults: [{ line: 2 }, { line: 3 }] });
    for (const bad of ['zz', `${good}0`, '']) {
      const { status, body: answer } = await call(user, 'POST', '/hash_banks/match', { hashes: [good, bad] });
      expect([status, answer.error?.code, answer.error?.param]).toEqual([400, 'hash_malformed', 'hashes.1']);
    }
    for (const [sent, type] of [
      [{}, undefined],
      [[], undefined],
      [{ hashes: 'x' }, undefined],
      ['', 'text/plain'],
      [good, 'image/png'],
      ['x'.repeat(100), 'multipart/form-data; boundary=y'],
    ] as const) {
      expect([(await call(user, 'POST', path, sent, type)).status, sent]).toEqual([400, sent]);
    }
    const large = `${good}\n`.repeat(20_000);
    expect((await call(user, 'POST', path, large, 'text/plain')).status).toBe(413);
    expect((await call(user, 'GET', `${path}?limit=0`)).status).toBe(400);
    expect((await call(user, 'GET', `${path}?after=-1`)).status).toBe(400);
    expect((await call(user, 'GET', path)).body).toMatchObject({ data: [], has_more: false });
  });
});
