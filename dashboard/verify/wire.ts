import type { Verification, VerifyReport } from '#contracts';
import { Offline, pause, request, send } from '../shared/wire.js';
import { Fault, faultOf } from './fault.js';

const VERIFY = '/v1/verify';
/** Between two questions; the service answers most files within the first. */
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 1500;
/** A phone changes networks; that is no reason to give up. */
const MAX_LOST_ANSWERS = 8;

/** What is to be examined. */
export type Submission = { kind: 'file'; file: File } | { kind: 'address'; url: string };

/** The answer of a service that examines at once is a report; otherwise it is a job. */
function answerOf(body: unknown): Verification | VerifyReport {
  const kind = (body as { object?: unknown } | null)?.object;
  if (kind === 'verification.job') return body as Verification;
  if (kind === 'verification') return body as VerifyReport;
  throw new Fault('service');
}

const lost = (e: unknown): never => {
  throw e instanceof Offline ? new Fault('offline') : e;
};

async function ask(path: string, init: RequestInit, sent: 'address' | null = null): Promise<unknown> {
  const answer = await request(path, init).catch(lost);
  if (answer.ok) return answer.body;
  throw faultOf(answer.status, answer.body, answer.retryAfter, sent);
}

async function upload(file: File, sent: (share: number) => void, signal: AbortSignal): Promise<unknown> {
  const form = new FormData();
  form.append('file', file, file.name);
  const answer = await send(VERIFY, form, { prefer: 'respond-async' }, sent, signal).catch(lost);
  if (answer.ok) return answer.body;
  throw faultOf(answer.status, answer.body, answer.retryAfter, 'file');
}

/**
 * Hands in what is to be examined.
 * @param sent called with the share of the file that was sent, 0 to 1
 * @throws Fault where the service refuses or cannot be reached
 */
export async function submit(
  what: Submission,
  sent: (share: number) => void,
  signal: AbortSignal,
): Promise<Verification | VerifyReport> {
  if (what.kind === 'file') return answerOf(await upload(what.file, sent, signal));
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-async' },
    body: JSON.stringify({ url: what.url }),
    signal,
  };
  return answerOf(await ask(VERIFY, init, 'address'));
}

/**
 * Asks for a job until it has ended.
 * @param seen called with each answer
 * @throws Fault `gone` where the job is not kept any more, `offline` where answers stay away
 */
export async function follow(
  id: string,
  seen: (job: Verification) => void,
  signal: AbortSignal,
): Promise<Verification> {
  let wait = FIRST_WAIT_MS;
  let missed = 0;
  for (;;) {
    try {
      const job = answerOf(await ask(jobPath(id), { signal }));
      if (job.object !== 'verification.job') throw new Fault('service');
      seen(job);
      if (job.status === 'completed' || job.status === 'failed') return job;
      missed = 0;
    } catch (e) {
      if (!(e instanceof Fault) || !['offline', 'rate', 'busy'].includes(e.kind) || ++missed > MAX_LOST_ANSWERS)
        throw e;
      wait = Math.max(wait, (e.retryAfterS ?? 0) * 1000);
    }
    await pause(wait, signal);
    wait = Math.min(wait * 1.4, LONGEST_WAIT_MS);
  }
}

/** Deletes a job with its report and files. One that is gone already is as well. @throws Fault */
export async function remove(id: string): Promise<void> {
  await ask(jobPath(id), { method: 'DELETE' }).catch((e: unknown) => {
    if (!(e instanceof Fault) || e.kind !== 'gone') throw e;
  });
}

/** Sends what the reader thinks of the answer. @throws Fault */
export async function sendFeedback(id: string, helpful: boolean, comment: string): Promise<void> {
  await ask(`${jobPath(id)}/feedback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ helpful, ...(comment && { comment }) }),
  });
}

/** Address of a job, or of one of its files. */
export function jobPath(id: string, file?: 'report.json' | 'report.pdf' | 'bundle.zip'): string {
  return [VERIFY, encodeURIComponent(id), ...(file ? [file] : [])].join('/');
}
