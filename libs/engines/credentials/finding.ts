import { type CredentialsFinding } from '#contracts';
import { serialOf } from './certificates.js';
import { type SignatureEvidence } from './evidence.js';
import { releaseIdOf, SOFT_BINDING_ALG } from './soft-binding.js';
import { type TrustSettings } from './types.js';

/** The parts of the C2PA library's report that are used here; everything in it is text by whoever made the file. */
export interface LibraryReport {
  validation_state?: string;
  manifests?: Record<string, LibraryManifest>;
  validation_results?: {
    activeManifest?: { success?: Status[]; informational?: Status[]; failure?: Status[] };
    ingredientDeltas?: { validationDeltas?: { failure?: Status[] } }[];
  };
}
interface Status {
  code?: unknown;
}
interface LibraryManifest {
  assertions?: { label?: unknown; data?: unknown }[];
  ingredients?: { validation_status?: Status[]; validation_results?: { activeManifest?: { failure?: Status[] } } }[];
  signature_info?: { issuer?: unknown; common_name?: unknown };
}

const CONTENT_HASH_MISMATCHES = new Set([
  'assertion.bmffHash.mismatch',
  'assertion.dataHash.mismatch',
  'assertion.boxesHash.mismatch',
  'assertion.collectionHash.mismatch',
]);
const MAX_TEXT = 200;
const MAX_CODES = 64;

/** Text from a file: control, format and private characters removed, at most 200 characters. */
export function cleanText(value: unknown): string {
  return typeof value === 'string'
    ? [...value.slice(0, 4 * MAX_TEXT).replace(/\p{C}/gu, '')].slice(0, MAX_TEXT).join('')
    : '';
}

function codesOf(statuses: Status[] | undefined): string[] {
  return (Array.isArray(statuses) ? statuses : []).map((status) => cleanText(status.code)).filter(Boolean);
}

/** What is not known of a file. */
const NOT_STATED = {
  signatureSha256: null,
  signerCertificateSha256: null,
  trustedBy: null,
  ingredients: [],
  remoteManifest: null,
};

/** A finding without a readable manifest. */
export function findingWithout(state: 'none' | 'damaged' | 'unable', detail?: string): CredentialsFinding {
  const empty = { manifestId: null, signer: null, signedAt: null, softBinding: null, codes: [] };
  const text = cleanText(detail);
  return { state, ...empty, ...NOT_STATED, revocation: 'not_checked', ...(text && { detail: text }) };
}

type Verdict = Pick<CredentialsFinding, 'state' | 'revocation'> & { detail?: string };

function judgeOurs(evidence: SignatureEvidence, success: string[], trust: TrustSettings): Verdict {
  const stamped = success.includes('timeStamp.trusted') && success.includes('timeStamp.validated');
  const time = stamped ? evidence.trustedTime : null;
  if (!evidence.leafRegistered) {
    return {
      state: 'unknown_signer',
      revocation: 'not_checked',
      detail: 'Issued under our root, but to a signer that is not registered.',
    };
  }
  const entry = trust.revoked?.find((one) => serialOf(one.serialHex) === evidence.serialHex);
  if (!time) {
    const revocation = entry ? 'revoked' : 'not_checked';
    return { state: 'damaged', revocation, detail: 'Signed with our certificate, but without a trusted time stamp.' };
  }
  // An entry with a date that cannot be read revokes everything.
  if (entry && !(time < new Date(entry.compromisedAt))) {
    return {
      state: 'damaged',
      revocation: 'revoked',
      detail: 'Stamped after the signing certificate was compromised.',
    };
  }
  const detail = entry && 'The signing certificate was revoked later; the trusted time lies before its compromise.';
  return { state: 'ours', revocation: trust.revoked ? 'checked' : 'not_checked', ...(detail && { detail }) };
}

/** The signature holds and the manifest is whole, but the pictures or sound are not those that were signed. */
function isContentMismatch(success: string[], failure: string[]): boolean {
  const aboutSigner = (code: string) => code.startsWith('signingCredential.') || code.startsWith('timeStamp.');
  return (
    success.includes('claimSignature.validated') &&
    failure.some((code) => CONTENT_HASH_MISMATCHES.has(code)) &&
    failure.every((code) => CONTENT_HASH_MISMATCHES.has(code) || aboutSigner(code))
  );
}

function judge(
  state: string,
  success: string[],
  failure: string[],
  evidence: SignatureEvidence | null,
  trust: TrustSettings,
): Verdict {
  const revoked = failure.includes('signingCredential.ocsp.revoked');
  const stapled = success.includes('signingCredential.ocsp.notRevoked');
  const revocation = revoked ? 'revoked' : stapled ? 'checked' : 'not_checked';
  if (state === 'Trusted' && failure.length === 0) {
    if (evidence?.signed && evidence.anchoredOurs) return judgeOurs(evidence, success, trust);
    // The library knows one list of anchors; a root for time stamps or an ambiguous file vouches for nobody.
    return { state: evidence?.anchoredOther ? 'other_trusted' : 'unknown_signer', revocation };
  }
  if (isContentMismatch(success, failure)) return { state: 'mismatch', revocation };
  if (state === 'Valid') return { state: 'unknown_signer', revocation };
  return { state: 'damaged', revocation };
}

function softBindingOf(manifest: LibraryManifest, algorithms: readonly string[]): string | null {
  const ids = new Set<string>();
  for (const { label, data } of manifest.assertions ?? []) {
    if (typeof label !== 'string' || !/^c2pa\.soft-binding(__\d+)?$/.test(label)) continue;
    const { alg, blocks } = (data ?? {}) as { alg?: unknown; blocks?: { value?: unknown }[] };
    if (typeof alg !== 'string' || !algorithms.includes(alg) || !Array.isArray(blocks)) continue;
    for (const block of blocks) ids.add(releaseIdOf(block?.value) ?? 'malformed');
  }
  const [id] = ids;
  return ids.size === 1 && id !== 'malformed' ? id! : null;
}

function brokenIngredients(manifest: LibraryManifest): string[] {
  return (manifest.ingredients ?? [])
    .flatMap((one) => [...codesOf(one.validation_status), ...codesOf(one.validation_results?.activeManifest?.failure)])
    .filter((code) => code !== 'signingCredential.untrusted');
}

function signerOf(info: LibraryManifest['signature_info']): string | null {
  const [name, organisation] = [cleanText(info?.common_name), cleanText(info?.issuer)];
  return cleanText(name && organisation ? `${name} (${organisation})` : name || organisation) || null;
}

/** The time and the release id are stated only where our own checks support them. */
export function findingFrom(
  report: LibraryReport,
  label: string,
  evidence: SignatureEvidence | null,
  trust: TrustSettings,
): CredentialsFinding {
  const active = report.validation_results?.activeManifest ?? {};
  const deltas = (report.validation_results?.ingredientDeltas ?? []).flatMap((one) =>
    codesOf(one.validationDeltas?.failure),
  );
  const [success, notes, failure] = [codesOf(active.success), codesOf(active.informational), codesOf(active.failure)];
  const manifest = report.manifests?.[label] ?? {};
  const verdict = judge(report.validation_state ?? '', success, failure, evidence, trust);
  const signatureOurs = Boolean(evidence?.signed && evidence.anchoredOurs && evidence.leafRegistered);
  const intact = failure.every((code) => CONTENT_HASH_MISMATCHES.has(code));
  const stamped = success.includes('timeStamp.trusted');
  const broken = brokenIngredients(manifest);
  const detail = cleanText(
    [
      verdict.detail,
      broken.length > 0 && `An ingredient was already broken when it was added: ${[...new Set(broken)].join(', ')}.`,
    ]
      .filter(Boolean)
      .join(' '),
  );
  return {
    ...NOT_STATED,
    state: verdict.state,
    manifestId: cleanText(label) || null,
    signer: signerOf(manifest.signature_info),
    signedAt: stamped && evidence?.trustedTime ? evidence.trustedTime.toISOString() : null,
    softBinding:
      signatureOurs && intact ? softBindingOf(manifest, trust.ours.softBindingAlgs ?? [SOFT_BINDING_ALG]) : null,
    codes: [...new Set([...failure, ...deltas, ...notes, ...success])].slice(0, MAX_CODES),
    revocation: verdict.revocation,
    ...(detail && { detail }),
  };
}
