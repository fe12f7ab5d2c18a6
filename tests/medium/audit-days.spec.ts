import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { newId } from '#kernel';
import { AuditDayBook } from '#domain/audit';
import { openLog, openLogReader, type TransparencyLog } from '#domain/transparency';
import { recordAudit } from '#platform/audit';
import { movableClock, openDesk, type Desk, type Person } from '../support/staff.js';

const DAY = 86_400;
const clock = movableClock();
let desk: Desk;
let auditor: Person;
let book: AuditDayBook;
let log: TransparencyLog;
let sql: Client;

const db = () => desk.core.database;
const fact = (subject: string, actor = 'key:test', tenantId: string | null = null) => ({
  ...{ tenantId, actor, action: 'test.done', subject, data: { score: 0.25, nested: { b: 1, a: 'é' } } },
});
const record = (...args: Parameters<typeof fact>) => db().$transaction((tx) => recordAudit(tx, fact(...args)));

/** Changes the record as somebody with all rights on the database would: triggers do not see it. */
async function behindItsBack(change: string): Promise<void> {
  await sql.query(`BEGIN; SET LOCAL session_replication_role = replica; ${change}; COMMIT`);
}

const states = async () => {
  const found: string[] = [];
  for await (const { state } of book.checkAll()) found.push(state);
  return found;
};

beforeAll(async () => {
  desk = await openDesk({}, { clock });
  auditor = await desk.signedIn(['auditor']);
  sql = new Client({ connectionString: desk.core.databaseUrl });
  await sql.connect();
  log = openLog(desk.core, { stamp: () => Promise.reject(new Error('no authority')) }, () => undefined).log;
  book = new AuditDayBook(db(), openLogReader(desk.core), clock);
}, 60_000);
afterAll(async () => {
  await sql?.end();
  await desk?.close();
});

describe('days of the record', () => {
  it('a record that began today has no day to close', async () => {
    await record('first');
    expect(await book.closeDue()).toBeNull();
  });

  it('closes the day that ended once, whoever closes it, and puts its root into the log', async () => {
    await record('second');
    clock.forward(DAY);
    auditor = await desk.again(auditor.id); // a session does not live that long
    const closed = await Promise.all([book.closeDue(), book.closeDue(), book.closeDue()]);
    expect(closed.filter((day) => day !== null)).toHaveLength(1);
    expect(await states()).toEqual(['not_logged']);
    await log.advance();
    expect(await states()).toEqual(['sound']);
    const { body } = await auditor.call('GET', '/v1/desk/audit/days');
    const total = await db().auditEvent.count();
    expect(body.data).toMatchObject([{ object: 'audit.day', after_id: '0', events: total, log_index: 0 }]);
  });

  it('an event that commits late goes to the next day: it never slips into a closed one', async () => {
    const late = new Client({ connectionString: desk.core.databaseUrl });
    await late.connect();
    await late.query('BEGIN');
    await late.query(`INSERT INTO audit_events (actor, action, subject) VALUES ('key:late', 'test.done', 'late')`);
    await record('in between'); // a higher id, committed before
    clock.forward(DAY);
    auditor = await desk.again(auditor.id);
    const closing = book.closeDue();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await db().auditDay.count()).toBe(1); // it waits for the one that is open
    await record('while it waits'); // and holds up nobody
    await late.query('COMMIT');
    await late.end();
    expect(await closing).not.toBeNull();
    const day = await db().auditDay.findFirstOrThrow({ orderBy: { afterId: 'desc' } });
    const ids = await db().auditEvent.findMany({
      where: { subject: { in: ['late', 'in between', 'while it waits'] } },
    });
    const of = (subject: string) => ids.find((one) => one.subject === subject)!.id;
    expect(of('late') <= day.lastId && of('in between') <= day.lastId).toBe(true);
    expect(of('while it waits') > day.lastId).toBe(true);
    await log.advance();
    expect(await states()).toEqual(['sound', 'sound']);
  });

  it('sees an event that was changed, taken out or put in', async () => {
    const { id } = await db().auditEvent.findFirstOrThrow({ where: { subject: 'second' } });
    await expect(db().auditEvent.update({ where: { id }, data: { actor: 'key:other' } })).rejects.toThrow(
      /append-only/,
    );
    await behindItsBack(`UPDATE audit_events SET actor = 'key:other' WHERE id = ${id}`);
    expect(await states()).toEqual(['altered', 'sound']);
    await behindItsBack(`UPDATE audit_events SET actor = 'key:test' WHERE id = ${id}`);
    expect(await states()).toEqual(['sound', 'sound']);
    await behindItsBack(`UPDATE audit_events SET id = 999999 WHERE id = ${id}`);
    expect(await states()).toEqual(['altered', 'sound']);
    await behindItsBack(`UPDATE audit_events SET id = ${id} WHERE id = 999999`);
    expect(await states()).toEqual(['sound', 'sound']);
  });

  it('sees a table of days that was made to fit, or lost a day', async () => {
    const [first] = await db().auditDay.findMany({ orderBy: { day: 'asc' } });
    const { id } = await db().auditEvent.findFirstOrThrow({ where: { subject: 'second' } });
    await behindItsBack(`UPDATE audit_events SET actor = 'key:other' WHERE id = ${id}`);
    const { root } = (await book.check(first!.day))!;
    await behindItsBack(`UPDATE audit_days SET root = '${root}' WHERE day = '${first!.day}'`);
    expect(await states()).toEqual(['log_differs', 'sound']);
    await behindItsBack(`UPDATE audit_events SET actor = 'key:test' WHERE id = ${id}`);
    await behindItsBack(`UPDATE audit_days SET root = '${first!.root}' WHERE day = '${first!.day}'`);
    await behindItsBack(`DELETE FROM audit_days WHERE day = '${first!.day}'`);
    expect(await states()).toEqual(['missing', 'altered']);
    await behindItsBack(
      `INSERT INTO audit_days VALUES ('${first!.day}', 0, ${first!.lastId}, ${first!.events}, '${first!.root}', now())`,
    );
    expect(await states()).toEqual(['sound', 'sound']);
  });

  it('tells over HTTP how a day is', async () => {
    const [first] = await db().auditDay.findMany({ orderBy: { day: 'asc' } });
    const { body } = await auditor.call('GET', `/v1/desk/audit/days/${first!.day}/check`);
    expect(body).toMatchObject({ object: 'audit.day_check', state: 'sound', root: first!.root });
    const none = await auditor.call('GET', '/v1/desk/audit/days/2001-01-01/check');
    expect(none).toMatchObject({ status: 404, body: { error: { code: 'audit_day_not_found' } } });
  });
});

describe('searching and exporting', () => {
  const subject = newId('clip');
  type Events = { id: string; subject: string; actor: string }[];

  it('finds by actor, action, subject, tenant and time, page by page', async () => {
    for (let i = 0; i < 5; i++) await record(subject, `key:${i % 2}`, i < 3 ? 'ten_a' : 'ten_b');
    const find = async (query: string) => (await auditor.call('GET', `/v1/desk/audit?${query}`)).body;
    const page = await find(`subject=${subject}&limit=2`);
    const ids = (page.data as Events).map(({ id }) => id);
    expect(page).toMatchObject({ has_more: true });
    const rest = await find(`subject=${subject}&limit=10&after=${ids[1]}`);
    expect((rest.data as Events).map(({ id }) => id)).toHaveLength(3);
    expect(rest).toMatchObject({ has_more: false });
    expect(Number((rest.data as Events)[0]!.id)).toBeLessThan(Number(ids[1]));
    expect((await find(`subject=${subject}&actor=key:1`)).data).toHaveLength(2);
    expect((await find(`subject=${subject}&tenant=ten_b`)).data).toHaveLength(2);
    expect((await find(`subject=${subject}&action=test.other`)).data).toHaveLength(0);
    expect((await find(`subject=${subject}&from=${new Date(Date.now() - 60_000).toISOString()}`)).data).toHaveLength(5);
    expect((await find(`subject=${subject}&to=${new Date(Date.now() - 60_000).toISOString()}`)).data).toHaveLength(0);
    expect((await auditor.call('GET', '/v1/desk/audit?after=x')).status).toBe(400);
  });

  it('shows those who are limited to tenants nothing else', async () => {
    const limited = await desk.signedIn(['auditor'], { tenants: ['ten_a'] });
    const all = await limited.call('GET', '/v1/desk/audit?limit=200');
    expect(new Set((all.body.data as { tenant_id: string }[]).map(({ tenant_id }) => tenant_id))).toEqual(
      new Set(['ten_a']),
    );
    expect((await limited.call('GET', '/v1/desk/audit?tenant=ten_b')).status).toBe(403);
  });

  it('exports lines with a hash over them, and that is on record', async () => {
    const answer = await fetch(`${desk.url}/v1/desk/audit/export?subject=${subject}`, {
      headers: { cookie: auditor.cookie },
    });
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    const text = await answer.text();
    const lines = text.trimEnd().split('\n');
    const end = JSON.parse(lines.at(-1)!) as { events: number; sha256: string };
    const body = lines.slice(0, -1).map((line) => `${line}\n`);
    expect(end).toMatchObject({ object: 'audit.export', events: 5, filter: { subject } });
    expect(createHash('sha256').update(body.join('')).digest('hex')).toBe(end.sha256);
    expect(await db().auditEvent.count({ where: { action: 'audit.exported', actor: `staff:${auditor.id}` } })).toBe(1);
    const admin = await desk.signedIn(['admin']);
    expect((await admin.call('GET', '/v1/desk/audit/export')).status).toBe(403);
  });
});
