import { useState } from 'react';
import { useNavigate } from 'react-admin';
import { useQueryClient } from '@tanstack/react-query';
import type { CaseView } from '#contracts';
import { useWords } from '../i18n.js';
import { DeskError } from '../wire.js';
import type { Flow } from './keys.js';
import { caseUrl, decide, forget, takeNext } from './leases.js';
import { offerUndo } from './undo.js';
import type { Watch } from './watch.js';

/** Sends the decision and goes on to the next case, which comes with its lease. */
export function useSubmit(view: CaseView, queue: string | null, watch: Watch) {
  const { w } = useWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const goOn = async () => {
    const next = await takeNext(client, queue);
    navigate(next ? caseUrl(next, queue) : '/?empty=1');
  };
  const send = async (flow: Flow) => {
    if (busy || !flow.outcome || !flow.category || flow.reason.trim().length < 3) return;
    setBusy(true);
    setError(null);
    watch.clear(false);
    const seen = watch.take();
    const { limits, outcome } = flow;
    try {
      const receipt = await decide(view.id, {
        ...{ outcome, category: flow.category, reason: flow.reason.trim(), ...seen },
        ...(outcome === 'release_limited' && {
          limits: { ...limits, label: limits.label ? w.review.labelText(w.categories[flow.category]) : null },
        }),
      });
      // By our own clock: that of the service may go differently.
      offerUndo({
        ...{ decisionId: receipt.decision_id, caseId: view.id, outcome, queue },
        until: Date.now() + UNDO_MS,
      });
      client.removeQueries({ queryKey: ['case', view.id] });
      if (receipt.exposure.take_a_break) navigate('/?break=1');
      else await goOn();
    } catch (e) {
      watch.giveBack(seen);
      if (e instanceof DeskError && e.code === 'lease_lost') forget(view.id);
      setError(e);
      setBusy(false);
    }
  };
  return { busy, error, send };
}

/** How long a decision can be taken back. */
const UNDO_MS = 10_000;
