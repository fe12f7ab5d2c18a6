import { Box, Card, Typography } from '@mui/material';
import { LocalesMenuButton } from 'react-admin';
import { useId, type ReactNode } from 'react';

/** The frame of everything before somebody is signed in. */
export function SignInFrame({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <Box
      component="main"
      sx={{ minHeight: '100vh', display: 'grid', placeItems: 'center', bgcolor: 'background.default', p: 2 }}
    >
      <Card component="section" aria-labelledby={id} sx={{ width: 420, maxWidth: '100%', p: 3 }}>
        <Box sx={{ display: 'flex', alignItems: 'center', mb: 2 }}>
          <Typography sx={{ flexGrow: 1, fontWeight: 650 }}>Imprimatur</Typography>
          <LocalesMenuButton />
        </Box>
        <Typography variant="h1" id={id} sx={{ mb: 2 }}>
          {title}
        </Typography>
        {children}
      </Card>
    </Box>
  );
}
