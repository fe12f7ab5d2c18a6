import type { LocalText, VerdictCode, VerifyReport } from '#contracts';
import { reasonsOf } from './reasons.js';
import { partSentence, sentenceOf, withdrawnSentence } from './sentences.js';
import {
  LOG_NOT_RUN,
  pointedTo,
  resolve,
  type RegisteredRelease,
  type Resolved,
  type VerdictInput,
} from './signals.js';

/** Row of the table in docs/verification-method.md. Row 13 stands before any of them and has no code of its own. */
const ROWS: Record<VerdictCode, number | null> = {
  released_exact: 1,
  released_repackaged: 2,
  signed_but_not_registered: 3,
  derived: 4,
  identifier_on_other_pictures: 5,
  resembles: 6,
  credentials_do_not_match_content: 7,
  credentials_on_other_content: 8,
  conflicting: 9,
  contains_ours: 10,
  signed_by_other: 11,
  no_evidence: 12,
  unable: 14,
  credentials_damaged: null,
};
const WITHDRAWN_ROW = 13;

/** Rows that two people must look at before anybody relies on them. */
const REVIEWED = new Set<VerdictCode>(['identifier_on_other_pictures', 'resembles', 'conflicting']);

/** Sentences that name a release because of what the pictures show, which may be a part of them. */
const PARTIAL = new Set<VerdictCode>(['derived', 'credentials_do_not_match_content']);
/** Seconds of other pictures that are worth telling: what lies below is the grain of the search. */
const TOLD_S = 1;

interface Decision {
  code: VerdictCode;
  release: RegisteredRelease | null;
}

const has = (list: RegisteredRelease[], release: RegisteredRelease) => list.some(({ id }) => id === release.id);
const decided = (code: VerdictCode, release: RegisteredRelease | null = null): Decision => ({ code, release });

/**
 * A row that states an origin needs the release's leaf in the public log. A lookup that failed states nothing; a leaf
 * that is missing contradicts the register.
 */
function positive(code: VerdictCode, release: RegisteredRelease, log: VerdictInput['log']): Decision {
  if (log.state === 'unable') return decided('unable', release);
  return log.state === 'missing' ? decided('conflicting') : decided(code, release);
}

/** Rows 1, 2, 3 and 9: our own valid signature. */
function ours({ credentials, log }: VerdictInput, { manifest, bytes, marked }: Resolved): Decision {
  if (!manifest || credentials.revocation === 'revoked') return decided('signed_but_not_registered', manifest);
  // The name of a released manifest on another signature: whoever made it has a key of ours, and no release.
  const { signatureSha256 } = manifest;
  if (signatureSha256 && signatureSha256 !== credentials.signatureSha256)
    return decided('signed_but_not_registered', manifest);
  const others = [credentials.softBinding, marked?.id, bytes?.id].filter((id) => id && id !== manifest.id);
  if (others.length) return decided('conflicting');
  if (log.state === 'missing') return decided('signed_but_not_registered', manifest);
  return positive(bytes ? 'released_exact' : 'released_repackaged', manifest, log);
}

/** Rows 4, 5 and 9: the identifier of a release without credentials of ours that fit. Also row 7, with them. */
function identified(code: VerdictCode, mark: RegisteredRelease, input: VerdictInput, resolved: Resolved): Decision {
  if (has(resolved.picture, mark)) return positive(code, mark, input.log);
  if (resolved.picture.length) return decided('conflicting');
  const { state } = input.fingerprint.picture;
  if (state === 'unable') return decided('unable', mark);
  return state === 'not_run' ? positive(code, mark, input.log) : decided('identifier_on_other_pictures', mark);
}

function decide(input: VerdictInput, resolved: Resolved): Decision {
  const { credentials, watermark, registered, log, fingerprint, segments } = input;
  const { manifest, bytes, picture, sound, ingredients } = resolved;
  const { state } = credentials;
  if (!registered || state === 'unable') return decided('unable');
  if (state === 'ours') return ours(input, resolved);
  if (state === 'damaged' && credentials.trustedBy === 'ours') return decided('signed_but_not_registered', manifest);
  // The registered file carries valid credentials of ours; the same bytes without them contradict the register.
  if (bytes) return decided('conflicting');
  // From here on a mark that could not be read leaves the question open.
  if (watermark.state === 'unable') return decided('unable');
  const mark = resolved.marked ?? resolved.markedParts[0] ?? null;
  const unread = [fingerprint.picture, fingerprint.sound, ...segments].some((one) => one.state === 'unable');
  // Only our own signature vouches for the soft binding; without it the manifest's name may be a forgery.
  if (state === 'mismatch' && manifest && credentials.softBinding === manifest.id) {
    if (mark && mark.id !== manifest.id) return decided('conflicting');
    if (mark) return identified('credentials_do_not_match_content', mark, input, resolved);
    if (has(picture, manifest)) return positive('credentials_do_not_match_content', manifest, log);
    return unread ? decided('unable', manifest) : decided('credentials_on_other_content', manifest);
  }
  if (state === 'other_trusted' && ingredients.length) {
    if (mark && !has(ingredients, mark)) return decided('conflicting');
    return positive('contains_ours', mark ?? ingredients[0]!, log);
  }
  if (mark) return identified('derived', mark, input, resolved);
  const alike = picture[0] ?? sound[0];
  if (alike) return decided('resembles', alike);
  if (unread) return decided('unable');
  if (state === 'other_trusted' || state === 'unknown_signer') return decided('signed_by_other');
  return state === 'none' ? decided('no_evidence') : decided('credentials_damaged');
}

/** The code alone, as `verdictOf` gives it. */
export function codeOf(input: VerdictInput): VerdictCode {
  return decide(input, resolve(input)).code;
}

const join = (texts: LocalText[]): LocalText => ({
  en: texts.map(({ en }) => en).join(' '),
  fr: texts.map(({ fr }) => fr).join(' '),
});

/**
 * The release that the log is asked for: the one that the sentence will be about, or else the one that the findings point
 * to first.
 */
export function logSubject(input: VerdictInput): RegisteredRelease | null {
  const unasked = { ...input, log: LOG_NOT_RUN };
  const resolved = resolve(unasked);
  return decide(unasked, resolved).release ?? pointedTo(resolved)[0] ?? null;
}

/** Says which seconds a sentence is about when others of the pictures do not point to its release. */
function partOf(segments: VerdictInput['segments'], release: RegisteredRelease | null): LocalText[] {
  const pictures = segments.filter(({ track }) => track === 'picture');
  const its = pictures.filter(({ state, releaseId }) => state === 'ours' && releaseId === release?.id);
  const otherS = pictures.reduce((sum, one) => sum + (its.includes(one) ? 0 : one.endS - one.startS), 0);
  return its.length > 0 && otherS > TOLD_S ? [partSentence(its)] : [];
}

/**
 * Which careful sentence the findings allow, and why (provenance research section 4.1). Pure and total. The order of the
 * rows is the order of caution: a check that failed is never read as "not found", and resemblance alone never shows
 * origin. A withdrawal is always stated first.
 */
export function verdictOf(input: VerdictInput): VerifyReport['verdict'] {
  const resolved = resolve(input);
  const { code, release } = decide(input, resolved);
  const { credentials, fingerprint, log } = input;
  const pointed = pointedTo(resolved);
  const gone: { id: string | null; at: string | null }[] = pointed.flatMap(({ id, withdrawnAt }) =>
    withdrawnAt ? { id, at: withdrawnAt } : [],
  );
  // The log speaks of the release that was found: ours to name only where there is exactly one.
  const about = release ?? (pointed.length === 1 ? pointed[0]! : null);
  if (log.state === 'withdrawn' && !gone.some(({ id }) => !about || id === about.id)) {
    gone.push({ id: about?.id ?? null, at: log.withdrawnAt });
  }
  const near = (track: 'picture' | 'sound') => !!release && has(resolved[track], release);
  const alike = { picture: near('picture'), sound: near('sound') };
  const sentence = sentenceOf(code, {
    release,
    alike,
    compared: alike.picture || ['near', 'none'].includes(fingerprint.picture.state),
    listed: credentials.state === 'other_trusted',
  });
  const withdrawals = gone.map(({ id, at }) => withdrawnSentence(id, at));
  return {
    row: gone.length ? WITHDRAWN_ROW : ROWS[code],
    code,
    text: join([...withdrawals, sentence, ...(PARTIAL.has(code) ? partOf(input.segments, release) : [])]),
    why: reasonsOf(code, input, resolved),
    release: release ? { id: release.id, releasedAt: release.releasedAt } : null,
    withdrawnAt: gone.find(({ id }) => !release || id === release.id)?.at ?? null,
    needsReview: REVIEWED.has(code),
  };
}
