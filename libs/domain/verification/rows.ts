import { CustodyEvent, VerifyReport, type Verification } from '#contracts';
import { z } from 'zod';
import type { VerificationJob } from '#platform/database';

/** States of a row that still take room in the service. */
export const UNFINISHED = ['receiving', 'queued', 'examining'];

/** A job that is not done by then is given up. */
export const OVERDUE_MS = 45 * 60_000;

const NAME_LENGTH = 255;

/** What a name must not hold: it could break out of its line, or turn round what stands beside it. */
const UNSHOWABLE = /[\p{Cc}\p{Surrogate}\u2028-\u202e\u2066-\u2069]/gu;

/** A name by a stranger as it is shown: one line, at most 255 characters; null when nothing is left. */
export function shownName(text: string | null | undefined): string | null {
  const clean = [...(text ?? '').trim().replace(UNSHOWABLE, '\ufffd')];
  return clean.slice(0, NAME_LENGTH).join('') || null;
}

/** What was done to the file so far. */
export function custodyOf(row: VerificationJob): CustodyEvent[] {
  return z.array(CustodyEvent).parse(row.custody);
}

function filesOf(row: VerificationJob): Verification['files'] {
  const link = (sha256: string | null, name: string) => (sha256 === null ? null : `/v1/verify/${row.id}/${name}`);
  return {
    json: link(row.jsonSha256, 'report.json'),
    pdf: link(row.pdfSha256, 'report.pdf'),
    bundle: link(row.bundleSha256, 'bundle.zip'),
  };
}

/** True while there is something to wait for. */
export const isUnfinished = (row: Pick<VerificationJob, 'status'>) => UNFINISHED.includes(row.status);

/** A row as the world sees it. */
export function viewOf(row: VerificationJob): Verification {
  const report = row.status === 'failed' ? null : row.report;
  return {
    object: 'verification.job',
    id: row.id,
    status: row.status === 'receiving' ? 'queued' : (row.status as Verification['status']),
    progress: row.progress,
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
    report: report === null ? null : VerifyReport.parse(report),
    files: row.status === 'completed' ? filesOf(row) : null,
    custody: custodyOf(row),
    error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '' },
  };
}

/** Which job a row waits for, with the key under which it is queued once. */
export function jobOf(row: Pick<VerificationJob, 'id' | 'url' | 'path'>): {
  job: 'url.fetch' | 'file.verify';
  payload: { id: string };
  dedupeKey: string;
} {
  const job = row.url !== null && row.path === null ? 'url.fetch' : 'file.verify';
  return { job, payload: { id: row.id }, dedupeKey: `${row.id}-${job}` };
}
