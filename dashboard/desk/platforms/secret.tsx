import { Alert, Box, Button } from '@mui/material';
import { useState } from 'react';
import { useWords } from '../i18n.js';

/** Something that is shown this once. It is gone when the page is. */
export function Secret({ text, value, onClose }: { text: string; value: string; onClose: () => void }) {
  const { w } = useWords();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
  };
  return (
    <Alert severity="warning" onClose={onClose} sx={{ mb: 2 }} slotProps={{ closeButton: { 'aria-label': w.close } }}>
      {text}
      <Box component="code" data-secret sx={{ display: 'block', overflowWrap: 'anywhere', my: 1, fontSize: 13 }}>
        {value}
      </Box>
      <Button size="small" variant="outlined" color="inherit" onClick={() => void copy()}>
        {copied ? w.copied : w.copy}
      </Button>
    </Alert>
  );
}
