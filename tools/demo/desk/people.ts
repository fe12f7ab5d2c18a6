import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { TOTP } from 'otpauth';
import { z } from 'zod';
import { StaffSessionView, StaffTicket, type Locale, type StaffRole } from '#contracts';
import { StaffError, StaffMembers, StaffSessions } from '#domain/staff';
import { systemClock } from '#kernel';
import type { Database } from '#platform/database';

/** A domain that nobody can have (RFC 2606). */
const DOMAIN = '@demo.example';

/** Who works at the demo's desk. */
export const PEOPLE = [
  { part: 'reviewer', roles: ['reviewer'] },
  { part: 'second', roles: ['reviewer'] },
  { part: 'senior', roles: ['senior'] },
  { part: 'policy', roles: ['policy'] },
  { part: 'policy2', roles: ['policy'] },
  { part: 'auditor', roles: ['auditor'] },
  { part: 'admin', roles: ['admin'] },
] as const satisfies readonly { part: string; roles: readonly StaffRole[] }[];

/** One of {@link PEOPLE}. */
export type Part = (typeof PEOPLE)[number]['part'];

/** What the demo keeps of its people, readable by its user alone. */
const Accounts = z.object({
  password: z.string(),
  people: z.array(z.object({ part: z.enum(PEOPLE.map(({ part }) => part)), email: z.string(), secret: z.string() })),
});
export type Accounts = z.infer<typeof Accounts>;

/** True of an address that only a demo gives out. */
export function isDemoAddress(email: string): boolean {
  return email.endsWith(DOMAIN);
}

/** The code that somebody's authenticator app would show now. */
export function codeOf(secret: string): string {
  return new TOTP({ secret, digits: 6, period: 30 }).generate();
}

/** Accounts of an earlier run; null when there was none. */
export function readAccounts(path: string): Accounts | null {
  if (!existsSync(path)) return null;
  return Accounts.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Somebody who is signed in, over HTTP like everybody. */
export class Person {
  constructor(
    private readonly url: string,
    private readonly cookie: string,
    private readonly csrf: string,
    readonly id: string,
  ) {}

  /** @throws Error with what the service said */
  async call<T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> {
    const headers = { cookie: this.cookie, 'x-imprimatur-csrf': this.csrf, 'content-type': 'application/json' };
    const answer = await fetch(`${this.url}/v1/desk/${path}`, {
      ...{ method, headers, signal: AbortSignal.timeout(30_000) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} /v1/desk/${path}: ${answer.status} ${text.slice(0, 300)}`);
    return schema.parse(JSON.parse(text));
  }
}

/** Everybody of {@link PEOPLE}, signed in. */
export type People = Readonly<Record<Part, Person>>;

async function post(url: string, body: object): Promise<{ body: unknown; cookie: string }> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
  const set = answer.headers.getSetCookie().find((cookie) => cookie.includes('imprimatur-staff='));
  return { body: await answer.json(), cookie: set?.split(';')[0] ?? '' };
}

/** Letters alone, since mostly digits would be refused as easily guessed; none that look alike. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz';

function passwordOf(parts: readonly number[]): string {
  const some = (length: number) => Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return parts.map(some).join('-');
}

/** Takes up an invitation as a person would: a password, an authenticator app, the first code. */
async function accept(url: string, invitation: string, password: string): Promise<{ person: Person; secret: string }> {
  const token = new URLSearchParams(new URL(invitation).hash.split('?')[1]).get('token')!;
  const ticket = StaffTicket.parse((await post(`${url}/v1/staff/accept`, { token, password })).body);
  const secret = new URL(ticket.otpauth_url!).searchParams.get('secret')!;
  const answer = await post(`${url}/v1/staff/totp`, { ticket: ticket.ticket, code: codeOf(secret) });
  const { staff, csrf } = StaffSessionView.parse(answer.body);
  return { person: new Person(url, answer.cookie, csrf, staff.id), secret };
}

/** Invites somebody, or gives somebody of an earlier run a new way in. */
async function invitationOf(
  database: Database,
  members: StaffMembers,
  request: Parameters<StaffMembers['create']>[1],
): Promise<string> {
  const there = await database.staff.findUnique({ where: { email: request.email } });
  if (!there) return (await members.create('operator', request)).url;
  if (there.disabledAt) await members.enable('operator', there.id);
  return (await members.inviteByEmail(request.email)).url;
}

/**
 * Makes the accounts of {@link PEOPLE} and signs everybody in.
 * @param names what they are called
 * @param file where passwords and secrets are kept for the next sign-in, for the user's eyes alone
 */
export async function enrolPeople(
  database: Database,
  place: { url: string; file: string },
  names: Readonly<Record<Part, string>>,
  locale: Locale,
): Promise<{ people: People; accounts: Accounts }> {
  const members = new StaffMembers(database, new StaffSessions(database, systemClock), systemClock, place.url);
  const password = passwordOf([6, 6, 6]);
  const signedIn: { part: Part; email: string; secret: string; person: Person }[] = [];
  // One after the other: on a busy machine seven at once would wait for each other longer than a transaction may.
  for (const { part, roles } of PEOPLE) {
    const email = `${part}${DOMAIN}`;
    const limits = { queues: null, categories: null, tenants: null };
    const request = { email, name: names[part], roles: [...roles], locale, ...limits };
    const invitation = await invitationOf(database, members, request);
    signedIn.push({ part, email, ...(await accept(place.url, invitation, password)) });
  }
  const accounts = { password, people: signedIn.map(({ part, email, secret }) => ({ part, email, secret })) };
  mkdirSync(dirname(place.file), { recursive: true });
  writeFileSync(place.file, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 });
  return {
    accounts,
    people: Object.fromEntries(signedIn.map(({ part, person }) => [part, person])) as unknown as People,
  };
}

/** Ends the access of the demo's people; their names stay with what they decided. @returns those who could not be ended */
export async function endPeople(database: Database): Promise<string[]> {
  const members = new StaffMembers(database, new StaffSessions(database, systemClock), systemClock, '');
  const rows = await database.staff.findMany({ where: { email: { endsWith: DOMAIN }, disabledAt: null } });
  const left: string[] = [];
  for (const { id, email } of rows) {
    try {
      await members.disable('operator', id);
    } catch (e) {
      if (!(e instanceof StaffError && e.code === 'last_admin')) throw e;
      left.push(email);
    }
  }
  return left;
}
