import { mkdtemp, readdir, readFile, rm, stat, writeFile, link } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sealer, SubjectKeys } from './index.js';

const ID = 'char_0123456789abcdef';
let dir: string;
let keys: SubjectKeys;
const master = new Sealer(Buffer.alloc(32, 7));
const again = () => new SubjectKeys(join(dir, 'subjects'), master);
const fileOf = async () => {
  const names = await readdir(dir, { recursive: true });
  return join(
    dir,
    names.find((name) => name.endsWith(ID))!,
  );
};

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'subjects-'));
  keys = again();
});
afterEach(() => rm(dir, { recursive: true }));

describe('keys of subjects', () => {
  it('touch nothing before the first one is made', async () => {
    expect(await keys.open(ID)).toBeNull();
    await keys.destroy(ID);
    expect(await readdir(dir)).toEqual([]);
  });

  it('open in another process, and are readable by their owner only', async () => {
    const sealed = (await keys.create(ID)).seal('face', 'c');
    expect((await again().open(ID))!.open(sealed, 'c').toString()).toBe('face');
    const path = await fileOf();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readdir(join(path, '..'))).length).toBe(1);
    expect(await keys.open('char_other')).toBeNull();
  });

  it('are made once: of many at once, one wins and all hold it', async () => {
    const sealers = await Promise.all(Array.from({ length: 12 }, () => again().create(ID)));
    const sealed = sealers[0]!.seal('face', 'c');
    for (const sealer of sealers) expect(sealer.open(sealed, 'c').toString()).toBe('face');
    const path = await fileOf();
    expect(await readdir(join(path, '..'))).toEqual([ID]);
    expect((await keys.create(ID)).open(sealed, 'c').toString()).toBe('face');
  });

  it('are overwritten before they are removed, and never come back', async () => {
    const sealed = (await keys.create(ID)).seal('face', 'c');
    const path = await fileOf();
    const before = await readFile(path);
    // A second name of the same bytes on disk shows what destroying left of them.
    await link(path, join(dir, 'witness'));
    await keys.destroy(ID);
    expect(await again().open(ID)).toBeNull();
    const left = await readFile(join(dir, 'witness'));
    expect(left.length).toBe(before.length);
    expect(left.equals(before)).toBe(false);
    expect(left.subarray(4).includes(before.subarray(4, 12))).toBe(false);
    await keys.destroy(ID);
    const fresh = await keys.create(ID);
    expect(() => fresh.open(sealed, 'c')).toThrow('cannot be opened');
  });

  it('that are destroyed while others look are there or gone, never damaged', async () => {
    for (let i = 0; i < 20; i++) {
      await keys.create(ID);
      const looks = Array.from({ length: 8 }, () => again().open(ID));
      await Promise.all([keys.destroy(ID), again().destroy(ID), ...looks]);
      expect(await keys.open(ID)).toBeNull();
    }
  });

  it('that are damaged, moved or sealed with another master key are errors, never gone', async () => {
    await keys.create(ID);
    const path = await fileOf();
    const good = await readFile(path, 'utf8');
    for (const bad of [
      '',
      good.slice(0, -9),
      `${'A'.repeat(40)}${good.slice(40)}`,
      master.seal('x'.repeat(32), 'subject:char_b'),
    ]) {
      await writeFile(path, bad);
      await expect(keys.open(ID)).rejects.toMatchObject({ code: 'subject_key_damaged' });
      await expect(keys.create(ID)).rejects.toMatchObject({ code: 'subject_key_damaged' });
    }
    await writeFile(path, good);
    const other = new SubjectKeys(join(dir, 'subjects'), new Sealer(Buffer.alloc(32, 8)));
    await expect(other.open(ID)).rejects.toMatchObject({ code: 'subject_key_damaged' });
    expect(await keys.open(ID)).not.toBeNull();
  });

  it.each(['../keyring', 'char_', 'char_a/b', 'char_a.tmp', ''])('refuse the id "%s"', async (id) => {
    await expect(keys.create(id)).rejects.toMatchObject({ code: 'subject_id_invalid' });
    await expect(keys.open(id)).rejects.toMatchObject({ code: 'subject_id_invalid' });
    await expect(keys.destroy(id)).rejects.toMatchObject({ code: 'subject_id_invalid' });
  });
});

describe('a derived key', () => {
  it('depends on master key and purpose', () => {
    const key = master.derive('names');
    expect(key.length).toBe(32);
    expect(master.derive('names').equals(key)).toBe(true);
    expect(master.derive('other').equals(key)).toBe(false);
    expect(new Sealer(Buffer.alloc(32, 8)).derive('names').equals(key)).toBe(false);
  });
});
