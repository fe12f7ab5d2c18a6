import { newId, type Clock } from '#kernel';
import {
  StaffLimits,
  type CreateStaff,
  type Locale,
  type PutStaff,
  type StaffInvitation,
  type StaffMember,
  type StaffRole,
} from '#contracts';
import { recordAudit } from '#platform/audit';
import { assertMay, mayDo, type StaffCaller } from '#platform/auth';
import { json, type Database, type Staff, type Transaction } from '#platform/database';
import { noStaff, StaffError } from './errors.js';
import { invite, type Invited } from './invitations.js';
import { canSignIn, memberView, rightsOf } from './rows.js';
import type { StaffSessions } from './sessions.js';

/** Whoever manages staff: a member, or somebody with a shell on the machine. */
export type Manager = StaffCaller | 'operator';

const actorOf = (by: Manager) => (by === 'operator' ? by : `staff:${by.id}`);

function assertManages(by: Manager): void {
  if (by !== 'operator') assertMay(by, 'staff.edit');
}

/** Nobody gives rights to themselves: it takes two. */
function assertOther(by: Manager, id: string): void {
  if (by === 'operator' || by.id !== id) return;
  throw new StaffError('forbidden', 'own_rights', 'Your own roles and limits are changed by somebody else.');
}

/** Held while staff changes, so that two last admins cannot disable each other at once. */
const LOCK = 7_203_114;

/**
 * Called at the end of a change, inside its transaction.
 * @throws StaffError `last_admin` when nobody who can sign in may manage staff any more, and somebody did before
 */
export async function assertAdminLeft(tx: Transaction, before: Staff): Promise<void> {
  const manages = (row: Staff) => canSignIn(row) && mayDo(rightsOf(row), 'staff.edit');
  if (!manages(before)) return;
  const admins = await tx.staff.findMany({ where: { roles: { has: 'admin' }, disabledAt: null } });
  if (admins.some(manages)) return;
  const message = 'This is the last one who can manage staff. Make somebody else admin first.';
  throw new StaffError('conflict', 'last_admin', message);
}

/** Takes the lock of all changes of staff. */
export async function lockChanges(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;
}

/** People who work here: listed, invited, changed, disabled. */
export class StaffMembers {
  /** @param pageUrl where the dashboard is reached; invitations lead there */
  constructor(
    private readonly database: Database,
    private readonly sessions: StaffSessions,
    private readonly clock: Clock,
    private readonly pageUrl: string,
  ) {}

  /** Everybody, oldest first. */
  async list(by: StaffCaller): Promise<StaffMember[]> {
    assertMay(by, 'staff.read');
    return (await this.database.staff.findMany({ orderBy: { id: 'asc' }, take: 2000 })).map(memberView);
  }

  /** One of them. @throws StaffError `staff_not_found` */
  async get(by: StaffCaller, id: string): Promise<StaffMember> {
    assertMay(by, 'staff.read');
    return memberView(await this.row(this.database, id));
  }

  /** Chooses one's own language. @throws StaffError `nothing_changed` */
  async chooseLocale(by: StaffCaller, locale: Locale): Promise<void> {
    if (by.locale === locale) throw nothingChanged();
    await this.database.staff.update({ where: { id: by.id }, data: { locale } });
  }

  /** Adds somebody and invites them. @throws StaffError `staff_exists` */
  async create(by: Manager, request: CreateStaff): Promise<StaffInvitation> {
    assertManages(by);
    const { email, name = email.split('@')[0]!, roles, locale, queues, categories, tenants } = request;
    const actor = actorOf(by);
    const [row, invited] = await this.database.$transaction(async (tx) => {
      await lockChanges(tx);
      if (await tx.staff.findUnique({ where: { email } }))
        throw new StaffError('conflict', 'staff_exists', 'Somebody with this e-mail address is staff already.', {
          param: 'email',
        });
      const limits = json({ queues, categories, tenants });
      const data = { id: newId('stf', this.clock.now().getTime()), email, name, roles, locale, limits };
      const made = await tx.staff.create({ data });
      await recordAudit(tx, { actor, action: 'staff.created', subject: made.id, data: { roles, limits } });
      return [made, await invite(tx, made.id, actor, this.clock.now())] as const;
    });
    return this.invitationView(row, invited);
  }

  /** Changes somebody; it holds from their next request on. @throws StaffError `own_rights`, `last_admin`, `nothing_changed` */
  async put(by: Manager, id: string, { name, roles, locale, ...given }: PutStaff): Promise<StaffMember> {
    assertManages(by);
    return this.change(id, async (tx, before) => {
      const old = rightsOf(before);
      const limits = StaffLimits.parse({ ...limitsOf(old), ...defined(given) });
      const next = { roles: roles ?? old.roles, limits: json(limits) };
      const rightsChange = !same({ roles: old.roles, ...limitsOf(old) }, { roles: next.roles, ...limits });
      if (rightsChange) assertOther(by, id);
      const other = { name: name ?? before.name, locale: locale ?? before.locale };
      if (!rightsChange && same(other, { name: before.name, locale: before.locale })) throw nothingChanged();
      const after = await tx.staff.update({ where: { id }, data: { ...next, ...other } });
      if (rightsChange) {
        const data = { from: { roles: old.roles, ...limitsOf(old) }, to: { roles: next.roles, ...limits } };
        await recordAudit(tx, { actor: actorOf(by), action: 'staff.rights_changed', subject: id, data });
      } else await recordAudit(tx, { actor: actorOf(by), action: 'staff.changed', subject: id });
      return after;
    });
  }

  /** Ends somebody's access at once, their sessions and invitations too. @throws StaffError `own_rights`, `last_admin`, `nothing_changed` */
  async disable(by: Manager, id: string): Promise<StaffMember> {
    assertManages(by);
    assertOther(by, id);
    return this.change(id, async (tx, before) => {
      if (before.disabledAt) throw nothingChanged();
      const now = this.clock.now();
      // First of all: a sign-in that is under way holds the row, and its session is to be seen by what ends them.
      const after = await tx.staff.update({ where: { id }, data: { disabledAt: now, version: { increment: 1 } } });
      await tx.staffInvitation.updateMany({ where: { staffId: id, endedAt: null }, data: { endedAt: now } });
      await this.sessions.endAll(tx, id, { actor: actorOf(by), why: 'disabled' });
      await recordAudit(tx, { actor: actorOf(by), action: 'staff.disabled', subject: id });
      return after;
    });
  }

  /** Lets somebody in again. @throws StaffError `nothing_changed` */
  async enable(by: Manager, id: string): Promise<StaffMember> {
    assertManages(by);
    return this.change(id, async (tx, before) => {
      if (!before.disabledAt) throw nothingChanged();
      await recordAudit(tx, { actor: actorOf(by), action: 'staff.enabled', subject: id });
      return tx.staff.update({ where: { id }, data: { disabledAt: null } });
    });
  }

  /**
   * Makes a new invitation: for somebody who lost the first, their password or their phone. Nothing changes until it
   * is taken up.
   * @throws StaffError `staff_disabled`
   */
  async invite(by: Manager, id: string): Promise<StaffInvitation> {
    assertManages(by);
    const row = await this.row(this.database, id);
    if (row.disabledAt) throw new StaffError('conflict', 'staff_disabled', 'Enable this person first.');
    const made = await this.database.$transaction((tx) => invite(tx, id, actorOf(by), this.clock.now()));
    return this.invitationView(row, made);
  }

  /** The same for the operator, who knows the address only. */
  async inviteByEmail(email: string): Promise<StaffInvitation> {
    const row = await this.database.staff.findUnique({ where: { email: email.trim().toLowerCase() } });
    if (!row) throw noStaff(email);
    return this.invite('operator', row.id);
  }

  private async change(id: string, work: (tx: Transaction, before: Staff) => Promise<Staff>): Promise<StaffMember> {
    return this.database.$transaction(async (tx) => {
      await lockChanges(tx);
      const before = await this.row(tx, id);
      const after = await work(tx, before);
      await assertAdminLeft(tx, before);
      return memberView(after);
    });
  }

  private async row(tx: Transaction, id: string): Promise<Staff> {
    const row = await tx.staff.findUnique({ where: { id } });
    if (!row) throw noStaff(id);
    return row;
  }

  private invitationView(row: Staff, { token, expiresAt }: Invited): StaffInvitation {
    const url = `${this.pageUrl.replace(/\/+$/, '')}/dashboard/#/invitation?token=${token}`;
    return { object: 'staff.invitation', staff: memberView(row), url, expires_at: expiresAt.toISOString() };
  }
}

function limitsOf({ queues, categories, tenants }: StaffLimits & { roles: StaffRole[] }): StaffLimits {
  return { queues, categories, tenants };
}

const same = (a: object, b: object) => JSON.stringify(a) === JSON.stringify(b);
const defined = (given: object) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

function nothingChanged(): StaffError {
  return new StaffError('conflict', 'nothing_changed', 'It is so already; nothing was changed.');
}
