import { Button } from '@mui/material';
import { useWords } from '../i18n.js';

/** Asks for the next page of a list, where there is one. */
export function More({ shown, busy = false, onMore }: { shown: boolean; busy?: boolean; onMore: () => unknown }) {
  const { w } = useWords();
  if (!shown) return null;
  return (
    <Button onClick={() => void onMore()} disabled={busy}>
      {w.audit.more}
    </Button>
  );
}
