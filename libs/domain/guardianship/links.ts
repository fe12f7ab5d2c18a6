import type { GuardianAlert, GuardianInvitation, GuardianLink, InviteGuardian } from '#contracts';
import { newId, type Clock } from '#kernel';
import { recordAudit } from '#platform/audit';
import type { Makers } from '#platform/auth';
import type { Database, GuardianLinkRow, Maker, Transaction } from '#platform/database';
import type { Sealer } from '#platform/keys';
import { ageOfMaker } from './ages.js';
import { alertView } from './alerts.js';
import { GuardianshipError, linkNotFound, makerNotFound } from './errors.js';
import { linkState, MOST_TRIES } from './link-state.js';
import { INVITATION_MS, issueToken } from './secrets.js';

/** Links of one maker that are open or active at the same time. */
const MOST_LINKS = 10;

/** Seals and opens the name that a guardian gave. */
export function nameContext(linkId: string): string {
  return `guardian-name:${linkId}`;
}

/** The teen's side of the links to guardians, spoken for by the platform. */
export class GuardianLinks {
  constructor(
    private readonly database: Database,
    private readonly makers: Makers,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    /** Under which the page for guardians is reached. */
    private readonly publicUrl: string,
  ) {}

  /**
   * Makes an invitation; the answer is the only one that shows its address.
   * @throws GuardianshipError `maker_is_adult`, `too_many_guardians`
   */
  async invite(tenantId: string, name: string, wanted: InviteGuardian, actor: string): Promise<GuardianInvitation> {
    const maker = await this.makers.ensure(tenantId, name);
    const now = this.clock.now();
    return this.database.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM makers WHERE id = ${maker.id} FOR UPDATE`;
      if ((await ageOfMaker(tx, maker.id, now)).band === 'adult')
        throw new GuardianshipError('invalid', 'maker_is_adult', 'This maker is of age and needs no guardian.');
      const open = { OR: [{ state: 'active' }, { state: { in: ['invited', 'accepted'] }, expiresAt: { gt: now } }] };
      if ((await tx.guardianLinkRow.count({ where: { makerId: maker.id, ...open } })) >= MOST_LINKS)
        throw new GuardianshipError(
          'invalid',
          'too_many_guardians',
          `At most ${MOST_LINKS} guardians: end a link first.`,
        );
      const expiresAt = new Date(now.getTime() + INVITATION_MS);
      const link = await tx.guardianLinkRow.create({
        data: {
          ...{ id: newId('gdl'), tenantId, makerId: maker.id, state: 'invited', locale: wanted.locale },
          ...{ expiresAt, createdAt: now },
        },
      });
      await recordAudit(tx, {
        tenantId,
        actor,
        action: 'guardian.invited',
        subject: link.id,
        data: { maker: maker.id },
      });
      return this.invitation(tx, link, maker, 'invitation', now);
    });
  }

  /**
   * A new address for a link: of an invitation nobody took up, or for a guardian who lost theirs. Earlier addresses stop.
   * @throws GuardianshipError `guardian_link_ended`
   */
  async reissue(tenantId: string, name: string, linkId: string, actor: string): Promise<GuardianInvitation> {
    const now = this.clock.now();
    return this.database.$transaction(async (tx) => {
      const { maker, link } = await this.locked(tx, tenantId, name, linkId);
      await this.assertStands(tx, link, now);
      await tx.guardianToken.updateMany({ where: { linkId, usedAt: null }, data: { usedAt: now } });
      await recordAudit(tx, { tenantId, actor, action: 'guardian.reissued', subject: linkId });
      return this.invitation(tx, link, maker, link.state === 'invited' ? 'invitation' : 'reentry', now);
    });
  }

  /** The links of a maker, newest first. */
  async list(tenantId: string, name: string): Promise<GuardianLink[]> {
    const maker = await this.makers.find(tenantId, name);
    if (!maker) throw makerNotFound(name);
    const links = await this.database.guardianLinkRow.findMany({
      where: { makerId: maker.id },
      orderBy: { id: 'desc' },
      take: 100,
    });
    return Promise.all(links.map((link) => this.view(this.database, link, maker)));
  }

  /**
   * The teen's side confirms the number that the guardian sees. The third wrong one ends the link.
   * @throws GuardianshipError `guardian_number_wrong`, `guardian_link_not_accepted`, `guardian_link_ended`
   */
  async confirm(tenantId: string, name: string, linkId: string, number: number, actor: string): Promise<GuardianLink> {
    const now = this.clock.now();
    const { right, tries, view } = await this.database.$transaction(async (tx) => {
      const { maker, link } = await this.locked(tx, tenantId, name, linkId);
      await this.assertStands(tx, link, now);
      if (link.state !== 'accepted') {
        const message =
          'Nobody waits for a number here: the guardian has not accepted yet, or it was confirmed before.';
        throw new GuardianshipError('conflict', 'guardian_link_not_accepted', message);
      }
      const right = link.number === number;
      const tries = link.tries + 1;
      const over = !right && tries >= MOST_TRIES;
      const changed = await tx.guardianLinkRow.update({
        where: { id: linkId },
        data: {
          tries,
          ...(right && { state: 'active', activeAt: now, number: null }),
          ...(over && { state: 'ended', endedAt: now, endedBy: 'wrong_number', number: null }),
        },
      });
      const action = right ? 'guardian.confirmed' : 'guardian.wrong_number';
      await recordAudit(tx, { tenantId, actor, action, subject: linkId, data: { tries } });
      return { right, tries, view: await this.view(tx, changed, maker) };
    });
    if (right) return view;
    // The try is on record by now.
    const left = MOST_TRIES - tries;
    const message = left
      ? `This is not the number that the guardian sees. ${left} tries are left.`
      : 'This is not the number that the guardian sees. The link is over: invite the guardian again.';
    throw new GuardianshipError('invalid', 'guardian_number_wrong', message, { param: 'number', triesLeft: left });
  }

  /** Ends a link from the teen's side. Ending twice is one end. */
  async end(tenantId: string, name: string, linkId: string, actor: string): Promise<GuardianLink> {
    return this.database.$transaction(async (tx) => {
      const { maker, link } = await this.locked(tx, tenantId, name, linkId);
      const ended = link.state === 'ended' ? link : await endLink(tx, link, 'maker', actor, this.clock.now());
      return this.view(tx, ended, maker);
    });
  }

  /** An alert that a webhook spoke of, for the platform to pass on. @throws GuardianshipError `alert_not_found` */
  async alert(tenantId: string, id: string): Promise<GuardianAlert & { maker: string }> {
    const row = await this.database.guardianAlertRow.findFirst({ where: { id, tenantId } });
    if (!row) throw new GuardianshipError('not_found', 'alert_not_found', `There is no alert ${id.slice(0, 80)}.`);
    const maker = await this.database.maker.findUniqueOrThrow({ where: { id: row.makerId } });
    return { ...alertView(row), maker: maker.externalId };
  }

  private async locked(
    tx: Transaction,
    tenantId: string,
    name: string,
    linkId: string,
  ): Promise<{ maker: Maker; link: GuardianLinkRow }> {
    await tx.$queryRaw`SELECT id FROM guardian_links WHERE id = ${linkId} FOR UPDATE`;
    const maker = await tx.maker.findUnique({ where: { tenantId_externalId: { tenantId, externalId: name } } });
    if (!maker) throw makerNotFound(name);
    const link = await tx.guardianLinkRow.findFirst({ where: { id: linkId, tenantId, makerId: maker.id } });
    if (!link) throw linkNotFound(linkId);
    return { maker, link };
  }

  private async assertStands(tx: Transaction, link: GuardianLinkRow, now: Date): Promise<void> {
    const { band } = await ageOfMaker(tx, link.makerId, now);
    if (linkState(link, band, now).state !== 'ended') return;
    throw new GuardianshipError('gone', 'guardian_link_ended', 'This link is over. Invite the guardian again.');
  }

  private async invitation(
    tx: Transaction,
    link: GuardianLinkRow,
    maker: Maker,
    kind: 'invitation' | 'reentry',
    now: Date,
  ): Promise<GuardianInvitation> {
    const code = await issueToken(tx, link.id, kind, now);
    // A fragment is never sent to a server, so the secret stands in no log on the way.
    const url = `${this.publicUrl.replace(/\/+$/, '')}/guardian#${code}`;
    return { ...(await this.view(tx, link, maker)), url, code };
  }

  private async view(tx: Transaction, link: GuardianLinkRow, maker: Maker): Promise<GuardianLink> {
    const now = this.clock.now();
    const { state, endedBy, endedAt } = linkState(link, (await ageOfMaker(tx, maker.id, now)).band, now);
    const sealed = link.nameSealed;
    return {
      id: link.id,
      object: 'guardian.link',
      maker: maker.externalId,
      state,
      guardian_name: sealed ? this.sealer.open(sealed, nameContext(link.id)).toString('utf8') : null,
      expires_at: state === 'invited' || state === 'accepted' ? link.expiresAt.toISOString() : null,
      tries_left: MOST_TRIES - link.tries,
      created_at: link.createdAt.toISOString(),
      active_at: link.activeAt?.toISOString() ?? null,
      ended_at: endedAt?.toISOString() ?? null,
      ended_by: endedBy,
    };
  }
}

/** Ends a link that is locked and not over yet: its limits count no more, and its addresses open nothing. */
export async function endLink(
  tx: Transaction,
  link: GuardianLinkRow,
  by: 'maker' | 'guardian',
  actor: string,
  now: Date,
): Promise<GuardianLinkRow> {
  await tx.guardianToken.updateMany({ where: { linkId: link.id, usedAt: null }, data: { usedAt: now } });
  const { id: subject, tenantId, state: fromState } = link;
  await recordAudit(tx, {
    tenantId,
    actor,
    action: 'guardian.ended',
    subject,
    fromState,
    toState: 'ended',
    data: { by },
  });
  return tx.guardianLinkRow.update({
    where: { id: link.id },
    data: { state: 'ended', endedAt: now, endedBy: by, number: null },
  });
}
