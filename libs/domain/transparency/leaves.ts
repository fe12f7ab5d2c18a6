import { canonicalJson, sha256Hex } from '#kernel';
import type { Clip, Database, Release, Transaction } from '#platform/database';
import type { NewLeaf, VerifyReport } from '#contracts';
import { SOFT_BINDING_ALG } from '#engines/credentials';
import { commit, promiseLeaf } from './promise.js';

/** What tells one signed file of a clip from the next, should it be signed again. */
type Signed = Pick<Release, 'manifestSha256'> & { releaseId: string };

/** Under which key the leaf of a signed file is promised and found. */
export function releaseKey({ releaseId, manifestSha256 }: Signed): string {
  return `release:${releaseId}:${manifestSha256}`;
}

/** Under which key its withdrawal is promised and found. */
export function withdrawKey({ releaseId, manifestSha256 }: Signed): string {
  return `withdraw:${releaseId}:${manifestSha256}`;
}

/** A signed clip that is about to leave. */
export interface SignedClip extends Signed {
  manifestId: string;
  /** SHA-256 of the signed file. */
  assetSha256: string;
  /** SHA-256 of the DER of the leaf that signed it. */
  signerCertSha256: string;
  /** Manifest ids of the clips that it was made from. */
  parents: string[];
  /** Other values that copies of it are recognised by, by algorithm; the log shows commitments only. */
  bindings: { alg: string; value: string | Uint8Array }[];
}

/** Promises the leaf of a clip that both marks were read back from. */
export async function promiseRelease(tx: Transaction, clip: SignedClip): Promise<void> {
  const key = releaseKey(clip);
  const bindings = [{ alg: SOFT_BINDING_ALG, value: clip.releaseId }, ...clip.bindings];
  const softBindings = [];
  for (const { alg, value } of bindings) softBindings.push(await commit(tx, key, alg, value));
  const { releaseId, manifestId, manifestSha256, assetSha256, parents, signerCertSha256 } = clip;
  await promiseLeaf(
    tx,
    {
      type: parents.length ? 'remix' : 'release',
      releaseId,
      manifestId,
      manifestSha256,
      assetSha256,
      softBindings,
      parents,
      signerCertSha256,
    },
    key,
  );
}

/** Why a leaf is taken back. */
export type WithdrawReason = Extract<NewLeaf, { type: 'withdraw' }>['reason'];

/** Promises that a release no longer stands, or was never released at all. */
export async function promiseWithdrawal(
  tx: Transaction,
  { releaseId, manifestId, manifestSha256 }: Pick<Clip, 'releaseId' | 'manifestId' | 'manifestSha256'>,
  reason: WithdrawReason,
): Promise<void> {
  if (!manifestId || !manifestSha256) throw new TypeError(`The clip of release ${releaseId} was never signed.`);
  const leaf: NewLeaf = { type: 'withdraw', releaseId, manifestId, reason };
  await promiseLeaf(tx, leaf, withdrawKey({ releaseId, manifestSha256 }));
}

/** Promises that a refusal is counted: of which clip is a salted commitment, why are the codes of the policy. */
export async function promiseRefusal(
  tx: Transaction,
  refusal: { statementId: string; clipId: string; policyVersion: string; reasonCodes: string[]; automated: boolean },
): Promise<void> {
  const { statementId, clipId, policyVersion, reasonCodes, automated } = refusal;
  const key = `decision:${statementId}`;
  const subject = await commit(tx, key, 'clip', clipId);
  await promiseLeaf(tx, { type: 'decision', subject, outcome: 'refuse', automated, policyVersion, reasonCodes }, key);
}

/**
 * Promises the entry of a verification report that somebody takes with them, once: the SHA-256 of what was signed.
 */
export async function promiseReport(database: Database, report: VerifyReport): Promise<void> {
  const dedupeKey = `report:${report.id}`;
  const where = { dedupeKey };
  if ((await database.logPending.count({ where })) + (await database.logLeafRow.count({ where }))) return;
  const leaf: NewLeaf = { type: 'report', reportSha256: sha256Hex(canonicalJson(report)) };
  // Whoever promised it in this moment promised the same.
  await database.logPending.createMany({ data: [{ dedupeKey, leaf }], skipDuplicates: true });
}

/** Events of consent that the public log tells of. */
export type ConsentEvent = Extract<NewLeaf, { type: 'consent' }>['event'];

/** Under which keys all leaves of a person are promised. */
export function consentKeys(personId: string): string {
  return `consent:${personId}:`;
}

/**
 * Promises that somebody agreed, changed their mind or was erased. Of whom is a salted commitment; see
 * {@link forgetConsent}.
 * @param what.subject given for an erasure: its commitment is of the SHA-256 of the receipt, not of the person
 * @param what.once tells two events of one kind apart, such as the id of a grant
 */
export async function promiseConsent(
  tx: Transaction,
  personId: string,
  { event, subject, once = '' }: { event: ConsentEvent; subject?: { receiptSha256: string }; once?: string },
): Promise<void> {
  const key = `${consentKeys(personId)}${event}:${once}`;
  const [alg, value] = subject ? ['receipt', subject.receiptSha256] : ['person', personId];
  await promiseLeaf(tx, { type: 'consent', event, subject: await commit(tx, key, alg, value) }, key);
}
