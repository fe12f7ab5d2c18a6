import { useCallback, useEffect, useState } from 'react';
import type { GuardianTeen } from '#contracts';
import { asFault, type Fault } from '../shared/fault.js';
import { pause } from '../shared/wire.js';
import { links as fetchLinks } from './wire.js';

const POLL_MS = 3000;

/** What the page knows of the guardian's links. */
export type LinksStage = { at: 'loading' } | { at: 'fault'; fault: Fault } | { at: 'here'; teens: GuardianTeen[] };

/** The guardian's links, and which one is looked at. */
export interface Links {
  stage: LinksStage;
  chosen: string | null;
  choose: (id: string | null) => void;
  reload: () => void;
  refresh: () => Promise<void>;
}

/** The one that is shown at once: the only one that is not over, or one that waits for its number. */
function firstOf(teens: readonly GuardianTeen[]): string | null {
  const living = teens.filter(({ state }) => state !== 'ended');
  return living.find(({ state }) => state === 'accepted')?.id ?? (living.length === 1 ? living[0]!.id : null);
}

/** All links of a guardian; while one waits for its number, they are asked for again and again. */
export function useLinks(secret: string): Links {
  const [stage, setStage] = useState<LinksStage>({ at: 'loading' });
  const [chosen, choose] = useState<string | null>(null);
  const refresh = useCallback(
    () =>
      fetchLinks(secret).then(
        (teens) => setStage({ at: 'here', teens }),
        (e: unknown) => setStage({ at: 'fault', fault: asFault(e) }),
      ),
    [secret],
  );
  const reload = useCallback(() => {
    setStage({ at: 'loading' });
    fetchLinks(secret).then(
      (teens) => {
        setStage({ at: 'here', teens });
        choose(firstOf(teens));
      },
      (e: unknown) => setStage({ at: 'fault', fault: asFault(e) }),
    );
  }, [secret]);
  useEffect(reload, [reload]);

  const waiting = stage.at === 'here' && stage.teens.some(({ state }) => state === 'accepted');
  useEffect(() => {
    if (!waiting) return;
    const controller = new AbortController();
    const { signal } = controller;
    const poll = async () => {
      for (;;) {
        await pause(POLL_MS, signal);
        // A lost answer changes nothing on the screen; the next one comes soon.
        const teens = await fetchLinks(secret, signal).catch(() => null);
        if (teens && !signal.aborted) setStage({ at: 'here', teens });
      }
    };
    poll().catch(() => undefined);
    return () => controller.abort();
  }, [waiting, secret]);

  return { stage, chosen, choose, reload, refresh };
}
