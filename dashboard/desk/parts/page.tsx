import { Box, Typography } from '@mui/material';
import { useEffect, type ReactNode } from 'react';

/** Names the window, for tabs and for screen readers. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Imprimatur`;
  }, [title]);
}

/** A page of the console: its title, what it is for in one line, what can be done, its parts. */
export function Page({
  title,
  intro,
  actions,
  children,
}: {
  title: string;
  intro?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  usePageTitle(title);
  return (
    <Box sx={{ maxWidth: 1500, pt: 2, pb: 4 }}>
      <Box sx={{ display: 'flex', gap: 2, alignItems: 'flex-start', flexWrap: 'wrap', mb: 2 }}>
        <Box sx={{ flexGrow: 1 }}>
          <Typography variant="h1">{title}</Typography>
          {intro && (
            <Typography color="textSecondary" sx={{ mt: 0.5, maxWidth: '75ch' }}>
              {intro}
            </Typography>
          )}
        </Box>
        {actions}
      </Box>
      {children}
    </Box>
  );
}
