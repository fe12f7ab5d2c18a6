import 'reflect-metadata';
import { StaffMember, StaffSessionItem, StaffSessionView } from '#contracts';
import { movableClock, openDesk, type Desk, type Person } from '../support/staff.js';
import { PASSWORD, sessionOf, SignInBrowser, type Enrolled } from '../support/staff-sign-in.js';

let desk: Desk;
let browser: SignInBrowser;
let admin: Person;
let anna: Enrolled;
const clock = movableClock();

beforeAll(async () => {
  desk = await openDesk({ TRUST_PROXY: '1' }, { clock });
  browser = new SignInBrowser(desk, () => clock.now());
  admin = await desk.signedIn(['admin']);
  anna = await browser.enrol(admin, 'anna@example.org', ['reviewer']);
}, 90_000);

afterAll(() => desk?.close());

/** A later code, an hour of rest, and an address of one's own: tests do not disturb each other. */
let networks = 0;
beforeEach(async () => {
  clock.forward(60);
  admin = await desk.again(admin.id);
});
const from = () => ({ 'x-forwarded-for': `198.51.${(networks += 1)}.7` });
const failure = ({ status, body }: { status: number; body: { error?: { code: string } } }) => [
  status,
  body.error?.code,
];

async function signIn(who = anna, headers = from()): Promise<Person> {
  const ticket = await browser.ticket(who.email, headers);
  return browser.personOf(await browser.post('totp', { ticket, code: browser.code(who.app) }, headers));
}

describe('an invitation', () => {
  it('leads to a password, a second factor, ten recovery codes and a session', async () => {
    expect(anna.recoveryCodes).toHaveLength(10);
    const session = StaffSessionView.parse((await anna.person.call('GET', '/v1/staff/session')).body);
    expect(session).toMatchObject({ staff: { name: 'Anna', roles: ['reviewer'] }, recovery_codes_left: 10 });
    expect(session.recovery_codes).toBeUndefined();
    expect(session.may).toContain('case.take');
    expect(session.may).not.toContain('staff.edit');
    const rows = await desk.core.database.staff.findUniqueOrThrow({ where: { id: anna.id } });
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
    expect(JSON.stringify(rows)).not.toContain(anna.app.secret.base32);
  });

  it('works once, for 72 hours, and not with a password that is easily guessed', async () => {
    const invited = await admin.call('POST', '/v1/desk/staff', { email: 'Ben@Example.org', roles: ['senior'] });
    const member = StaffMember.parse(invited.body.staff);
    expect(member).toMatchObject({ email: 'ben@example.org', state: 'invited', totp: false });
    const tokenOf = (url: unknown) => /token=(.+)/.exec(new URL(url as string).hash)![1]!;
    const first = tokenOf(invited.body.url);
    expect(failure(await browser.post('accept', { token: first, password: 'Password1234' }))).toEqual([
      400,
      'password_common',
    ]);
    const again = await admin.call('POST', `/v1/desk/staff/${member.id}/invite`);
    expect(failure(await browser.post('accept', { token: first, password: PASSWORD }))).toEqual([
      410,
      'invitation_ended',
    ]);
    const token = tokenOf(again.body.url);
    const two = await Promise.all([1, 2].map(() => browser.post('accept', { token, password: PASSWORD })));
    expect(two.map(({ status }) => status).sort()).toEqual([200, 410]);
    const late = tokenOf((await admin.call('POST', `/v1/desk/staff/${member.id}/invite`)).body.url);
    clock.forward(72 * 3600);
    expect((await browser.post('accept', { token: late, password: PASSWORD })).status).toBe(410);
    expect(
      failure(
        await (
          await desk.again(admin.id)
        ).call('POST', '/v1/desk/staff', { email: 'ben@example.org', roles: ['senior'] }),
      ),
    ).toEqual([409, 'staff_exists']);
  });
});

describe('signing in', () => {
  it('gives the same answer to a wrong password and to a stranger', async () => {
    const headers = from();
    const wrong = await browser.post(
      'sign-in',
      { email: anna.email, password: 'mauve tabouret canoë orages' },
      headers,
    );
    const stranger = await browser.post('sign-in', { email: 'nobody@example.org', password: PASSWORD }, headers);
    expect(failure(wrong)).toEqual([401, 'wrong_credentials']);
    expect(stranger.body).toEqual(wrong.body);
    expect([wrong, stranger].map(sessionOf)).toEqual([undefined, undefined]);
  });

  it('wants a right code, each only once, and none from before it', async () => {
    const headers = from();
    const ticket = await browser.ticket(anna.email, headers);
    const code = browser.code(anna.app);
    const wrong = `${(Number(code[0]) + 1) % 10}${code.slice(1)}`;
    const totp = (value: string) => browser.post('totp', { ticket, code: value }, headers);
    expect(failure(await totp(wrong))).toEqual([401, 'wrong_code']);
    const both = await Promise.all([totp(code), totp(code)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect(failure(await totp(code))).toEqual([401, 'wrong_code']);
    expect(failure(await totp(browser.code(anna.app, -1)))).toEqual([401, 'wrong_code']);
    expect((await totp(browser.code(anna.app, 1))).status).toBe(200);
  });

  it('takes a recovery code once', async () => {
    const headers = from();
    const [code] = anna.recoveryCodes;
    const totp = async () => browser.post('totp', { ticket: await browser.ticket(anna.email, headers), code }, headers);
    const answer = await totp();
    expect(StaffSessionView.parse(answer.body).recovery_codes_left).toBe(9);
    expect(failure(await totp())).toEqual([401, 'wrong_code']);
    const person = browser.personOf(answer);
    const renew = (password: string) => person.call('POST', '/v1/staff/recovery_codes', { password }, headers);
    expect(failure(await renew('mauve tabouret'))).toEqual([403, 'wrong_password']);
    anna.recoveryCodes = (await renew(PASSWORD)).body.codes as string[];
    expect(anna.recoveryCodes).toHaveLength(10);
  });

  it('refuses tickets that are too old, made up, or somebody else’s business', async () => {
    const headers = from();
    const code = browser.code(anna.app);
    const ticket = await browser.ticket(anna.email, headers);
    const forged = `${ticket.slice(0, -6)}AAAAA=`;
    expect(failure(await browser.post('totp', { ticket: forged, code }, headers))).toEqual([401, 'ticket_ended']);
    clock.forward(601);
    const now = browser.code(anna.app);
    expect(failure(await browser.post('totp', { ticket, code: now }, headers))).toEqual([401, 'ticket_ended']);
  });

  it('hashes anew when the cost of hashing changed', async () => {
    const before = await desk.core.database.staff.findUniqueOrThrow({ where: { id: anna.id } });
    const { argon2id } = await import('hash-wasm');
    const cheap = { password: PASSWORD.normalize('NFKC'), salt: Buffer.alloc(16, 7), hashLength: 32 };
    const passwordHash = await argon2id({
      ...cheap,
      memorySize: 512,
      iterations: 1,
      parallelism: 1,
      outputType: 'encoded',
    });
    await desk.core.database.staff.update({ where: { id: anna.id }, data: { passwordHash } });
    await signIn();
    const after = await desk.core.database.staff.findUniqueOrThrow({ where: { id: anna.id } });
    expect(after.passwordHash).toMatch(/\$m=19456,t=2,p=1\$/);
    expect(after.version).toBe(before.version);
  });
});

describe('other sites and other sessions', () => {
  it('a page of another site neither signs anybody in nor acts for them', async () => {
    const foreign = { origin: 'https://evil.example', ...from() };
    expect(failure(await browser.post('sign-in', { email: anna.email, password: PASSWORD }, foreign))).toEqual([
      403,
      'foreign_origin',
    ]);
    const person = await signIn();
    const own = { origin: desk.url, 'sec-fetch-site': 'same-origin' };
    const theirs: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }];
    for (const headers of theirs)
      expect(failure(await person.call('POST', '/v1/staff/sign-out', {}, headers))).toEqual([403, 'foreign_origin']);
    expect(failure(await person.call('POST', '/v1/staff/sign-out', {}, { 'x-imprimatur-csrf': '' }))).toEqual([
      403,
      'csrf_missing',
    ]);
    expect((await person.call('POST', '/v1/staff/sign-out', {}, own)).status).toBe(200);
    expect(failure(await person.call('GET', '/v1/staff/session'))).toEqual([401, 'not_signed_in']);
  });

  it('a session that somebody planted is not taken over, and the one before ends', async () => {
    const headers = from();
    const before = await signIn();
    clock.forward(60);
    const ticket = await browser.ticket(anna.email, headers);
    const code = browser.code(anna.app);
    const answer = await browser.post('totp', { ticket, code }, { ...headers, cookie: before.cookie });
    expect(`imprimatur-staff=${sessionOf(answer)}`).not.toBe(before.cookie);
    expect(answer.headers.getSetCookie()[0]).toMatch(/; Path=\/; Expires=.*; HttpOnly; SameSite=Strict$/);
    expect((await before.call('GET', '/v1/staff/session')).status).toBe(401);
    clock.forward(60);
    const planted = { ...from(), cookie: 'imprimatur-staff=chosen-by-somebody' };
    const person = await signIn(anna, planted);
    expect((await person.call('GET', '/v1/staff/session')).status).toBe(200);
    expect((await person.call('GET', '/v1/staff/session', undefined, { cookie: planted.cookie })).status).toBe(401);
  });

  it('sessions are listed and ended one by one, and only one’s own', async () => {
    const [one, two] = [await desk.again(anna.id), await desk.again(anna.id)];
    const list = async (person: Person) =>
      ((await person.call('GET', '/v1/staff/sessions')).body.data as unknown[]).map((row) =>
        StaffSessionItem.parse(row),
      );
    const other = (await list(two)).find(({ current }) => current)!.id;
    expect(failure(await admin.call('DELETE', `/v1/staff/sessions/${other}`))).toEqual([404, 'session_not_found']);
    expect((await one.call('DELETE', `/v1/staff/sessions/${other}`)).status).toBe(200);
    expect((await two.call('GET', '/v1/staff/session')).status).toBe(401);
    expect(failure(await one.call('DELETE', `/v1/staff/sessions/${other}`))).toEqual([404, 'session_not_found']);
    await desk.again(anna.id);
    expect((await one.call('DELETE', '/v1/staff/sessions')).status).toBe(200);
    expect(await list(one)).toHaveLength(1);
    expect(failure(await one.call('DELETE', '/v1/staff/sessions'))).toEqual([409, 'nothing_changed']);
  });

  it('a session ends after 30 idle minutes, and after 12 hours of work', async () => {
    const [idle, busy] = [await desk.again(anna.id), await desk.again(anna.id)];
    const state = async (person: Person) => (await person.call('GET', '/v1/staff/session')).status;
    for (let minutes = 0; minutes < 12 * 60 - 29; minutes += 29) {
      clock.forward(29 * 60);
      expect(await state(busy)).toBe(200);
    }
    expect(await state(idle)).toBe(401);
    clock.forward(29 * 60);
    expect(await state(busy)).toBe(401);
  });

  it('a new password ends every other session and ticket', async () => {
    const headers = from();
    const [person, other] = [await signIn(anna, headers), await desk.again(anna.id)];
    const ticket = await browser.ticket(anna.email, headers);
    const change = (password: string, new_password: string) =>
      person.call('POST', '/v1/staff/password', { password, new_password }, headers);
    expect(failure(await change('wrong', 'another good one of four'))).toEqual([403, 'wrong_password']);
    expect(failure(await change(PASSWORD, 'short'))).toEqual([400, 'password_short']);
    expect((await change(PASSWORD, 'another good one of four')).status).toBe(200);
    expect((await other.call('GET', '/v1/staff/session')).status).toBe(401);
    expect((await person.call('GET', '/v1/staff/session')).status).toBe(200);
    const code = browser.code(anna.app, 1);
    expect(failure(await browser.post('totp', { ticket, code }, headers))).toEqual([401, 'ticket_ended']);
    expect((await change('another good one of four', PASSWORD)).status).toBe(200);
  });
});

describe('guessing', () => {
  it('a network has eight tries at a person, and the person’s own place stays open', async () => {
    const { email, app } = await browser.enrol(admin, 'dora@example.org', ['reviewer']);
    clock.forward(60);
    const home = from();
    await signIn({ ...anna, email, app }, home);
    const stranger = from();
    const guess = (headers: Record<string, string>) =>
      browser.post('sign-in', { email, password: 'is it this one?' }, headers);
    const answers = [];
    for (let i = 0; i < 9; i++) answers.push(await guess(stranger));
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(8).fill(401), 429]);
    expect(Number(answers[8]!.headers.get('retry-after'))).toBeGreaterThan(60);
    // Many networks together use up what strangers have.
    let status = 401;
    for (let i = 0; i < 40 && status === 401; i++) status = (await guess(from())).status;
    expect(status).toBe(429);
    expect((await browser.post('sign-in', { email, password: PASSWORD }, from())).status).toBe(429);
    expect((await browser.post('sign-in', { email, password: PASSWORD }, home)).status).toBe(200);
  });

  it('each wrong code after the fifth doubles the wait, and a right one ends it', async () => {
    const ben = await browser.enrol(admin, 'clara@example.org', ['policy']);
    const headers = from();
    clock.forward(60);
    const ticket = await browser.ticket(ben.email, headers);
    const guess = (code = 'abcd-efgh-jkmn-pqrs') => browser.post('totp', { ticket, code }, headers);
    for (let i = 0; i < 5; i++) expect((await guess()).status).toBe(401);
    expect(failure(await guess(browser.code(ben.app)))).toEqual([429, 'rate_limit_exceeded']);
    clock.forward(31);
    expect((await guess()).status).toBe(401);
    clock.forward(31);
    expect((await guess(browser.code(ben.app))).status).toBe(429);
    clock.forward(31);
    expect((await guess(browser.code(ben.app))).status).toBe(200);
    expect((await guess()).status).toBe(401);
  });
});

describe('managing staff', () => {
  it('roles hold from the next request on, and nobody changes their own', async () => {
    const person = await desk.signedIn(['reviewer']);
    expect((await person.call('GET', '/v1/desk/staff')).status).toBe(403);
    const put = (body: object) => admin.call('PUT', `/v1/desk/staff/${person.id}`, body);
    expect(StaffMember.parse((await put({ roles: ['auditor', 'reviewer'] })).body).roles).toEqual([
      'reviewer',
      'auditor',
    ]);
    expect((await person.call('GET', '/v1/desk/staff')).status).toBe(200);
    expect(failure(await put({ roles: ['reviewer', 'auditor'] }))).toEqual([409, 'nothing_changed']);
    await put({ roles: ['admin'], tenants: ['ten_1'] });
    expect((await person.call('GET', '/v1/desk/staff')).status).toBe(200);
    // An admin of some tenants does not manage staff of all.
    expect(failure(await person.call('PUT', `/v1/desk/staff/${admin.id}`, { roles: ['reviewer'] }))).toEqual([
      403,
      'not_allowed',
    ]);
    expect(failure(await admin.call('PUT', `/v1/desk/staff/${admin.id}`, { roles: ['child_safety'] }))).toEqual([
      403,
      'own_rights',
    ]);
    await admin.call('POST', `/v1/desk/staff/${person.id}/disable`);
  });

  it('whoever is disabled is out at once, and in again when enabled', async () => {
    const person = await desk.again(anna.id);
    const headers = from();
    const ticket = await browser.ticket(anna.email, headers);
    const disable = () => admin.call('POST', `/v1/desk/staff/${anna.id}/disable`);
    expect(StaffMember.parse((await disable()).body).state).toBe('disabled');
    expect(failure(await person.call('GET', '/v1/staff/session'))).toEqual([401, 'not_signed_in']);
    const code = browser.code(anna.app);
    expect(failure(await browser.post('totp', { ticket, code }, headers))).toEqual([401, 'ticket_ended']);
    const right = await browser.post('sign-in', { email: anna.email, password: PASSWORD }, headers);
    expect(failure(right)).toEqual([403, 'staff_disabled']);
    expect(failure(await disable())).toEqual([409, 'nothing_changed']);
    expect(failure(await admin.call('POST', `/v1/desk/staff/${anna.id}/invite`))).toEqual([409, 'staff_disabled']);
    expect((await admin.call('POST', `/v1/desk/staff/${anna.id}/enable`)).status).toBe(200);
    expect((await person.call('GET', '/v1/staff/session')).status).toBe(401);
    clock.forward(60);
    await signIn();
  });

  it('of two last admins who disable each other at once, one stays', async () => {
    await desk.core.database.staff.updateMany({ where: { roles: { has: 'admin' } }, data: { disabledAt: new Date() } });
    const [one, two] = [await desk.signedIn(['admin']), await desk.signedIn(['admin'])];
    const answers = await Promise.all([
      one.call('POST', `/v1/desk/staff/${two.id}/disable`),
      two.call('POST', `/v1/desk/staff/${one.id}/disable`),
    ]);
    const states = answers.map(({ status }) => status);
    expect(states.filter((status) => status === 200)).toHaveLength(1);
    // The other one came too late, with its session or with its wish.
    expect(states.some((status) => status === 409 || status === 401)).toBe(true);
    const left = await desk.core.database.staff.findMany({ where: { roles: { has: 'admin' }, disabledAt: null } });
    expect(left).toHaveLength(1);
    await desk.core.database.staff.update({ where: { id: admin.id }, data: { disabledAt: null } });
  });
});

it('every sign-in, failure, change and end is on record, without addresses and secrets', async () => {
  const events = await desk.core.database.auditEvent.findMany({ where: { action: { startsWith: 'staff.' } } });
  const actions = new Set(events.map(({ action }) => action));
  for (const action of ['signed_in', 'sign_in_refused', 'session_ended', 'rights_changed', 'disabled', 'enabled'])
    expect(actions).toContain(`staff.${action}`);
  const text = JSON.stringify(events, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  expect(text).not.toMatch(/@|argon2|otpauth|inv_[\w-]{20}/);
  expect(events.filter(({ action }) => action === 'staff.sign_in_refused').map(({ data }) => data)).toEqual(
    expect.arrayContaining([
      { why: 'wrong_password' },
      { why: 'wrong_code' },
      { why: 'disabled' },
      { why: 'too_many_tries' },
    ]),
  );
  await expect(desk.core.database.staff.delete({ where: { id: anna.id } })).rejects.toThrow(/never deleted/);
});
