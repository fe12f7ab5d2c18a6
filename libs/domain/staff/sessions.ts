import { randomBytes } from 'node:crypto';
import { newId, sha256Hex, type Clock } from '#kernel';
import { SignInMethod, type StaffSessionItem, type StaffSessionView } from '#contracts';
import { recordAudit } from '#platform/audit';
import { allowedActions, type StaffCaller } from '#platform/auth';
import type { Database, Staff, StaffSession, Transaction } from '#platform/database';
import { deviceOf, networkOf } from './device.js';
import { notSignedIn, StaffError } from './errors.js';
import { callerOf } from './rows.js';

/** A session ends after so long without a request, and after so long whatever is done with it. */
const IDLE_MS = 30 * 60_000;
const LONGEST_MS = 12 * 3600_000;
/** How exactly the last request is remembered: a write for each would be one for each picture. */
const SEEN_EVERY_MS = 30_000;
/** Ended sessions are kept so long: networks of late are known ones. */
const KEEP_MS = 90 * 24 * 3600_000;
const KNOWN_MS = 30 * 24 * 3600_000;

/** Where somebody signs in from. */
export interface SignInPlace {
  /** Address as the proxy setting lets it be known. */
  address: string | undefined;
  userAgent: string | undefined;
}

/** A session that was opened now; the secret is told once, to the browser. */
export interface OpenedSession {
  id: string;
  secret: string;
  expiresAt: Date;
}

/** Sessions of staff: opened, believed, listed, ended. Only the SHA-256 of a secret is kept. */
export class StaffSessions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Opens a session inside the transaction of the sign-in. Each sign-in gets a new secret, whatever was sent. */
  async open(tx: Transaction, staffId: string, method: SignInMethod, place: SignInPlace): Promise<OpenedSession> {
    const now = this.clock.now();
    const id = newId('ses', now.getTime());
    const secret = randomBytes(32).toString('base64url');
    const expiresAt = new Date(now.getTime() + LONGEST_MS);
    const device = deviceOf(place.userAgent);
    const network = networkOf(place.address);
    await tx.staffSession.deleteMany({ where: { staffId, expiresAt: { lt: new Date(now.getTime() - KEEP_MS) } } });
    await tx.staffSession.create({
      data: {
        id,
        staffId,
        secretHash: sha256Hex(secret),
        method,
        device,
        network,
        createdAt: now,
        lastSeenAt: now,
        expiresAt,
      },
    });
    await tx.staff.update({ where: { id: staffId }, data: { lastSignInAt: now } });
    const data = { session: id, method, device, network };
    await recordAudit(tx, { actor: `staff:${staffId}`, action: 'staff.signed_in', subject: staffId, data });
    return { id, secret, expiresAt };
  }

  /**
   * Finds who a secret belongs to, as they are now: what was taken from them a moment ago is gone.
   * @throws StaffError `not_signed_in`
   */
  async authenticate(secret: string | undefined): Promise<StaffCaller> {
    const found = secret ? await this.living({ secretHash: sha256Hex(secret) }) : null;
    if (!found) throw notSignedIn();
    const now = this.clock.now();
    if (now.getTime() - found.lastSeenAt.getTime() >= SEEN_EVERY_MS) {
      await this.database.staffSession.updateMany({
        where: { id: found.id, endedAt: null, lastSeenAt: { lt: now } },
        data: { lastSeenAt: now },
      });
    }
    return callerOf(found.staff, found.id);
  }

  /**
   * Who a session belongs to now, or null when it ended. For connections that stay open: they ask again and again, and
   * their asking does not count as being there.
   */
  async alive(sessionId: string): Promise<StaffCaller | null> {
    const found = await this.living({ id: sessionId });
    return found && callerOf(found.staff, found.id);
  }

  /** What the person's own page is told; the CSRF value belongs to the wire. */
  async view(caller: StaffCaller): Promise<Omit<StaffSessionView, 'csrf'>> {
    const session = await this.database.staffSession.findUniqueOrThrow({
      where: { id: caller.sessionId },
      include: { staff: true },
    });
    const { id, name, roles, locale, queues, categories, tenants } = callerOf(session.staff, session.id);
    return {
      object: 'staff.session',
      id: session.id,
      staff: {
        id,
        name,
        email: session.staff.email,
        roles: [...roles],
        locale,
        ...copies({ queues, tenants }),
        categories: categories && [...categories],
      },
      may: allowedActions(caller),
      expires_at: session.expiresAt.toISOString(),
      recovery_codes_left: session.staff.recoveryHashes.length,
    };
  }

  /** A person's living sessions, newest first. */
  async list(caller: StaffCaller): Promise<StaffSessionItem[]> {
    const rows = await this.database.staffSession.findMany({
      where: { staffId: caller.id, ...this.isAlive() },
      orderBy: { createdAt: 'desc' },
      take: 200,
    });
    return rows.map((row) => ({
      id: row.id,
      object: 'staff.session_item',
      device: row.device,
      network: row.network,
      method: SignInMethod.parse(row.method),
      current: row.id === caller.sessionId,
      created_at: row.createdAt.toISOString(),
      last_seen_at: row.lastSeenAt.toISOString(),
      expires_at: row.expiresAt.toISOString(),
    }));
  }

  /** Ends one of a person's own sessions. @throws StaffError `session_not_found` */
  async end(caller: StaffCaller, id: string, why: 'signed_out' | 'revoked'): Promise<void> {
    await this.database.$transaction(async (tx) => {
      const ended = await this.endWhere(tx, { id, staffId: caller.id }, { actor: `staff:${caller.id}`, why });
      if (ended > 0) return;
      throw new StaffError('not_found', 'session_not_found', 'This session has ended already, or is not yours.');
    });
  }

  /** Ends all of a person's own sessions but the one that asks. @throws StaffError `nothing_changed` when there is no other */
  async endOthers(caller: StaffCaller): Promise<number> {
    return this.database.$transaction(async (tx) => {
      const actor = `staff:${caller.id}`;
      const ended = await this.endAll(tx, caller.id, { actor, why: 'revoked', except: caller.sessionId });
      if (ended === 0) throw new StaffError('conflict', 'nothing_changed', 'There is no other session.');
      return ended;
    });
  }

  /** Ends the sessions of a person, all or all but one. @returns how many */
  endAll(
    tx: Transaction,
    staffId: string,
    { actor, why, except }: { actor: string; why: string; except?: string },
  ): Promise<number> {
    return this.endWhere(tx, { staffId, ...(except && { id: { not: except } }) }, { actor, why });
  }

  /** Ends the session that a browser had before it signed in anew. */
  async endReplaced(tx: Transaction, secret: string | undefined): Promise<void> {
    if (!secret) return;
    const old = await tx.staffSession.findUnique({ where: { secretHash: sha256Hex(secret) } });
    if (old) await this.endWhere(tx, { id: old.id }, { actor: `staff:${old.staffId}`, why: 'replaced' });
  }

  /** True when somebody signed in from this network in the last 30 days. */
  async knowsNetwork(staffId: string, address: string | undefined): Promise<boolean> {
    const since = new Date(this.clock.now().getTime() - KNOWN_MS);
    const where = { staffId, network: networkOf(address), createdAt: { gte: since } };
    return (await this.database.staffSession.count({ where })) > 0;
  }

  private isAlive() {
    const now = this.clock.now();
    return { endedAt: null, expiresAt: { gt: now }, lastSeenAt: { gt: new Date(now.getTime() - IDLE_MS) } };
  }

  private async living(
    which: { id: string } | { secretHash: string },
  ): Promise<(StaffSession & { staff: Staff }) | null> {
    return this.database.staffSession.findFirst({
      where: { ...which, ...this.isAlive(), staff: { disabledAt: null } },
      include: { staff: true },
    });
  }

  private async endWhere(
    tx: Transaction,
    which: { id?: string | { not: string }; staffId?: string },
    { actor, why }: { actor: string; why: string },
  ): Promise<number> {
    const rows = await tx.staffSession.findMany({ where: { ...which, ...this.isAlive() } });
    const ids = rows.map(({ id }) => id);
    await tx.staffSession.updateMany({
      where: { id: { in: ids }, endedAt: null },
      data: { endedAt: this.clock.now() },
    });
    for (const { id, staffId } of rows) {
      await recordAudit(tx, { actor, action: 'staff.session_ended', subject: staffId, data: { session: id, why } });
    }
    return rows.length;
  }
}

const copies = <T extends Record<string, readonly string[] | null>>(lists: T) =>
  Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list && [...list]])) as Record<
    keyof T,
    string[] | null
  >;
