import { TOTP } from 'otpauth';
import { StaffSessionView, StaffTicket, type StaffRole } from '#contracts';
import { csrfOf } from '../../apps/api/wire/cookies.js';
import { ask, type Answer, type Desk, type Person } from './staff.js';

export const PASSWORD = 'mauve tabouret canoë orage';

/** Somebody with a password and an authenticator app. */
export interface Enrolled {
  id: string;
  email: string;
  app: TOTP;
  recoveryCodes: string[];
  person: Person;
}

/** The secret that an answer puts into the session cookie; undefined when it sets none. */
export function sessionOf({ headers }: Answer): string | undefined {
  const set = headers.getSetCookie().find((cookie) => cookie.startsWith('imprimatur-staff='));
  return set && /=([^;]+)/.exec(set)?.[1];
}

/** Signing in as a browser does, step by step. */
export class SignInBrowser {
  /** @param now the clock of the service */
  constructor(
    private readonly desk: Desk,
    private readonly now: () => Date,
  ) {}

  post(path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
    return ask(`${this.desk.url}/v1/staff/${path}`, 'POST', body, headers);
  }

  /** The code that the app shows now, or so many steps later. */
  code(app: TOTP, steps = 0): string {
    return app.generate({ timestamp: this.now().getTime() + steps * 30_000 });
  }

  /** Ticket of the first step. */
  async ticket(email: string, headers?: Record<string, string>, password = PASSWORD): Promise<string> {
    return StaffTicket.parse((await this.post('sign-in', { email, password }, headers)).body).ticket;
  }

  /** The person behind an answer that opened a session. */
  personOf(answer: Answer): Person {
    const secret = sessionOf(answer)!;
    const cookie = `imprimatur-staff=${secret}`;
    const view = StaffSessionView.parse(answer.body);
    if (view.csrf !== csrfOf(secret)) throw new Error('the answer holds another session’s CSRF value');
    const call: Person['call'] = (method, path, body, headers) =>
      ask(`${this.desk.url}${path}`, method, body, { cookie, 'x-imprimatur-csrf': view.csrf, ...headers });
    return { id: view.staff.id, cookie, csrf: view.csrf, call };
  }

  /** Takes up an invitation with a password and an app. */
  async accept(url: string): Promise<{ app: TOTP; answer: Answer }> {
    const token = new URLSearchParams(new URL(url).hash.split('?')[1]).get('token')!;
    const ticket = StaffTicket.parse((await this.post('accept', { token, password: PASSWORD })).body);
    const app = new TOTP({ secret: new URL(ticket.otpauth_url!).searchParams.get('secret')!, digits: 6, period: 30 });
    return { app, answer: await this.post('totp', { ticket: ticket.ticket, code: this.code(app) }) };
  }

  /** Somebody new, invited by an admin, who did all that is asked. */
  async enrol(admin: Person, email: string, roles: StaffRole[]): Promise<Enrolled> {
    const invited = await admin.call('POST', '/v1/desk/staff', { email, roles, name: 'Anna' });
    const { app, answer } = await this.accept(invited.body.url as string);
    const view = StaffSessionView.parse(answer.body);
    return { id: view.staff.id, email, app, recoveryCodes: view.recovery_codes!, person: this.personOf(answer) };
  }
}
