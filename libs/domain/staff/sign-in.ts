import type { Clock } from '#kernel';
import type { AcceptInvitation, StaffCode, StaffSignIn, StaffTicket } from '#contracts';
import { recordAudit } from '#platform/audit';
import { TriesUsedUp, type Passwords, type StaffCaller } from '#platform/auth';
import type { Database, Staff, Transaction } from '#platform/database';
import type { Sealer } from '#platform/keys';
import { isOneTimeCode, matchRecovery, newRecoveryCodes, newTotpSecret, totpSetup, totpStepOf } from './codes.js';
import { disabled, StaffError, ticketEnded, wrongCode, wrongSignIn } from './errors.js';
import { findInvitation, useInvitation } from './invitations.js';
import { assertGoodPassword } from './password-rules.js';
import type { OpenedSession, SignInPlace, StaffSessions } from './sessions.js';
import { Tickets, type Ticket } from './tickets.js';
import { assertMayTryCode, SignInTries } from './tries.js';

/** A finished sign-in. */
export interface SignedIn {
  session: OpenedSession;
  /** Only when the second factor was set up now. */
  recoveryCodes?: string[];
}

const totpContext = (staffId: string) => `staff.totp:${staffId}`;

/** How a code was judged; written down in the same transaction, also when it was wrong. */
type Judged = { kind: 'right'; done: SignedIn } | { kind: 'wrong' } | { kind: 'ended' };

/** What signing in stands on. */
export interface SignInServices {
  passwords: Passwords;
  sealer: Sealer;
  clock: Clock;
  sessions: StaffSessions;
}

/** The way in with a password and a one-time code. */
export class StaffSignIns {
  private readonly tries = new SignInTries();
  private readonly tickets: Tickets;

  constructor(
    private readonly database: Database,
    private readonly services: SignInServices,
  ) {
    this.tickets = new Tickets(services.sealer, services.clock);
  }

  /**
   * First step. A wrong password and an unknown address get the same answer after the same time.
   * @throws StaffError `wrong_credentials`, `staff_disabled`; RateLimitError
   */
  async password({ email, password }: StaffSignIn, place: SignInPlace): Promise<StaffTicket> {
    const row = await this.database.staff.findUnique({ where: { email: email.trim().toLowerCase() } });
    const known = row !== null && (await this.services.sessions.knowsNetwork(row.id, place.address));
    const attempt = { email, address: place.address, known };
    await this.tries.password(attempt).catch((e: unknown) => this.noteFlood(row, e));
    const { right, stale } = await this.services.passwords.check(password, row?.passwordHash ?? null);
    if (!row || !right) {
      await this.noteRefusal(row, 'wrong_password');
      throw wrongSignIn();
    }
    if (row.disabledAt) {
      await this.noteRefusal(row, 'disabled');
      throw disabled();
    }
    await this.tries.forgive(attempt);
    if (stale) await this.rehash(row, password);
    return this.ticketFor(row);
  }

  /**
   * Second step: a one-time code or a recovery code. Opens the session.
   * @param replaces secret of the session that the browser had, which ends
   * @throws StaffError `wrong_code`, `ticket_ended`, `staff_disabled`; RateLimitError
   */
  async code({ ticket: sealed, code }: StaffCode, place: SignInPlace, replaces?: string): Promise<SignedIn> {
    await this.tries.other(place.address);
    const ticket = this.tickets.read(sealed);
    const judged = await this.database.$transaction(async (tx): Promise<Judged> => {
      const row = await lockStaff(tx, ticket.staffId);
      if (!row || row.version !== ticket.version) return { kind: 'ended' };
      if (row.disabledAt) throw disabled();
      assertMayTryCode(row, this.services.clock.now());
      const accepted =
        ticket.secret === undefined ? await this.accept(tx, row, code) : await this.setUp(tx, row, ticket, code);
      if (!accepted) {
        await this.noteWrongCode(tx, row);
        return { kind: 'wrong' };
      }
      await tx.staff.update({ where: { id: row.id }, data: { codeFailures: 0, codeFailedAt: null } });
      await this.services.sessions.endReplaced(tx, replaces);
      const session = await this.services.sessions.open(tx, row.id, accepted.method, place);
      return { kind: 'right', done: { session, recoveryCodes: accepted.recoveryCodes } };
    });
    if (judged.kind === 'ended') throw ticketEnded();
    if (judged.kind === 'wrong') throw wrongCode();
    return judged.done;
  }

  /**
   * Takes up an invitation with a password of one's own; a second factor of before is forgotten, sessions end.
   * @throws StaffError `invitation_ended`, `password_short`, `password_common`
   */
  async acceptInvitation(request: AcceptInvitation, place: SignInPlace): Promise<StaffTicket> {
    await this.tries.other(place.address);
    const now = this.services.clock.now();
    const { staff, id } = await findInvitation(this.database, request.token, now);
    assertGoodPassword(request.password, staff);
    const passwordHash = await this.services.passwords.hash(request.password);
    const row = await this.database.$transaction(async (tx) => {
      await useInvitation(tx, id, now);
      const forgotten = { totpSealed: null, totpStep: 0, recoveryHashes: [], codeFailures: 0, codeFailedAt: null };
      const after = await tx.staff.update({
        where: { id: staff.id },
        data: { passwordHash, ...forgotten, version: { increment: 1 } },
      });
      const actor = `staff:${staff.id}`;
      await this.services.sessions.endAll(tx, staff.id, { actor, why: 'invitation_accepted' });
      await recordAudit(tx, { actor, action: 'staff.invitation_accepted', subject: staff.id });
      return after;
    });
    return this.ticketFor(row);
  }

  /**
   * Changes one's own password; every other session ends.
   * @throws StaffError `wrong_credentials`, `password_short`, `password_common`; RateLimitError
   */
  async changePassword(caller: StaffCaller, change: { password: string; new_password: string }, place: SignInPlace) {
    const row = await this.confirmed(caller, change.password, place);
    assertGoodPassword(change.new_password, row);
    const passwordHash = await this.services.passwords.hash(change.new_password);
    await this.database.$transaction(async (tx) => {
      const actor = `staff:${row.id}`;
      await tx.staff.update({ where: { id: row.id }, data: { passwordHash, version: { increment: 1 } } });
      await this.services.sessions.endAll(tx, row.id, { actor, why: 'password_changed', except: caller.sessionId });
      await recordAudit(tx, { actor, action: 'staff.password_changed', subject: row.id });
    });
  }

  /** Makes ten new recovery codes; the old ones are worth nothing. @throws StaffError `wrong_credentials` */
  async renewRecoveryCodes(caller: StaffCaller, password: string, place: SignInPlace): Promise<string[]> {
    const row = await this.confirmed(caller, password, place);
    const { codes, hashes } = newRecoveryCodes(row.id);
    await this.database.$transaction(async (tx) => {
      await tx.staff.update({ where: { id: row.id }, data: { recoveryHashes: hashes } });
      await recordAudit(tx, { actor: `staff:${row.id}`, action: 'staff.recovery_codes_made', subject: row.id });
    });
    return codes;
  }

  /** The person behind a session, who typed their password again. */
  private async confirmed(caller: StaffCaller, password: string, place: SignInPlace): Promise<Staff> {
    const row = await this.database.staff.findUniqueOrThrow({ where: { id: caller.id } });
    const attempt = { email: row.email, address: place.address, known: true };
    await this.tries.password(attempt).catch((e: unknown) => this.noteFlood(row, e));
    if (!(await this.services.passwords.check(password, row.passwordHash)).right) {
      await this.noteRefusal(row, 'wrong_password');
      throw new StaffError('forbidden', 'wrong_password', 'The present password is wrong.', { param: 'password' });
    }
    await this.tries.forgive(attempt);
    return row;
  }

  private ticketFor(row: Staff): StaffTicket {
    const base = { staffId: row.id, version: row.version };
    if (row.totpSealed) return { object: 'staff.ticket', need: 'totp', ticket: this.tickets.give(base) };
    const secret = newTotpSecret();
    return {
      object: 'staff.ticket',
      need: 'totp_setup',
      ticket: this.tickets.give({ ...base, secret }),
      ...totpSetup(secret, row.email),
    };
  }

  private async accept(tx: Transaction, row: Staff, code: string) {
    if (!row.totpSealed) return null;
    if (!isOneTimeCode(code)) {
      const used = matchRecovery(row.id, code, row.recoveryHashes);
      if (!used) return null;
      const recoveryHashes = row.recoveryHashes.filter((kept) => kept !== used);
      await tx.staff.update({ where: { id: row.id }, data: { recoveryHashes } });
      const data = { left: recoveryHashes.length };
      await recordAudit(tx, { actor: `staff:${row.id}`, action: 'staff.recovery_code_used', subject: row.id, data });
      return { method: 'recovery_code' as const, recoveryCodes: undefined };
    }
    const secret = this.services.sealer.open(row.totpSealed, totpContext(row.id)).toString('utf8');
    const step = totpStepOf(secret, code.replace(/\s/g, ''), this.services.clock.now());
    // A code that was accepted once, and those before it, are used up (RFC 6238, section 5.2).
    if (step === null || step <= row.totpStep) return null;
    await tx.staff.update({ where: { id: row.id }, data: { totpStep: step } });
    return { method: 'totp' as const, recoveryCodes: undefined };
  }

  private async setUp(tx: Transaction, row: Staff, { secret }: Ticket, code: string) {
    const step = totpStepOf(secret!, code.replace(/\s/g, ''), this.services.clock.now());
    if (row.totpSealed || step === null) return null;
    const { codes, hashes } = newRecoveryCodes(row.id);
    const totpSealed = this.services.sealer.seal(secret!, totpContext(row.id));
    await tx.staff.update({
      where: { id: row.id },
      data: { totpSealed, totpStep: step, recoveryHashes: hashes, version: { increment: 1 } },
    });
    await recordAudit(tx, { actor: `staff:${row.id}`, action: 'staff.second_factor_set', subject: row.id });
    return { method: 'totp' as const, recoveryCodes: codes };
  }

  private async noteWrongCode(tx: Transaction, row: Staff): Promise<void> {
    const data = { codeFailures: { increment: 1 }, codeFailedAt: this.services.clock.now() };
    await tx.staff.update({ where: { id: row.id }, data });
    const fact = { action: 'staff.sign_in_refused', subject: row.id, data: { why: 'wrong_code' } };
    await recordAudit(tx, { actor: 'anybody', ...fact });
  }

  private noteRefusal(row: Staff | null, why: string): Promise<void> {
    const fact = { action: 'staff.sign_in_refused', subject: row?.id ?? 'unknown', data: { why } };
    return recordAudit(this.database, { actor: 'anybody', ...fact });
  }

  /** Writes down that tries were used up, once for each time: who goes on fills no table. @throws what it is given */
  private async noteFlood(row: Staff | null, e: unknown): Promise<never> {
    if (e instanceof TriesUsedUp && e.first) await this.noteRefusal(row, 'too_many_tries');
    throw e;
  }

  private async rehash(row: Staff, password: string): Promise<void> {
    const passwordHash = await this.services.passwords.hash(password);
    // Not when it was changed meanwhile.
    await this.database.staff.updateMany({
      where: { id: row.id, passwordHash: row.passwordHash },
      data: { passwordHash },
    });
  }
}

/** The person's row, for nobody else to change until the transaction ends. */
async function lockStaff(tx: Transaction, id: string): Promise<Staff | null> {
  await tx.$queryRaw`SELECT id FROM staff WHERE id = ${id} FOR UPDATE`;
  return tx.staff.findUnique({ where: { id } });
}
