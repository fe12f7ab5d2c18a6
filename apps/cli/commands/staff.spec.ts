import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot, sha256Hex } from '#kernel';
import { Database, runningDatabaseUrl } from '#platform/database';
import { freshDatabase } from '../../../tests/support/fresh-database.js';
import { EXIT, type Context } from '../context.js';
import { wordsOf } from '../words/index.js';
import { staffCreate, staffInvite, type StaffOptions } from './staff.js';

const dir = mkdtempSync(join(tmpdir(), 'cli-staff-'));
let env: Record<string, string>;
let database: Database;

beforeAll(async () => {
  const url = await freshDatabase();
  env = { IMPRIMATUR_DATA_DIR: dir, DATABASE_URL: url, PUBLIC_URL: 'https://desk.example.org' };
  database = new Database(url, 1);
});

afterAll(async () => {
  await database?.$disconnect();
  rmSync(dir, { recursive: true });
});

function terminal(lang: 'en' | 'fr' = 'en') {
  const [lines, notes]: string[][] = [[], []];
  const context: Context = {
    lang,
    words: wordsOf(lang),
    env,
    out: (line) => lines!.push(line),
    note: (line) => notes!.push(line),
  };
  return { context, lines: lines!, notes: notes! };
}

const create = (options: Partial<StaffOptions>, context = terminal().context) =>
  staffCreate({ email: 'anna@example.org', roles: 'admin', ...options }, context);

it('adds the first admin and prints an address that works once and is kept nowhere', async () => {
  const { context, lines, notes } = terminal('fr');
  expect(await create({ email: 'Anna@Example.org', roles: 'admin, reviewer' }, context)).toBe(EXIT.done);
  expect(notes[0]).toMatch(/^Invitation pour anna@example\.org/);
  const token = /^https:\/\/desk\.example\.org\/dashboard\/#\/invitation\?token=(inv_[\w-]{32})$/.exec(lines[0]!)![1]!;
  const row = await database.staff.findUniqueOrThrow({
    where: { email: 'anna@example.org' },
    include: { invitations: true },
  });
  expect(row).toMatchObject({ roles: ['reviewer', 'admin'], locale: 'fr', name: 'anna', passwordHash: null });
  expect(row.invitations.map(({ tokenHash }) => tokenHash)).toEqual([sha256Hex(token)]);
  await expect(create({})).rejects.toMatchObject({ code: 'staff_exists' });
});

it('makes another way in for somebody who lost theirs; the first one ends', async () => {
  const { context, lines } = terminal();
  expect(await staffInvite({ email: 'ANNA@example.org' }, context)).toBe(EXIT.done);
  expect(lines).toHaveLength(1);
  const open = await database.staffInvitation.findMany({ where: { endedAt: null } });
  expect(open.map(({ tokenHash }) => tokenHash)).toEqual([sha256Hex(/token=(.+)/.exec(lines[0]!)![1]!)]);
  await expect(staffInvite({ email: 'nobody@example.org' }, context)).rejects.toMatchObject({
    code: 'staff_not_found',
  });
});

it('says what is wrong before it does anything', async () => {
  await expect(create({ email: 'b@example.org', roles: 'boss' })).rejects.toMatchObject({ code: 'bad_roles' });
  await expect(create({ email: 'b' })).rejects.toMatchObject({ code: 'bad_email' });
  await expect(create({ email: 'b@example.org', locale: 'tlh' })).rejects.toMatchObject({ code: 'bad_locale' });
  expect(await database.staff.count()).toBe(1);
});

it('finds the embedded database of a running service by its pid file', () => {
  const port = new URL(process.env.TEST_ADMIN_URL!).port;
  const found = [process.pid, process.ppid].map((pid) => runningDatabaseUrl(join(projectRoot, `.data/test-${pid}`)));
  expect(found).toContain(`postgresql://app:app@127.0.0.1:${port}/app`);
  expect(runningDatabaseUrl(dir)).toBeNull();
});
