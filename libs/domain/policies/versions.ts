import { newId, type Clock } from '#kernel';
import type {
  ApprovePolicy,
  DraftPolicy,
  EditPolicy,
  ListPolicies,
  PolicyDiff,
  PolicyVersionList,
  PolicyVersionView,
} from '#contracts';
import { checkPolicy, loadPolicy, type Policy } from '#engines/policy';
import { recordAudit } from '#platform/audit';
import { assertMay, type StaffCaller } from '#platform/auth';
import type { Database, PolicyRevision, Transaction } from '#platform/database';
import { policyChanges } from './diff.js';
import { editedMeanwhile, faulty, laxerForChildren, noVersion, PolicyVersionError, wrongState } from './errors.js';
import { laxerForChildrenThan } from './floor.js';
import { endShadow, liveVersion, lockPolicies, versionById } from './live.js';
import { floorFaults, namesOf, peopleOf, versionItem, versionView } from './rows.js';
import { textChanges } from './text-diff.js';

/** A text that may become a version. @throws PolicyVersionError `policy_invalid` with every fault and its line */
function sound(yaml: string): Policy {
  const faults = checkPolicy(yaml);
  if (faults.length) throw faulty(faults);
  return loadPolicy(yaml);
}

/** Versions of the policy before they go live: read, compared, drafted, edited, approved. */
export class PolicyVersions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly source: PolicyVersionList['source'],
  ) {}

  /** Newest first. */
  async list(by: StaffCaller, { after, limit }: ListPolicies): Promise<PolicyVersionList> {
    assertMay(by, 'policy.read');
    const rows = await this.database.policyRevision.findMany({
      where: after ? { id: { lt: after } } : {},
      include: { approvals: true },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    const page = rows.slice(0, limit);
    const shadow = await this.database.policyPointer.findUnique({ where: { name: 'shadow' } });
    const name = await namesOf(this.database, peopleOf(page));
    const data = page.map((row) => versionItem(row, name, shadow));
    return { object: 'list', data, has_more: rows.length > limit, source: this.source };
  }

  /** One version with its text. @throws PolicyVersionError `policy_not_found` */
  async get(by: StaffCaller, id: string): Promise<PolicyVersionView> {
    assertMay(by, 'policy.read');
    return this.view(id);
  }

  /** What differs between a version and another one, or the live one. */
  async diff(by: StaffCaller, id: string, against?: string): Promise<PolicyDiff> {
    assertMay(by, 'policy.read');
    const row = await versionById(this.database, id);
    const other = against ? await versionById(this.database, against) : await liveVersion(this.database);
    if (!other) throw noVersion('live');
    const [from, to] = [loadPolicy(other.yaml), loadPolicy(row.yaml)];
    return {
      object: 'policy.diff',
      against: other.id,
      version: row.id,
      changes: policyChanges(from, to),
      text: textChanges(other.yaml, row.yaml),
      laxer_for_children: laxerForChildrenThan(from, to),
    };
  }

  /** A draft from any version, or from a text. @throws PolicyVersionError `policy_invalid`, `policy_not_found` */
  async draft(by: StaffCaller, { from, yaml, note }: DraftPolicy): Promise<PolicyVersionView> {
    assertMay(by, 'policy.draft');
    const base = from ? await versionById(this.database, from) : await liveVersion(this.database);
    const text = yaml ?? base?.yaml;
    if (text === undefined) throw noVersion('live');
    const policy = sound(text);
    const { id: policyId, version, sha256 } = policy.ref;
    const now = this.clock.now();
    const id = newId('pol', now.getTime());
    await this.database.$transaction(async (tx) => {
      await tx.policyRevision.create({
        data: {
          ...{ id, state: 'draft', policyId, version, yaml: text, sha256, origin: 'desk', note },
          ...{ authors: [by.id], basedOn: base?.id ?? null, createdAt: now, updatedAt: now },
        },
      });
      const data = { policy: policy.ref, based_on: base?.id ?? null };
      await recordAudit(tx, { actor: `staff:${by.id}`, action: 'policy.drafted', subject: id, toState: 'draft', data });
    });
    return this.view(id);
  }

  /**
   * Replaces the text of a draft. Approvals of the text before count no more, and whoever edits cannot approve.
   * @throws PolicyVersionError `policy_invalid`, `policy_edited`, `policy_state`, `nothing_changed`
   */
  async edit(by: StaffCaller, id: string, { yaml, note, edition }: EditPolicy): Promise<PolicyVersionView> {
    assertMay(by, 'policy.draft');
    const policy = sound(yaml);
    const { id: policyId, version, sha256 } = policy.ref;
    await this.change(id, async (tx, row) => {
      if (row.edition !== edition) throw editedMeanwhile();
      if (row.sha256 === sha256 && (note === undefined || note === row.note)) throw nothingChanged();
      const authors = [...new Set([...row.authors, by.id])];
      const data = { policyId, version, yaml, sha256, authors, edition: edition + 1, updatedAt: this.clock.now() };
      await tx.policyRevision.update({ where: { id }, data: { ...data, ...(note && { note }) } });
      // What ran as a shadow was another text.
      const shadowEnded = row.sha256 !== sha256 && (await endShadow(tx, id));
      const facts = { policy: policy.ref, before: row.sha256, ...(shadowEnded && { shadow_ended: true }) };
      await recordAudit(tx, { actor: `staff:${by.id}`, action: 'policy.edited', subject: id, data: facts });
    });
    return this.view(id);
  }

  /** Gives a draft up. @throws PolicyVersionError `policy_state` */
  async discard(by: StaffCaller, id: string): Promise<PolicyVersionView> {
    assertMay(by, 'policy.draft');
    await this.change(id, async (tx) => {
      await endShadow(tx, id);
      await tx.policyRevision.update({ where: { id }, data: { state: 'discarded', updatedAt: this.clock.now() } });
      const move = { fromState: 'draft', toState: 'discarded' };
      await recordAudit(tx, { actor: `staff:${by.id}`, action: 'policy.discarded', subject: id, ...move });
    });
    return this.view(id);
  }

  /**
   * Says yes to exactly one text of a draft, which its authors cannot.
   * @throws PolicyVersionError `policy_own_draft`, `policy_edited`, `policy_approved_already`, `policy_version_taken`,
   *   `policy_laxer_for_children`, `policy_unchanged`
   */
  async approve(by: StaffCaller, id: string, { sha256, note }: ApprovePolicy): Promise<PolicyVersionView> {
    assertMay(by, 'policy.approve');
    await this.change(id, async (tx, row) => {
      if (row.authors.includes(by.id)) throw ownDraft();
      if (row.sha256 !== sha256) throw editedMeanwhile();
      await assertMayGoLive(tx, row);
      const key = { revisionId: id, sha256, staffId: by.id };
      if (await tx.policyApproval.findUnique({ where: { revisionId_sha256_staffId: key } })) throw approvedAlready();
      await tx.policyApproval.create({ data: { ...key, note, at: this.clock.now() } });
      const data = { policy: { id: row.policyId, version: row.version, sha256 } };
      await recordAudit(tx, { actor: `staff:${by.id}`, action: 'policy.approved', subject: id, data });
    });
    return this.view(id);
  }

  /** A change of a draft, under the lock. */
  private change(id: string, work: (tx: Transaction, row: PolicyRevision) => Promise<void>): Promise<void> {
    return this.database.$transaction(async (tx) => {
      await lockPolicies(tx);
      const row = await versionById(tx, id);
      if (row.state !== 'draft') throw wrongState(row.state, 'a draft');
      await work(tx, row);
    });
  }

  private async view(id: string): Promise<PolicyVersionView> {
    const row = await this.database.policyRevision.findUnique({ where: { id }, include: { approvals: true } });
    if (!row) throw noVersion(id);
    return versionView(this.database, row, await liveVersion(this.database));
  }
}

/**
 * What has to hold for a version at every step towards being live: it protects children no less than the one that is
 * live now, it says something new, and its number was not used for another text.
 */
export async function assertMayGoLive(tx: Transaction, row: PolicyRevision): Promise<void> {
  const live = await liveVersion(tx);
  const faults = floorFaults(row, live);
  if (faults.length) throw laxerForChildren(faults);
  if (live?.sha256 === row.sha256)
    throw new PolicyVersionError('conflict', 'policy_unchanged', 'This is the text that is live already.');
  const { policyId, version, sha256 } = row;
  const taken = await tx.policyRevision.count({
    where: { policyId, version, sha256: { not: sha256 }, state: { in: ['live', 'past', 'rolled_back', 'scheduled'] } },
  });
  if (!taken) return;
  const message = `Version ${version} was another text. Raise the version in the document: decisions are told apart by it.`;
  throw new PolicyVersionError('conflict', 'policy_version_taken', message);
}

function nothingChanged(): PolicyVersionError {
  return new PolicyVersionError('conflict', 'nothing_changed', 'This is what it says already; nothing was changed.');
}

function ownDraft(): PolicyVersionError {
  const message = 'You wrote in this version. Two others have to approve it.';
  return new PolicyVersionError('forbidden', 'policy_own_draft', message);
}

function approvedAlready(): PolicyVersionError {
  const message = 'You approved this text already. It takes two different people.';
  return new PolicyVersionError('conflict', 'policy_approved_already', message);
}
