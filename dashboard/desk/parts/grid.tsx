import { Box, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material';
import type { ReactNode } from 'react';

/** A table that is scrolled sideways, with the keyboard too, where it is wider than the page. @param right columns of numbers */
export function Grid({
  label,
  heads,
  right = [],
  children,
}: {
  label: string;
  heads: readonly ReactNode[];
  right?: readonly number[];
  children: ReactNode;
}) {
  return (
    <Box sx={{ overflowX: 'auto' }} tabIndex={0} role="group" aria-label={label}>
      <Table size="small">
        <TableHead>
          <TableRow>
            {heads.map((head, i) => (
              <TableCell key={i} align={right.includes(i) ? 'right' : 'left'}>
                {head}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>{children}</TableBody>
      </Table>
    </Box>
  );
}
