import { AppError, type Clock } from '#kernel';
import type { PublishPolicy, RollBackPolicy } from '#contracts';
import { loadPolicy } from '#engines/policy';
import { recordAudit } from '#platform/audit';
import { assertMay, type StaffCaller } from '#platform/auth';
import type { Database, PolicyRevision, Transaction } from '#platform/database';
import { promiseJob } from '#platform/queue';
import { laxerForChildren, PolicyVersionError, wrongState } from './errors.js';
import { laxerForChildrenThan } from './floor.js';
import { lockPolicies, switchLive, versionById } from './live.js';
import { APPROVALS_NEEDED, countingApprovals } from './rows.js';
import { assertMayGoLive } from './versions.js';

/** Furthest time ahead that a publication can be put at. */
const MOST_AHEAD_MS = 366 * 86_400_000;

/** Makes versions live: at once, at a time, or by going one step back. */
export class PolicyPublishing {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly source: 'database' | 'file',
  ) {}

  /**
   * Publishes a version that two people approved, at once or at a time. Publishing a scheduled one at once, or at another
   * time, is allowed.
   * @throws PolicyVersionError `policy_not_approved`, `policy_state`, `policy_time`, `policy_source_file`, and what
   *   {@link assertMayGoLive} throws
   */
  async publish(by: StaffCaller, id: string, { at }: PublishPolicy): Promise<void> {
    assertMay(by, 'policy.publish');
    this.assertDatabase();
    const now = this.clock.now();
    const time = at === undefined ? null : new Date(at);
    if (time && (time <= now || time.getTime() - now.getTime() > MOST_AHEAD_MS)) throw wrongTime();
    await this.change(async (tx) => {
      const row = await versionById(tx, id);
      if (row.state !== 'draft' && row.state !== 'scheduled') throw wrongState(row.state, 'a draft or scheduled');
      await assertApproved(tx, row);
      await assertMayGoLive(tx, row);
      if (!time) {
        await switchLive(tx, row, { actor: `staff:${by.id}`, action: 'policy.published', clock: this.clock });
        return;
      }
      if (row.publishAt?.getTime() === time.getTime()) throw alreadyThen();
      await this.schedule(tx, row, time, by);
    });
  }

  /** Takes a scheduled version back to the drafts. @throws PolicyVersionError `policy_state` */
  async cancel(by: StaffCaller, id: string): Promise<void> {
    assertMay(by, 'policy.publish');
    await this.change(async (tx) => {
      const row = await versionById(tx, id);
      if (row.state !== 'scheduled') throw wrongState(row.state, 'scheduled');
      await this.backToDraft(tx, row, `staff:${by.id}`, 'policy.unscheduled');
    });
  }

  /**
   * Goes back from the live version to the one before it, at once, by one person.
   * @throws PolicyVersionError `policy_state` when it is not live, `policy_no_earlier`, `policy_laxer_for_children` when
   *   the earlier one protects children less: then a new version has to be drafted from it
   */
  async rollBack(by: StaffCaller, id: string, { reason }: RollBackPolicy): Promise<void> {
    assertMay(by, 'policy.publish');
    this.assertDatabase();
    await this.change(async (tx) => {
      const row = await versionById(tx, id);
      if (row.state !== 'live') throw wrongState(row.state, 'live');
      if (!row.replaced) throw noEarlier();
      const earlier = await versionById(tx, row.replaced);
      const faults = laxerForChildrenThan(loadPolicy(row.yaml), loadPolicy(earlier.yaml));
      if (faults.length) throw laxerForChildren(faults);
      const how = { actor: `staff:${by.id}`, action: 'policy.rolled_back' as const, clock: this.clock };
      await switchLive(tx, earlier, { ...how, data: { reason } });
    });
  }

  /**
   * Job `policy.publish`: makes a scheduled version live when its time has come. Doing it twice does no harm. A version
   * that may go live no more, because of what went live meanwhile, goes back to the drafts.
   */
  async runDue(id: string): Promise<'published' | 'refused' | 'nothing'> {
    return this.change(async (tx) => {
      const row = await tx.policyRevision.findUnique({ where: { id } });
      if (row?.state !== 'scheduled' || !row.publishAt || row.publishAt > this.clock.now()) return 'nothing';
      const actor = row.publishBy ?? 'worker';
      try {
        await assertApproved(tx, row);
        await assertMayGoLive(tx, row);
      } catch (e) {
        if (!(e instanceof AppError)) throw e;
        await this.backToDraft(tx, row, 'worker', 'policy.publication_refused', { code: e.code });
        return 'refused';
      }
      const data = { scheduled_for: row.publishAt.toISOString() };
      await switchLive(tx, row, { actor, action: 'policy.published', clock: this.clock, data });
      return 'published';
    });
  }

  private change<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.$transaction(async (tx) => {
      await lockPolicies(tx);
      return work(tx);
    });
  }

  private async schedule(tx: Transaction, row: PolicyRevision, at: Date, by: StaffCaller): Promise<void> {
    const actor = `staff:${by.id}`;
    const data = { state: 'scheduled' as const, publishAt: at, publishBy: actor, updatedAt: this.clock.now() };
    await tx.policyRevision.update({ where: { id: row.id }, data });
    const dedupeKey = `${row.id}-at-${at.getTime()}`;
    await promiseJob(tx, { job: 'policy.publish', payload: { id: row.id }, dedupeKey, notBefore: at });
    await recordAudit(tx, {
      ...{ actor, action: 'policy.scheduled', subject: row.id, fromState: row.state, toState: 'scheduled' },
      data: { at: at.toISOString(), sha256: row.sha256 },
    });
  }

  private async backToDraft(
    tx: Transaction,
    row: PolicyRevision,
    actor: string,
    action: string,
    data: Record<string, unknown> = {},
  ): Promise<void> {
    const draft = { state: 'draft' as const, publishAt: null, publishBy: null, updatedAt: this.clock.now() };
    await tx.policyRevision.update({ where: { id: row.id }, data: draft });
    await recordAudit(tx, { actor, action, subject: row.id, fromState: row.state, toState: 'draft', data });
  }

  private assertDatabase(): void {
    if (this.source === 'database') return;
    const message = 'The policy of this service is kept in a file (POLICY_SOURCE=file): change it there and restart.';
    throw new PolicyVersionError('conflict', 'policy_source_file', message);
  }
}

async function assertApproved(tx: Transaction, row: PolicyRevision): Promise<void> {
  const approvals = await tx.policyApproval.findMany({ where: { revisionId: row.id } });
  const given = countingApprovals({ ...row, approvals }).length;
  if (given >= APPROVALS_NEEDED) return;
  const message = `This version needs ${APPROVALS_NEEDED} approvals by people who did not write it; it has ${given}.`;
  throw new PolicyVersionError('conflict', 'policy_not_approved', message);
}

function wrongTime(): PolicyVersionError {
  const message = 'The time of publication has to be in the future, and at most a year ahead.';
  return new PolicyVersionError('invalid', 'policy_time', message, { param: 'at' });
}

function alreadyThen(): PolicyVersionError {
  return new PolicyVersionError('conflict', 'nothing_changed', 'It is scheduled for that time already.');
}

function noEarlier(): PolicyVersionError {
  const message = 'There is no earlier version to go back to. Draft a new one.';
  return new PolicyVersionError('conflict', 'policy_no_earlier', message);
}
