import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useWords } from '../i18n.js';
import { CATEGORY_KEYS, OUTCOME_KEYS } from './keys.js';

function Sheet({ title, rows }: { title: string; rows: readonly (readonly [string, string])[] }) {
  return (
    <Box>
      <Typography variant="h3" component="h3" sx={{ mb: 0.5 }}>
        {title}
      </Typography>
      <Box
        component="dl"
        sx={{ m: 0, display: 'grid', gridTemplateColumns: 'max-content 1fr', columnGap: 1.5, rowGap: 0.25 }}
      >
        {rows.map(([key, means]) => (
          <Box key={key} sx={{ display: 'contents' }}>
            <Box component="dt" sx={{ fontWeight: 700 }}>
              <kbd>{key}</kbd>
            </Box>
            <Box component="dd" sx={{ m: 0 }}>
              {means}
            </Box>
          </Box>
        ))}
      </Box>
    </Box>
  );
}

/** All keys on one sheet. */
export function Help({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { w } = useWords();
  const outcomes = Object.entries(OUTCOME_KEYS).map(([name, key]) => [key, w.outcomes[name as 'release']] as const);
  const categories = Object.entries(CATEGORY_KEYS).map(([name, key]) => [key, w.categories[name as 'hate']] as const);
  return (
    <Dialog open={open} onClose={onClose} maxWidth="md" aria-labelledby="keys-title">
      <DialogTitle id="keys-title">{w.review.keys}</DialogTitle>
      <DialogContent>
        <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr 1fr' }, gap: 3 }}>
          <Sheet title={w.review.keysLook} rows={w.review.keyRows} />
          <Sheet title={w.review.keysDecide} rows={[...outcomes, ...w.review.keyDecideRows]} />
          <Sheet title={w.review.keysCategory} rows={categories} />
        </Box>
        <Typography variant="body2" color="textSecondary" sx={{ mt: 2 }}>
          {w.review.keysOff}
        </Typography>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose} autoFocus>
          {w.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
