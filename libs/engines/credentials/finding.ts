import { type CredentialsFinding } from '#contracts';
import { type SignatureEvidence } from './evidence.js';
import { ingredientsOf } from './ingredients.js';
import { codesOf, signerOf, type LibraryReport } from './report.js';
import { softBindingIn, standingOf, type Standing } from './standing.js';
import { cleanText } from './text.js';
import { type TrustSettings } from './types.js';

const CONTENT_HASH_MISMATCHES = new Set([
  'assertion.bmffHash.mismatch',
  'assertion.dataHash.mismatch',
  'assertion.boxesHash.mismatch',
  'assertion.collectionHash.mismatch',
]);
const MAX_CODES = 64;
/** Longest address that is shown. */
const MAX_ADDRESS = 2000;

/**
 * A finding without a readable manifest.
 * @param remote address of a manifest that is kept elsewhere
 */
export function findingWithout(
  state: 'none' | 'damaged' | 'unable',
  detail?: string,
  remote: string | null = null,
): CredentialsFinding {
  const text = cleanText(detail);
  return {
    state,
    manifestId: null,
    signer: null,
    signedAt: null,
    softBinding: null,
    codes: [],
    revocation: 'not_checked',
    signatureSha256: null,
    signerCertificateSha256: null,
    trustedBy: null,
    ingredients: [],
    remoteManifest: cleanText(remote, MAX_ADDRESS) || null,
    ...(text && { detail: text }),
  };
}

type Verdict = Pick<CredentialsFinding, 'state'> & { detail?: string };

/** Codes of the library's report on the active manifest. */
interface Codes {
  success: string[];
  notes: string[];
  failure: string[];
}

const JUDGED: Record<Standing, Verdict | null> = {
  ours: { state: 'ours' },
  stranger: null,
  unregistered: {
    state: 'unknown_signer',
    detail: 'Issued under our root, but to a signer that is not registered.',
  },
  unstamped: { state: 'damaged', detail: 'Signed with our certificate, but without a trusted time stamp.' },
  revoked: {
    state: 'damaged',
    detail: 'Signed with our certificate, but not stamped before it was compromised.',
  },
  outside: { state: 'damaged', detail: 'Signed with our certificate, but at a time when it was not in use.' },
};

const isAboutSigner = (code: string) => code.startsWith('signingCredential.') || code.startsWith('timeStamp.');

/** The signature holds and the manifest is whole, but the pictures or sound are not those that were signed. */
function isContentMismatch({ success, failure }: Codes): boolean {
  return (
    success.includes('claimSignature.validated') &&
    failure.some((code) => CONTENT_HASH_MISMATCHES.has(code)) &&
    failure.every((code) => CONTENT_HASH_MISMATCHES.has(code) || isAboutSigner(code))
  );
}

function judge(state: string, codes: Codes, evidence: SignatureEvidence | null): Verdict {
  if (state === 'Trusted' && codes.failure.length === 0) {
    if (!evidence?.signed || !evidence.intact) return { state: 'unknown_signer' };
    const verdict = JUDGED[standingOf(evidence)];
    if (verdict?.state === 'ours' && evidence.leaf?.compromisedAt) {
      const detail = 'The signing certificate was revoked later; the trusted time lies before its compromise.';
      return { ...verdict, detail };
    }
    // The library knows one list of anchors; a root for time stamps or an ambiguous file vouches for nobody.
    return verdict ?? { state: evidence.anchoredOther ? 'other_trusted' : 'unknown_signer' };
  }
  if (isContentMismatch(codes)) return { state: 'mismatch' };
  if (state === 'Valid') return { state: 'unknown_signer' };
  return { state: 'damaged' };
}

function revocationOf(
  { success, failure }: Codes,
  evidence: SignatureEvidence | null,
): CredentialsFinding['revocation'] {
  const standing = evidence ? standingOf(evidence) : 'stranger';
  if (standing === 'revoked' || failure.includes('signingCredential.ocsp.revoked')) return 'revoked';
  const asked = standing !== 'stranger' && evidence?.leaf?.compromisedAt !== undefined;
  return asked || success.includes('signingCredential.ocsp.notRevoked') ? 'checked' : 'not_checked';
}

/** Nobody answers for a statement that was changed after it was signed. */
function trustedBy(codes: Codes, evidence: SignatureEvidence): CredentialsFinding['trustedBy'] {
  const { failure } = codes;
  const whole = evidence.intact && (failure.every(isAboutSigner) || isContentMismatch(codes));
  if (!evidence.signed || !whole) return 'nobody';
  const standing = standingOf(evidence);
  if (standing !== 'stranger' && standing !== 'unregistered') return 'ours';
  return evidence.anchoredOther ? 'list' : 'nobody';
}

/** Codes for people. The library calls a time trusted by any anchor it knows; we have a list for times. */
function statedCodes({ success, notes, failure }: Codes, deltas: string[], timeTrusted: boolean): string[] {
  const untrusted = !timeTrusted && success.includes('timeStamp.trusted');
  const all = [...failure, ...deltas, ...(untrusted ? ['timeStamp.untrusted'] : []), ...notes, ...success];
  return [...new Set(all)].filter((code) => !untrusted || code !== 'timeStamp.trusted').slice(0, MAX_CODES);
}

/**
 * Puts the library's report and our own examination together. Time, release id and trust are stated only where our own
 * checks support them.
 * @param examine our own examination of the manifest with a label; null when it cannot be examined
 */
export function findingFrom(
  report: LibraryReport,
  label: string,
  examine: (label: string) => SignatureEvidence | null,
  trust: TrustSettings,
  remote: string | null = null,
): CredentialsFinding {
  const active = report.validation_results?.activeManifest ?? {};
  const deltas = (report.validation_results?.ingredientDeltas ?? []).flatMap((one) =>
    codesOf(one.validationDeltas?.failure),
  );
  const codes = {
    success: codesOf(active.success),
    notes: codesOf(active.informational),
    failure: codesOf(active.failure),
  };
  const evidence = examine(label);
  const verdict = judge(report.validation_state ?? '', codes, evidence);
  const trusted = evidence && trustedBy(codes, evidence);
  const revocation = revocationOf(codes, evidence);
  const time = codes.success.includes('timeStamp.trusted') ? (evidence?.trustedTime ?? null) : null;
  const ingredients = ingredientsOf(report, label, examine, trust);
  const faults =
    ingredients.faults.length > 0 && `The credentials of an ingredient do not hold: ${ingredients.faults.join(', ')}.`;
  return {
    ...findingWithout('none', [verdict.detail, faults].filter(Boolean).join(' '), remote),
    state: verdict.state,
    manifestId: cleanText(label) || null,
    signer: signerOf(report.manifests?.[label]),
    signedAt: time?.toISOString() ?? null,
    softBinding: evidence && trusted === 'ours' && revocation !== 'revoked' ? softBindingIn(evidence, trust) : null,
    codes: statedCodes(codes, deltas, time !== null),
    revocation,
    signatureSha256: evidence?.signed ? evidence.signedSha256 : null,
    signerCertificateSha256: evidence?.signed ? evidence.leafSha256 : null,
    trustedBy: trusted,
    ingredients: ingredients.list,
  };
}
