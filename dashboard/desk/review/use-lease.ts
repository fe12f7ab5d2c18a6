import { useEffect, useRef, useState } from 'react';
import type { CaseView, HeartbeatReceipt } from '#contracts';
import { useDeskEvents } from '../events.js';
import { DeskError } from '../wire.js';
import { beat, forget, heldOf, takeCase } from './leases.js';
import type { Watch } from './watch.js';

/** How it stands with a case that may be ours. */
export interface Lease {
  mine: boolean;
  until: string | null;
  /** It was ours and is not any more. */
  lost: boolean;
  viewers: number;
  exposure: HeartbeatReceipt['exposure'] | null;
  error: unknown;
  take(): Promise<void>;
}

/** Somebody looks: the page is in front and has the keyboard. */
const looking = () => document.visibilityState === 'visible' && document.hasFocus();

const FALLBACK_S = 10;

/** Keeps a case for as long as somebody looks at it, and tells what was seen. */
export function useLease(view: CaseView, watch: Watch, reload: () => void): Lease {
  const { id } = view;
  const [until, setUntil] = useState(heldOf(id)?.until ?? null);
  const [lost, setLost] = useState(false);
  const [viewers, setViewers] = useState(view.viewers.length);
  const [exposure, setExposure] = useState<Lease['exposure']>(null);
  const [error, setError] = useState<unknown>(null);
  const lose = () => {
    forget(id);
    setUntil(null);
    setLost(true);
  };
  const take = async () => {
    try {
      setUntil((await takeCase(id)).until);
      setLost(false);
      setError(null);
      reload();
    } catch (e) {
      setError(e);
    }
  };
  const report = async () => {
    if (!heldOf(id) || !looking()) return;
    const seen = watch.take();
    try {
      const receipt = await beat(id, seen);
      setUntil(receipt.until);
      setViewers(receipt.viewers.length);
      setExposure(receipt.exposure);
    } catch (e) {
      watch.giveBack(seen);
      if (e instanceof DeskError && e.code === 'lease_lost') lose();
    }
  };
  const latest = useRef({ report, take });
  useEffect(() => {
    latest.current = { report, take };
  });

  // The page was loaded anew: the lease is ours, its token was in the memory of the page before.
  useEffect(() => {
    if (!heldOf(id) && view.lease?.mine && view.may.watch) void latest.current.take();
  }, [id, view.lease?.mine, view.may.watch]);

  useEffect(() => {
    const every = (heldOf(id)?.heartbeat_s ?? FALLBACK_S) * 1000;
    const timer = setInterval(() => void latest.current.report(), every);
    const back = () => void latest.current.report();
    window.addEventListener('focus', back);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', back);
    };
  }, [id]);

  useDeskEvents((event) => {
    if (!('case_id' in event) || event.case_id !== id) return;
    if (event.type === 'presence') setViewers(event.viewers);
    else if (event.type === 'lease.lost' && heldOf(id)) lose();
    else if (event.type === 'case.changed' && !heldOf(id)) reload();
  });

  return { mine: until !== null && !lost, until, lost, viewers, exposure, error, take };
}
