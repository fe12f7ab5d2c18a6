import 'reflect-metadata';
import { StaffSessionView } from '#contracts';
import { openCompany, type Account, type Company } from '../support/company.js';
import { movableClock, ask, openDesk, type Answer, type Desk } from '../support/staff.js';
import { sessionOf } from '../support/staff-sign-in.js';

const PUBLIC = 'http://127.0.0.1:3000';
const CALLBACK = '/v1/staff/oidc/callback';

let company: Company;
/** Lets in who is staff already. */
let closed: Desk;
/** Takes roles from groups. */
let mapped: Desk;
const clock = movableClock();

beforeAll(async () => {
  company = await openCompany(`${PUBLIC}${CALLBACK}`);
  const env = {
    PUBLIC_URL: PUBLIC,
    OIDC_ISSUER: company.issuer,
    OIDC_CLIENT_ID: company.clientId,
    OIDC_CLIENT_SECRET: company.clientSecret,
  };
  closed = await openDesk(env, { clock });
  mapped = await openDesk({ ...env, OIDC_ROLE_MAP: 'mods=reviewer, leads=senior+policy, boss=admin' });
}, 90_000);

afterAll(async () => {
  await closed?.close();
  await mapped?.close();
  await company?.close();
});

interface Away {
  url: URL;
  cookie: string;
}

async function leave(desk: Desk): Promise<Away> {
  const answer = await ask(`${desk.url}/v1/staff/oidc/start`, 'GET');
  const set = answer.headers.getSetCookie()[0]!;
  expect(set).toMatch(/^imprimatur-oidc=[^;]+; Max-Age=600; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
  return { url: new URL(answer.headers.get('location')!), cookie: set.split(';')[0]! };
}

/** Comes back with what the provider said. */
function comeBack(desk: Desk, location: string, cookie: string): Promise<Answer> {
  return ask(`${desk.url}${CALLBACK}${new URL(location).search}`, 'GET', undefined, cookie ? { cookie } : {});
}

async function signIn(desk: Desk, account: Account): Promise<Answer> {
  company.account = account;
  const { url, cookie } = await leave(desk);
  return comeBack(desk, await company.visit(url.href), cookie);
}

function refused(answer: Answer): string | null {
  expect(sessionOf(answer)).toBeUndefined();
  return /^\/dashboard\/#\/login\?error=(\w+)$/.exec(answer.headers.get('location') ?? '')?.[1] ?? null;
}

async function sessionIn(desk: Desk, answer: Answer) {
  const cookie = `imprimatur-staff=${sessionOf(answer)}`;
  return StaffSessionView.parse((await ask(`${desk.url}/v1/staff/session`, 'GET', undefined, { cookie })).body);
}

const member = async (desk: Desk, email: string, roles: ('reviewer' | 'admin')[] = ['reviewer']) => {
  const { id } = await desk.signedIn(roles);
  return desk.core.database.staff.update({ where: { id }, data: { email, oidcSubject: null } });
};

it('asks with PKCE, state and nonce', async () => {
  const { url } = await leave(closed);
  expect(url.origin).toBe(company.issuer);
  const asked = Object.fromEntries(url.searchParams);
  expect(asked).toMatchObject({ response_type: 'code', code_challenge_method: 'S256', scope: 'openid email profile' });
  expect(asked.redirect_uri).toBe(`${PUBLIC}${CALLBACK}`);
  for (const name of ['code_challenge', 'state', 'nonce']) expect(asked[name]).toMatch(/^[\w-]{43}$/);
  const options = await ask(`${closed.url}/v1/staff/sign_in_options`, 'GET');
  expect(options.body).toEqual({ object: 'staff.sign_in_options', oidc: true });
});

it('lets in who is staff, by a confirmed address the first time and by the account from then on', async () => {
  await member(closed, 'anna@example.org');
  const first = await signIn(closed, { sub: 'a-1', email: 'Anna@example.org', email_verified: true });
  expect(first.headers.get('location')).toBe('/dashboard/');
  const gone = first.headers.getSetCookie().find((cookie) => cookie.startsWith('imprimatur-oidc='));
  expect(gone).toMatch(/=; .*Expires=Thu, 01 Jan 1970/);
  expect((await sessionIn(closed, first)).staff).toMatchObject({ email: 'anna@example.org', roles: ['reviewer'] });
  const renamed = await signIn(closed, { sub: 'a-1', email: 'anna.l@example.org', email_verified: true });
  expect((await sessionIn(closed, renamed)).staff.email).toBe('anna@example.org');
  // Somebody else who got her address later is not her.
  const heir = await signIn(closed, { sub: 'a-2', email: 'anna@example.org', email_verified: true });
  expect(refused(heir)).toBe('oidc_other_account');
});

it('lets in nobody else', async () => {
  const { id } = await member(closed, 'ben@example.org');
  const ben = { sub: 'b-1', email: 'ben@example.org' };
  expect(refused(await signIn(closed, { ...ben, email_verified: false }))).toBe('oidc_email_unverified');
  expect(refused(await signIn(closed, ben))).toBe('oidc_email_unverified');
  expect(refused(await signIn(closed, { sub: 'b-1', email_verified: true }))).toBe('oidc_email_unverified');
  const stranger = { sub: 'c-1', email: 'c@example.org', email_verified: true, groups: ['boss'] };
  expect(refused(await signIn(closed, stranger))).toBe('oidc_unknown');
  await closed.core.database.staff.update({ where: { id }, data: { disabledAt: new Date() } });
  expect(refused(await signIn(closed, { ...ben, email_verified: true }))).toBe('staff_disabled');
});

it('refuses an answer to somebody else’s question, changed, replayed or too late', async () => {
  await member(closed, 'dora@example.org');
  company.account = { sub: 'd-1', email: 'dora@example.org', email_verified: true };
  const [one, two] = [await leave(closed), await leave(closed)];
  const back = await company.visit(one.url.href);
  const changed = (name: string, value: string) => {
    const url = new URL(back);
    url.searchParams.set(name, value);
    return url.href;
  };
  const tries: [string, Promise<Answer>][] = [
    ['no cookie', comeBack(closed, back, '')],
    ['another cookie', comeBack(closed, back, two.cookie)],
    ['a damaged cookie', comeBack(closed, back, one.cookie.replace(/.$/, 'A').slice(0, -8))],
    ['another state', comeBack(closed, changed('state', two.url.searchParams.get('state')!), one.cookie)],
    ['another issuer', comeBack(closed, changed('iss', 'https://login.example.com'), one.cookie)],
    [
      'an error',
      comeBack(
        closed,
        `${PUBLIC}${CALLBACK}?error=access_denied&state=${one.url.searchParams.get('state')}`,
        one.cookie,
      ),
    ],
  ];
  for (const [what, answer] of tries) expect([what, refused(await answer)]).toEqual([what, 'oidc_failed']);
  // The code itself is still good: none of these reached the company.
  expect((await comeBack(closed, back, one.cookie)).headers.get('location')).toBe('/dashboard/');
  expect(refused(await comeBack(closed, back, one.cookie))).toBe('oidc_failed');
});

it('refuses a token for another nonce, and a code for another verifier', async () => {
  company.account = { sub: 'd-1', email: 'dora@example.org', email_verified: true };
  for (const name of ['nonce', 'code_challenge']) {
    const { url, cookie } = await leave(closed);
    url.searchParams.set(name, 'A'.repeat(43));
    expect([name, refused(await comeBack(closed, await company.visit(url.href), cookie))]).toEqual([
      name,
      'oidc_failed',
    ]);
  }
  const { url, cookie } = await leave(closed);
  const back = await company.visit(url.href);
  clock.forward(601);
  expect(refused(await comeBack(closed, back, cookie))).toBe('oidc_failed');
});

it('takes roles from groups, at each sign-in anew', async () => {
  const eve = { sub: 'e-1', email: 'eve@example.org', email_verified: true, name: 'Eve' };
  const first = await signIn(mapped, { ...eve, groups: ['staff', 'mods'] });
  expect((await sessionIn(mapped, first)).staff).toMatchObject({ name: 'Eve', roles: ['reviewer'] });
  const second = await signIn(mapped, { ...eve, groups: ['leads', 'mods'] });
  expect((await sessionIn(mapped, second)).staff.roles).toEqual(['reviewer', 'senior', 'policy']);
  // The session of before has them, too.
  expect((await sessionIn(mapped, first)).staff.roles).toEqual(['reviewer', 'senior', 'policy']);
  expect(refused(await signIn(mapped, { ...eve, groups: ['staff'] }))).toBe('oidc_no_role');
  expect(refused(await signIn(mapped, eve))).toBe('oidc_no_role');
});

it('does not take the last admin’s role', async () => {
  const boss = { sub: 'f-1', email: 'f@example.org', email_verified: true };
  await signIn(mapped, { ...boss, groups: ['boss'] });
  expect(refused(await signIn(mapped, { ...boss, groups: ['mods'] }))).toBe('last_admin');
  const other = await signIn(mapped, { sub: 'g-1', email: 'g@example.org', email_verified: true, groups: ['boss'] });
  expect((await sessionIn(mapped, other)).may).toContain('staff.edit');
  expect((await signIn(mapped, { ...boss, groups: ['mods'] })).headers.get('location')).toBe('/dashboard/');
});

it('is not there where no company is set up, and says so when the company is away', async () => {
  const desk = await openDesk();
  expect((await ask(`${desk.url}/v1/staff/oidc/start`, 'GET')).body.error?.code).toBe('oidc_off');
  expect((await ask(`${desk.url}${CALLBACK}?code=1&state=1`, 'GET')).body.error?.code).toBe('oidc_off');
  await desk.close();
  const away = await openDesk({ OIDC_ISSUER: 'http://127.0.0.1:1', OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'y' });
  const answer = await ask(`${away.url}/v1/staff/oidc/start`, 'GET');
  expect([answer.status, answer.body.error?.code]).toEqual([503, 'oidc_unavailable']);
  await away.close();
});
