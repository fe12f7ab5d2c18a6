import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle } from '@mui/material';
import { useId, type ReactNode } from 'react';
import { useWords } from '../i18n.js';

/** A small form over the page. */
export function FormDialog({
  open,
  title,
  action,
  ready = true,
  danger = false,
  onClose,
  onDone,
  children,
}: {
  open: boolean;
  title: string;
  action: string;
  ready?: boolean;
  danger?: boolean;
  onClose: () => void;
  onDone: () => void;
  children: ReactNode;
}) {
  const { w } = useWords();
  const id = useId();
  return (
    <Dialog open={open} onClose={onClose} fullWidth maxWidth="sm" aria-labelledby={id}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) onDone();
        }}
      >
        <DialogTitle id={id}>{title}</DialogTitle>
        <DialogContent>
          <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>{children}</Box>
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button type="submit" variant="contained" color={danger ? 'error' : 'primary'} disabled={!ready}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
