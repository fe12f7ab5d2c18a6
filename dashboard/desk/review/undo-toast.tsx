import UndoIcon from '@mui/icons-material/Undo';
import { Alert, Box, Button, LinearProgress } from '@mui/material';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-admin';
import { useQueryClient } from '@tanstack/react-query';
import { useWords } from '../i18n.js';
import { useFaultWords } from '../parts/fault.js';
import { useNow } from '../parts/now.js';
import { caseUrl, undo } from './leases.js';
import { offerUndo, useUndoable, type Undoable } from './undo.js';

/** Takes the last decision back and goes to its case. */
export function useUndo(): { last: Undoable | null; undoLast: () => Promise<void>; error: unknown } {
  const last = useUndoable();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const undoLast = async () => {
    if (!last) return;
    try {
      const caseId = await undo(last.decisionId);
      offerUndo(null);
      client.removeQueries({ queryKey: ['case', caseId] });
      navigate(caseUrl(caseId, last.queue));
    } catch (e) {
      offerUndo(null);
      setError(e);
      setTimeout(() => setError(null), 5_000);
    }
  };
  return { last, undoLast, error };
}

function Countdown({ last, onUndo }: { last: Undoable; onUndo: () => void }) {
  const { w } = useWords();
  const left = last.until - useNow(250);
  useEffect(() => {
    if (left <= 0) offerUndo(null);
  }, [left]);
  if (left <= 0) return null;
  const seconds = Math.ceil(left / 1000);
  return (
    <Alert
      severity="success"
      variant="filled"
      role="status"
      action={
        <Button color="inherit" size="small" startIcon={<UndoIcon />} onClick={onUndo}>
          {w.review.undo} <kbd>&nbsp;u</kbd>
        </Button>
      }
    >
      {w.review.decided(w.outcomes[last.outcome])} <span aria-hidden>{seconds} s</span>
      <LinearProgress
        variant="determinate"
        value={Math.min(100, left / 100)}
        color="inherit"
        aria-hidden
        sx={{ mt: 0.5 }}
      />
    </Alert>
  );
}

/** The toast of the last decision, wherever the reader went. */
export function UndoToast() {
  const { last, undoLast, error } = useUndo();
  const words = useFaultWords();
  return (
    <Box
      sx={{ position: 'fixed', right: 16, bottom: 72, zIndex: 1400, width: 380, maxWidth: 'calc(100vw - 32px)' }}
      data-undo
    >
      {error ? (
        <Alert severity="error" variant="filled">
          {words(error)}
        </Alert>
      ) : null}
      {last && <Countdown key={last.decisionId} last={last} onUndo={() => void undoLast()} />}
    </Box>
  );
}
