import type { VerifyReport } from '#contracts';
import type { BindingKind } from './algorithms.js';
import { BindingError, undecided } from './errors.js';

/** A release that something points to. */
export interface Found {
  releaseId: string;
  /** 0 to 100; null where the pictures could not be compared. */
  score: number | null;
}

type Findings = Pick<VerifyReport, 'watermark' | 'fingerprint' | 'segments' | 'registry'>;

/** Share of the file's pictures that are a release's, by fingerprint, 0 to 1. */
function shareOf({ fingerprint: { picture }, segments }: Findings, releaseId: string): number {
  if (picture.state === 'near' && picture.releaseId === releaseId) return picture.share ?? 0;
  const pictures = segments.filter(({ track }) => track === 'picture');
  const own = pictures.filter((one) => one.releaseId === releaseId && one.by.includes('fingerprint'));
  const length = own.reduce((sum, { startS, endS }) => sum + endS - startS, 0);
  return length / Math.max(...pictures.map(({ endS }) => endS), length, 1e-6);
}

/** A mark alone says little: it can be lifted into other pictures. Alike pictures beside it say that it belongs there. */
function scoreOf(findings: Findings, releaseId: string, { marked, same }: { marked: boolean; same: boolean }) {
  if (same) return 100;
  const share = shareOf(findings, releaseId);
  if (share > 0) return marked ? 100 : Math.max(1, Math.round(100 * share));
  const { state } = findings.fingerprint.picture;
  return state === 'near' || state === 'none' ? 0 : null;
}

/**
 * Releases that an examined file leads to, best first; those without a score come last.
 * @param kind only what this kind of binding, or equal bytes, say
 */
export function foundIn(findings: Findings, kind?: BindingKind): Found[] {
  const { watermark, fingerprint, segments, registry } = findings;
  const pictures = segments.filter(({ track, state }) => track === 'picture' && state === 'ours');
  const by = (one: BindingKind) => pictures.filter((piece) => piece.by.includes(one)).map(({ releaseId }) => releaseId);
  const same = registry.by === 'sha256' ? registry.releaseId : null;
  const marked = watermark.state === 'found' ? watermark.releaseId : null;
  const near = fingerprint.picture.state === 'near' ? fingerprint.picture.releaseId : null;
  const marks = kind === 'fingerprint' ? [] : [marked, ...by('watermark')];
  const prints = kind === 'watermark' ? [] : [near, ...by('fingerprint')];
  const ids = new Set([same, ...marks, ...prints].filter((id) => id !== null));
  return Array.from(ids, (releaseId) => ({
    releaseId,
    score: scoreOf(findings, releaseId, { marked: releaseId === marked, same: releaseId === same }),
  })).sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
}

/**
 * "No match" is said only by checks that were made.
 * @throws BindingError `content_not_examined` when the pictures could not be looked at; `matches_undecided` when they could
 * not be compared, or the register could not be asked
 */
export function assertDecided({ watermark, fingerprint, registry }: Findings, kind?: BindingKind): void {
  if (watermark.state === 'unable') {
    const message =
      'The pictures of this file could not be examined: it is damaged, of a kind that is not decoded here, or too long.';
    throw new BindingError('invalid', 'content_not_examined', message);
  }
  if (registry.state === 'unable') throw undecided();
  if (kind !== 'watermark' && fingerprint.picture.state === 'unable') throw undecided();
}
