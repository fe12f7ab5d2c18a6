import { randomBytes } from 'node:crypto';
import { Database } from '#platform/database';
import { Sealer } from '#platform/keys';
import {
  forgetSubject,
  hashName,
  NameBook,
  nameKey,
  openTemplate,
  rememberSubject,
  sealTemplate,
  type Subject,
} from '#domain/recognition';
import { freshDatabase } from '../support/fresh-database.js';

const sealer = new Sealer(Buffer.alloc(32, 5));
const key = nameKey(sealer);
let database: Database;
let book: NameBook;

const person = (id: string, tenantId: string | null): Subject => ({ kind: 'person', id: `char_${id}`, tenantId });
const entry = (id: string, tenantId: string | null): Subject => ({ kind: 'protected', id: `prot_${id}`, tenantId });

async function named(subject: Subject, ...names: string[]): Promise<void> {
  const hashed = names.flatMap((name) => hashName(key, name));
  await database.$transaction((tx) => rememberSubject(tx, subject, { names: hashed }));
}

async function found(text: string, tenantId = 'ten_a', by = book): Promise<string[]> {
  return (await by.find(text, tenantId)).map(({ subject, words }) => `${subject.kind} ${subject.id} ${words}`);
}

beforeAll(async () => {
  database = new Database(await freshDatabase());
  book = new NameBook(database, key);
  await named(person('a', 'ten_a'), 'Marie Tolland', 'Maritoll');
  await named(person('b', 'ten_b'), 'Ulf Ostergren');
  await named(entry('world', null), 'Perpetua Quill');
  await named(entry('own', 'ten_a'), 'Zebulon');
});
afterAll(() => database.$disconnect());

describe('the book of names', () => {
  it('finds who is named, strongest first, once each', async () => {
    const text = 'Zebulon meets M4rie T0lland (alias Maritoll, Tolland Marie) and perpetua-quill';
    expect(await found(text)).toEqual(['person char_a 2', 'protected prot_world 2', 'protected prot_own 1']);
    expect(await found('a red fox runs through a snowy forest')).toEqual([]);
    expect(await found('')).toEqual([]);
  });

  it('keeps tenants apart, but for those who hold for all', async () => {
    const text = 'Marie Tolland, Ulf Ostergren, Perpetua Quill and Zebulon';
    expect(await found(text, 'ten_b')).toEqual(['person char_b 2', 'protected prot_world 2']);
    expect(await found(text, 'ten_c')).toEqual(['protected prot_world 2']);
  });

  it('keeps no name that can be read or guessed without the key', async () => {
    const rows = await database.$queryRaw<{ row: string }[]>`SELECT n::text AS row FROM likeness_names n`;
    expect(rows.length).toBeGreaterThan(6);
    expect(JSON.stringify(rows)).not.toMatch(/marie|tolland|quill|zebulon/i);
    const other = new NameBook(database, nameKey(new Sealer(Buffer.alloc(32, 6))));
    expect(await found('Marie Tolland', 'ten_a', other)).toEqual([]);
  });

  it('forgets with the transaction that forgets', async () => {
    const subject = entry('brief', 'ten_a');
    await named(subject, 'Brevis Momentum');
    await expect(
      database.$transaction(async (tx) => {
        await forgetSubject(tx, subject);
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect(await found('brevis momentum')).toEqual(['protected prot_brief 2']);
    await database.$transaction((tx) => forgetSubject(tx, subject));
    expect(await found('brevis momentum')).toEqual([]);
    await database.$transaction((tx) => forgetSubject(tx, subject));
  });

  it('reads 32,000 characters with one look at the index', async () => {
    const words = 'the quick grey geese of every harbour were seen at dawn by nobody but a tired keeper and his lamp ';
    const text = `${Array.from({ length: 310 }, (_, i) => words + String(i))
      .join(' ')
      .slice(0, 31_900)} Marie Tolland`;
    expect(await found(text)).toEqual(['person char_a 2']);
  });

  it('says that it cannot read what is spelled out without end, and fails when the database does', async () => {
    await expect(book.find('m a r i e '.repeat(3000), 'ten_a')).rejects.toMatchObject({ code: 'text_unreadable' });
    const gone = new NameBook(new Database('postgresql://app:app@127.0.0.1:1/app'), key);
    await expect(gone.find('Marie Tolland', 'ten_a')).rejects.toThrow();
  });
});

describe('a sealed template', () => {
  it('opens with the key of its subject only, as what it is', () => {
    const own = new Sealer(randomBytes(32));
    const sealed = sealTemplate(own, 'char_a', Buffer.from('face'));
    expect(openTemplate(own, 'char_a', sealed).toString()).toBe('face');
    const code = { code: 'sealed_value_invalid' };
    expect(() => openTemplate(own, 'char_b', sealed)).toThrow(expect.objectContaining(code) as Error);
    expect(() => openTemplate(own, 'char_a', sealed, 'voice')).toThrow(expect.objectContaining(code) as Error);
    expect(() => openTemplate(sealer, 'char_a', sealed)).toThrow(expect.objectContaining(code) as Error);
  });
});
