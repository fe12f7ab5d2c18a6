import { useCallback, useEffect, useRef, useState, type Dispatch, type SetStateAction } from 'react';
import type { Verification, VerifyReport } from '#contracts';
import { Fault, faultOfJob } from './fault.js';
import { follow, remove, submit, type Submission } from './wire.js';

/** What the page is doing. `coming`: the report's files are still being made. */
export type Phase =
  | { at: 'start' }
  | { at: 'sending'; name: string; share: number }
  | { at: 'waiting'; name: string; job: Verification | null }
  | { at: 'done'; report: VerifyReport; job: Verification | null; file: File | null; kept: boolean; coming: boolean }
  | { at: 'fault'; fault: Fault; again: Submission | null };

/** What a reader can do. */
export interface Session {
  phase: Phase;
  examine: (what: Submission) => void;
  /** Stops the examination that runs and goes back to the start. */
  leave: () => void;
  /** Deletes the report at the service; it stays on the screen. @throws Fault */
  forget: () => Promise<void>;
}

/** The id stands behind `#`: browsers do not send that part, and a page that is loaded again finds its report. */
const idInAddress = () => /^#(ver_[\w-]{1,100})$/.exec(location.hash)?.[1] ?? null;

function showId(id: string | null): void {
  history.replaceState(null, '', `${location.pathname}${location.search}${id ? `#${id}` : ''}`);
}

const nameOf = (what: Submission) => (what.kind === 'file' ? what.file.name : what.url);

function precheck(what: Submission, maxBytes: number): void {
  if (what.kind === 'file') {
    if (what.file.size === 0) throw new Fault('empty');
    if (what.file.size > maxBytes) throw new Fault('too_large');
  } else if (!/^https?:\/\/[^\s/]+/i.test(what.url) || !URL.canParse(what.url)) throw new Fault('address');
}

/** Shows a job to its end. Its report comes before its files and does not change: it stays, whatever becomes of them. */
async function showJob(
  id: string,
  name: string,
  what: Submission | null,
  setPhase: Dispatch<SetStateAction<Phase>>,
  signal: AbortSignal,
): Promise<void> {
  const file = what?.kind === 'file' ? what.file : null;
  let report: VerifyReport | null = null;
  const show = (job: Verification) => {
    if (signal.aborted) return;
    report ??= job.report;
    if (report) setPhase({ at: 'done', report, job, file, kept: true, coming: job.status !== 'completed' });
    else setPhase({ at: 'waiting', name, job });
  };
  const job = await follow(id, show, signal).catch((e: unknown) => {
    if (!report || signal.aborted) throw e;
    setPhase((now) => (now.at === 'done' ? { ...now, coming: false } : now));
    return null;
  });
  if (job && !job.report) throw faultOfJob(job.error, what?.kind ?? null);
}

/** One examination after the other. @param maxBytes largest file that is sent at all */
export function useSession(maxBytes: number): Session {
  const [phase, setPhase] = useState<Phase>({ at: 'start' });
  const running = useRef<AbortController | null>(null);
  const id = useRef<string | null>(null);

  const run = useCallback((work: (signal: AbortSignal) => Promise<void>, again: Submission | null) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    work(controller.signal).catch((e: unknown) => {
      if (controller.signal.aborted) return;
      if (e instanceof Fault && e.kind === 'gone') showId(null);
      setPhase({ at: 'fault', fault: e instanceof Fault ? e : new Fault('service'), again });
    });
  }, []);

  const finish = useCallback(async (jobId: string, name: string, what: Submission | null, signal: AbortSignal) => {
    id.current = jobId;
    showId(jobId);
    await showJob(jobId, name, what, setPhase, signal);
  }, []);

  const examine = useCallback(
    (what: Submission) =>
      run(async (signal) => {
        id.current = null;
        showId(null);
        precheck(what, maxBytes);
        const name = nameOf(what);
        setPhase(what.kind === 'file' ? { at: 'sending', name, share: 0 } : { at: 'waiting', name, job: null });
        const sent = (share: number) =>
          setPhase(share < 1 ? { at: 'sending', name, share } : { at: 'waiting', name, job: null });
        const answer = await submit(what, sent, signal);
        if (answer.object === 'verification.job') return finish(answer.id, name, what, signal);
        const file = what.kind === 'file' ? what.file : null;
        setPhase({ at: 'done', report: answer, job: null, file, kept: false, coming: false });
      }, what),
    [run, finish, maxBytes],
  );

  useEffect(() => {
    const open = () => {
      const given = idInAddress();
      if (given && given !== id.current) run((signal) => finish(given, '', null, signal), null);
    };
    open();
    addEventListener('hashchange', open);
    return () => removeEventListener('hashchange', open);
  }, [run, finish]);

  const leave = useCallback(() => {
    running.current?.abort();
    // A job that nobody waits for is deleted; whether that worked changes nothing for the reader.
    if (id.current && phase.at === 'waiting') remove(id.current).catch(() => undefined);
    id.current = null;
    showId(null);
    setPhase({ at: 'start' });
  }, [phase.at]);

  const forget = useCallback(async () => {
    if (id.current) await remove(id.current);
    running.current?.abort();
    id.current = null;
    showId(null);
    setPhase((now) => (now.at === 'done' ? { ...now, kept: false, coming: false } : now));
  }, []);

  return { phase, examine, leave, forget };
}
