import { randomBytes } from 'node:crypto';
import { constantTimeEqual, newId, sha256Hex, type Clock } from '#kernel';
import type { CreateReport, ReportOutcome, ReportReceipt } from '#contracts';
import type { Policies } from '#domain/gate';
import type { Cases } from '#domain/review';
import { recordAudit } from '#platform/audit';
import type { Clip, Database, ReviewCaseRow, Transaction, UserReport } from '#platform/database';
import type { Sealer } from '#platform/keys';
import { NoticeError, noticeNotFound } from './errors.js';
import { recordOf, reporterOf, weightOf } from './reporters.js';

/** Who sends a report: a platform's key for one of its users, or null for anybody. */
export interface ReportSender {
  tenantId: string;
  keyId: string;
  trustedFlagger: boolean;
}

const OUTCOMES: Readonly<Record<string, ReportOutcome>> = {
  refuse: 'removed',
  release_limited: 'limited',
  release: 'kept',
};

/** Reports about releases: each leads to a person's decision, and the reporter is told of it. */
export class Reports {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly cases: Pick<Cases, 'open'>,
    private readonly policies: Pick<Policies, 'current'>,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Files a report and asks for a decision: within 48 hours for intimate pictures without consent, within 24 otherwise. Reports of
   * the same release join in one case.
   * @throws NoticeError `release_not_found`, `release_ended`, `already_reported`, `user_not_allowed`
   */
  async create(sender: ReportSender | null, body: CreateReport): Promise<ReportReceipt> {
    if (!sender && body.user !== undefined)
      throw new NoticeError('invalid', 'user_not_allowed', 'Only a platform names its user. Leave `user` out.', {
        param: 'user',
      });
    const found = await this.find(sender, body.clip);
    const token = randomBytes(24).toString('base64url');
    const report = await this.database.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`report:${found.id}`}, 0))`;
      // Withdrawn in this moment: its case would be left behind.
      await tx.$executeRaw`SELECT 1 FROM clips WHERE id = ${found.id} FOR SHARE`;
      const clip = assertOut(await tx.clip.findUniqueOrThrow({ where: { id: found.id } }), body.clip);
      return this.file(tx, clip, sender, { body, tokenHash: sha256Hex(token) });
    });
    return { ...(await this.view(report)), token };
  }

  private async file(
    tx: Transaction,
    clip: Clip,
    sender: ReportSender | null,
    { body, tokenHash }: { body: CreateReport; tokenHash: string },
  ): Promise<UserReport> {
    const receivedAt = this.clock.now();
    const reporter = reporterOf(body);
    const open = await this.openReports(tx, clip.id);
    const twin = reporter ? open.find((one) => one.reporter === reporter) : undefined;
    if (twin) {
      throw new NoticeError('conflict', 'already_reported', 'You reported this already; it waits for a decision.', {
        data: { report_id: twin.id },
      });
    }
    const trusted = sender?.trustedFlagger ?? false;
    const record = reporter ? await recordOf(tx, clip.tenantId, reporter) : null;
    const weight = weightOf(record, trusted);
    const id = newId('rep', receivedAt.getTime());
    const caseId = await this.cases.open(tx, {
      ...{ kind: 'report', clip, category: body.category, clock: body.kind === 'ncii' ? '48h' : '24h' },
      statement: { by: trusted ? 'trusted_flagger' : 'reporter', text: body.reason },
      weight: open.reduce((sum, one) => sum + one.weight, weight),
      reference: id,
    });
    const { kind, category, reason, contact } = body;
    await recordAudit(tx, {
      ...{ tenantId: clip.tenantId, actor: sender ? `key:${sender.keyId}` : 'public', action: 'report.received' },
      ...{ subject: id, data: { clip: clip.id, case: caseId, kind, category, trusted } },
    });
    return tx.userReport.create({
      data: {
        ...{ id, tenantId: clip.tenantId, clipId: clip.id, caseId, kind, category, reason, reporter, trusted, weight },
        ...{ tokenHash, receivedAt, keyId: sender?.keyId ?? null },
        contact: contact ? this.sealer.seal(JSON.stringify(contact), `report:${id}`) : null,
      },
    });
  }

  /**
   * What became of a report, for the platform that sent it or whoever has its token.
   * @throws NoticeError `report_not_found`
   */
  async receipt(tenantId: string | null, id: string, token?: string): Promise<ReportReceipt> {
    const row = await this.database.userReport.findUnique({ where: { id } });
    const mine = row && (tenantId ? row.tenantId === tenantId : opens(row, token));
    if (!mine) throw noticeNotFound('report', id);
    return this.view(row);
  }

  private async find(sender: ReportSender | null, named: string): Promise<Clip> {
    const id = /video_[0-9a-f]{32}/.exec(named)?.[0];
    const releaseId = id ? undefined : /(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])/i.exec(named)?.[0].toLowerCase();
    if (!id && !releaseId) throw notReleased(named);
    const clip = await this.database.clip.findFirst({
      where: { ...(id ? { id } : { releaseId: releaseId! }), ...(sender && { tenantId: sender.tenantId }) },
    });
    if (!clip) throw notReleased(named);
    return assertOut(clip, named);
  }

  private openReports(
    tx: Transaction,
    clipId: string,
  ): Promise<{ id: string; reporter: string | null; weight: number }[]> {
    return tx.$queryRaw`
      SELECT r.id, r.reporter, r.weight FROM user_reports r JOIN review_cases c ON c.id = r.case_id
      WHERE r.clip_id = ${clipId} AND c.state <> 'closed'`;
  }

  private async view(row: UserReport): Promise<ReportReceipt> {
    const about = await this.database.reviewCase.findUniqueOrThrow({ where: { id: row.caseId } });
    const outcome = outcomeOf(about);
    return {
      id: row.id,
      object: 'report',
      clip_id: row.clipId,
      kind: row.kind as ReportReceipt['kind'],
      category: row.category as ReportReceipt['category'],
      received_at: row.receivedAt.toISOString(),
      due_at: about.dueAt.toISOString(),
      state: outcome ? 'decided' : 'open',
      outcome,
      decided_at: about.closedAt?.toISOString() ?? null,
      redress: outcome ? this.policies.current.wording.redress : null,
    };
  }
}

function outcomeOf({ state, closedAs }: ReviewCaseRow): ReportOutcome | null {
  if (state !== 'closed') return null;
  return OUTCOMES[closedAs ?? ''] ?? 'overtaken';
}

function opens({ tokenHash }: UserReport, token: string | undefined): boolean {
  return token !== undefined && constantTimeEqual(sha256Hex(token), tokenHash);
}

function notReleased(named: string): NoticeError {
  const message = `No release is known by "${named.slice(0, 100)}". Give the id of the video or of its release.`;
  return new NoticeError('not_found', 'release_not_found', message, { param: 'clip' });
}

/** @throws NoticeError for what never left, as if it did not exist, and for what is out no more */
function assertOut(clip: Clip, named: string): Clip {
  if (clip.state === 'released') return clip;
  if (clip.state !== 'withdrawn') throw notReleased(named);
  throw new NoticeError('conflict', 'release_ended', 'This release was withdrawn already; it is served no more.');
}
