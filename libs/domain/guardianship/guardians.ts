import type {
  AcceptedInvitation,
  AcceptGuardianship,
  GuardianAlert,
  GuardianLimits,
  GuardianLimitsView,
  GuardianSummary,
  GuardianTeen,
} from '#contracts';
import type { Policy } from '#engines/policy';
import type { Clock } from '#kernel';
import { recordAudit } from '#platform/audit';
import { json, type Database, type GuardianLinkRow, type Transaction } from '#platform/database';
import type { Sealer } from '#platform/keys';
import { ageOfMaker } from './ages.js';
import { alertView } from './alerts.js';
import { GuardianshipError, linkNotFound } from './errors.js';
import { limitsOf } from './limits.js';
import { linkState } from './link-state.js';
import { endLink, nameContext } from './links.js';
import { newNumber, useToken } from './secrets.js';
import type { GuardianSessions } from './sessions.js';
import { summaryOf } from './summary.js';

/** Time for the teen's side to confirm the number. */
const CONFIRM_MS = 48 * 3600_000;

/** The guardian's side. A session holds the links whose addresses were opened on it, and no others. */
export class Guardians {
  constructor(
    private readonly database: Database,
    private readonly sessions: GuardianSessions,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly policies: { readonly current: Policy },
  ) {}

  /**
   * Opens an address: an invitation, or one that brings back a link. A live session goes on and holds the link as well.
   * @param session id of the session that was sent along
   * @throws GuardianshipError `invitation_*`, `name_required`, `guardian_link_ended`
   */
  async accept({ token, name }: AcceptGuardianship, session: string | null): Promise<AcceptedInvitation> {
    const now = this.clock.now();
    const { link, secret } = await this.database.$transaction(async (tx) => {
      const { linkId, kind } = await useToken(tx, token, now);
      await tx.$queryRaw`SELECT id FROM guardian_links WHERE id = ${linkId} FOR UPDATE`;
      const found = await tx.guardianLinkRow.findUniqueOrThrow({ where: { id: linkId } });
      await this.assertStands(tx, found, now);
      const opened = session ? { id: session, secret: null } : await this.sessions.open(tx, now);
      const link = kind === 'invitation' ? await this.take(tx, found, name, now) : found;
      await tx.guardianSessionLink.createMany({ data: [{ sessionId: opened.id, linkId }], skipDuplicates: true });
      const action = kind === 'invitation' ? 'guardian.accepted' : 'guardian.reopened';
      const { tenantId } = link;
      await recordAudit(tx, { tenantId, actor: `guardian:${opened.id}`, action, subject: linkId });
      return { link, secret: opened.secret };
    });
    return { object: 'guardian.session', secret, link: await this.teen(link) };
  }

  /** All teens of a session, links that are over among them. */
  async teens(session: string): Promise<GuardianTeen[]> {
    const held = await this.database.guardianSessionLink.findMany({ where: { sessionId: session } });
    const links = await this.database.guardianLinkRow.findMany({
      where: { id: { in: held.map(({ linkId }) => linkId) } },
      orderBy: { id: 'asc' },
    });
    return Promise.all(links.map((link) => this.teen(link)));
  }

  /** What a teen made, in numbers. */
  async summary(session: string, linkId: string, days: number): Promise<GuardianSummary> {
    const link = await this.active(this.database, session, linkId);
    const { quiet_hours: hours } = await limitsOf(this.database, linkId);
    const request = { link, days, timeZone: hours?.time_zone ?? 'UTC', now: this.clock.now() };
    return summaryOf(this.database, request, this.policies.current.taxonomy);
  }

  /** Sets the limits of a link; they count from the teen's next request on. */
  async putLimits(session: string, linkId: string, limits: GuardianLimits): Promise<GuardianLimitsView> {
    return this.database.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM guardian_links WHERE id = ${linkId} FOR UPDATE`;
      const { tenantId } = await this.active(tx, session, linkId);
      const version = (await limitsOf(tx, linkId)).version + 1;
      await tx.guardianLimitSet.create({ data: { linkId, version, limits: json(limits), at: this.clock.now() } });
      const actor = `guardian:${session}`;
      await recordAudit(tx, { tenantId, actor, action: 'guardian.limits', subject: linkId, data: { version, limits } });
      return limitsOf(tx, linkId);
    });
  }

  /** The limits of a link. */
  async limits(session: string, linkId: string): Promise<GuardianLimitsView> {
    await this.active(this.database, session, linkId);
    return limitsOf(this.database, linkId);
  }

  /** The last hundred alerts of a link, newest first. */
  async alerts(session: string, linkId: string): Promise<GuardianAlert[]> {
    await this.active(this.database, session, linkId);
    const rows = await this.database.guardianAlertRow.findMany({
      where: { linkId },
      orderBy: { id: 'desc' },
      take: 100,
    });
    return rows.map(alertView);
  }

  /** Notes that an alert was read. @throws GuardianshipError `alert_not_found` */
  async seen(session: string, alertId: string): Promise<GuardianAlert> {
    const row = await this.database.guardianAlertRow.findUnique({ where: { id: alertId } });
    const held = row && (await this.link(this.database, session, row.linkId).catch(() => null));
    if (!row || !held) throw new GuardianshipError('not_found', 'alert_not_found', 'There is no such alert.');
    await this.active(this.database, session, row.linkId);
    await this.database.guardianAlertRow.updateMany({
      where: { id: alertId, seenAt: null },
      data: { seenAt: this.clock.now() },
    });
    return alertView(await this.database.guardianAlertRow.findUniqueOrThrow({ where: { id: alertId } }));
  }

  /** Ends a link from the guardian's side. Ending twice is one end. */
  async end(session: string, linkId: string): Promise<GuardianTeen> {
    const ended = await this.database.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM guardian_links WHERE id = ${linkId} FOR UPDATE`;
      const link = await this.link(tx, session, linkId);
      if (link.state === 'ended') return link;
      return endLink(tx, link, 'guardian', `guardian:${session}`, this.clock.now());
    });
    return this.teen(ended);
  }

  /** Gives an invited link its guardian and its number. */
  private async take(
    tx: Transaction,
    link: GuardianLinkRow,
    name: string | undefined,
    now: Date,
  ): Promise<GuardianLinkRow> {
    if (!name) {
      const message = 'A name is required: the teen sees it before confirming.';
      throw new GuardianshipError('invalid', 'name_required', message, { param: 'name' });
    }
    return tx.guardianLinkRow.update({
      where: { id: link.id },
      data: {
        state: 'accepted',
        nameSealed: this.sealer.seal(name, nameContext(link.id)),
        number: newNumber(),
        expiresAt: new Date(now.getTime() + CONFIRM_MS),
      },
    });
  }

  private async assertStands(tx: Transaction, link: GuardianLinkRow, now: Date): Promise<void> {
    const { band } = await ageOfMaker(tx, link.makerId, now);
    if (linkState(link, band, now).state !== 'ended') return;
    throw new GuardianshipError('gone', 'guardian_link_ended', 'This link is over.');
  }

  /** A link that the session holds. @throws GuardianshipError `guardian_link_not_found` for any other */
  private async link(tx: Transaction, session: string, linkId: string): Promise<GuardianLinkRow> {
    const held = await tx.guardianSessionLink.findUnique({
      where: { sessionId_linkId: { sessionId: session, linkId } },
    });
    const link = held && (await tx.guardianLinkRow.findUnique({ where: { id: linkId } }));
    if (!link) throw linkNotFound(linkId);
    return link;
  }

  /** The same, confirmed by the teen's side and not over. */
  private async active(tx: Transaction, session: string, linkId: string): Promise<GuardianLinkRow> {
    const link = await this.link(tx, session, linkId);
    await this.assertStands(tx, link, this.clock.now());
    if (link.state === 'active') return link;
    const message = 'The teen has not confirmed the number yet.';
    throw new GuardianshipError('conflict', 'guardian_link_not_active', message);
  }

  private async teen(link: GuardianLinkRow): Promise<GuardianTeen> {
    const { database } = this;
    const now = this.clock.now();
    const maker = await database.maker.findUniqueOrThrow({ where: { id: link.makerId } });
    const tenant = await database.tenant.findUniqueOrThrow({ where: { id: link.tenantId } });
    const { state, endedBy, endedAt } = linkState(link, (await ageOfMaker(database, maker.id, now)).band, now);
    const active = state === 'active';
    return {
      id: link.id,
      object: 'guardian.teen',
      maker: maker.externalId,
      platform: tenant.name,
      state,
      number: state === 'accepted' ? link.number : null,
      expires_at: state === 'accepted' ? link.expiresAt.toISOString() : null,
      active_at: link.activeAt?.toISOString() ?? null,
      ended_at: endedAt?.toISOString() ?? null,
      ended_by: endedBy,
      limits: active ? await limitsOf(database, link.id) : null,
      unseen_alerts: active ? await database.guardianAlertRow.count({ where: { linkId: link.id, seenAt: null } }) : 0,
    };
  }
}
