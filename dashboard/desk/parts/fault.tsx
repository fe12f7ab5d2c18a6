import { Alert, Button } from '@mui/material';
import { DeskError } from '../wire.js';
import { useWords } from '../i18n.js';

/** What went wrong in the reader's language where we have the words, else in those of the service. */
export function useFaultWords(): (error: unknown) => string {
  const { w } = useWords();
  return (error) => {
    if (!(error instanceof DeskError)) return w.faults.unknown;
    const known = (w.faults.codes as Partial<Record<string, string>>)[error.code];
    return known ?? error.message;
  };
}

/** A refusal, told at once to screen readers. */
export function Fault({ error, again }: { error: unknown; again?: () => void }) {
  const { w } = useWords();
  const words = useFaultWords();
  if (!error) return null;
  return (
    <Alert
      severity="error"
      variant="outlined"
      sx={{ my: 1 }}
      action={
        again && (
          <Button color="inherit" size="small" onClick={again}>
            {w.again}
          </Button>
        )
      }
    >
      {words(error)}
    </Alert>
  );
}
