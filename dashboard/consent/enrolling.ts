import { useCallback, useEffect, useRef, useState } from 'react';
import type { EnrolRelease, EnrolView, LivenessChallenge } from '#contracts';
import { asFault, type Fault } from '../shared/fault.js';
import { challenge, enrolment, judged, release, sendRecording } from './wire.js';

/** What the page is doing. */
export type Stage =
  | { at: 'loading' }
  | { at: 'fault'; fault: Fault; again: () => void }
  | { at: 'notice' | 'declined' | 'ready' | 'failed' | 'over' | 'expired' | 'checking'; view: EnrolView }
  | { at: 'camera' | 'file'; view: EnrolView; challenge: LivenessChallenge }
  | { at: 'sending'; view: EnrolView; share: number }
  | { at: 'done'; person: NonNullable<EnrolView['person']> };

/** A recording that the person wants to send. */
export interface Taken {
  file: File;
  mirrored: boolean;
}

/** What a person can do. */
export interface Enrolling {
  stage: Stage;
  /** @throws Fault where the service does not take it */
  agree: (body: EnrolRelease) => Promise<void>;
  decline: () => void;
  /** Goes back to what the service knows. */
  reload: () => void;
  /** Fetches a new challenge and goes to the camera or the file. */
  begin: (how: 'camera' | 'file', calm: boolean) => void;
  /** Between camera and file, with the same challenge. */
  turn: (how: 'camera' | 'file') => void;
  prepare: () => void;
  hand: (what: Taken) => void;
}

const DONE = 'consent-done';

/** The person is told once; a page that is loaded again must still know. */
function remembered(person: EnrolView['person']): EnrolView['person'] {
  try {
    if (person) sessionStorage.setItem(DONE, JSON.stringify(person));
    return person ?? (JSON.parse(sessionStorage.getItem(DONE) ?? 'null') as EnrolView['person']);
  } catch {
    return person;
  }
}

function stageOf(view: EnrolView): Stage {
  if (view.state === 'done') {
    const person = remembered(view.person);
    return person ? { at: 'done', person } : { at: 'expired', view };
  }
  if (view.state === 'expired') return { at: 'expired', view };
  if (view.state === 'failed' || view.tries_left <= 0) return { at: 'over', view };
  if (view.state === 'open') return { at: 'notice', view };
  if (view.state === 'checking') return { at: 'checking', view };
  return view.result && !view.result.passed ? { at: 'failed', view } : { at: 'ready', view };
}

/** One enrolment, from the notice to its end. */
export function useEnrolling(secret: string): Enrolling {
  const [stage, setStage] = useState<Stage>({ at: 'loading' });
  const running = useRef<AbortController | null>(null);

  const run = useCallback((work: (signal: AbortSignal) => Promise<Stage>, again: () => void) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    work(controller.signal).then(
      (next) => !controller.signal.aborted && setStage(next),
      (e: unknown) => !controller.signal.aborted && setStage({ at: 'fault', fault: asFault(e), again }),
    );
  }, []);

  const reload = useCallback(() => {
    setStage({ at: 'loading' });
    run(async (signal) => {
      const view = await enrolment(secret, signal);
      if (view.state !== 'checking') return stageOf(view);
      setStage({ at: 'checking', view });
      return stageOf(await judged(secret, signal));
    }, reload);
  }, [run, secret]);

  useEffect(() => {
    reload();
    return () => running.current?.abort();
  }, [reload]);

  const withView = (change: (view: EnrolView) => void) => 'view' in stage && change(stage.view);
  return {
    stage,
    reload,
    agree: async (body) => {
      await release(secret, body);
      const view = await enrolment(secret);
      setStage(stageOf(view));
    },
    decline: () => withView((view) => setStage({ at: 'declined', view })),
    prepare: () => withView((view) => setStage({ at: 'ready', view })),
    begin: (how, calm) => {
      const start = (view: EnrolView) =>
        run(
          async () => ({ at: how, view, challenge: await challenge(secret, { pace: calm ? 'calm' : 'usual' }) }),
          () => start(view),
        );
      withView(start);
    },
    turn: (how) => (stage.at === 'camera' || stage.at === 'file') && setStage({ ...stage, at: how }),
    hand: (what) => {
      const go = (view: EnrolView) => {
        setStage({ at: 'sending', view, share: 0 });
        run(
          async (signal) => {
            await sendRecording(secret, what, (share) => setStage({ at: 'sending', view, share }), signal);
            setStage({ at: 'checking', view });
            return stageOf(await judged(secret, signal));
          },
          () => go(view),
        );
      };
      withView(go);
    },
  };
}
