import { Box, Typography } from '@mui/material';
import { useId, type ReactNode } from 'react';
import { useWords } from '../i18n.js';

/** A picture of numbers with the same numbers as a table. */
export function Chart({
  title,
  heads,
  rows,
  children,
}: {
  title: string;
  heads: readonly string[];
  rows: readonly (readonly (string | number)[])[];
  children: ReactNode;
}) {
  const { w } = useWords();
  const id = useId();
  return (
    <Box component="figure" aria-labelledby={id} sx={{ m: 0, minWidth: 0 }}>
      <Typography component="figcaption" variant="h3" id={id} sx={{ mb: 0.5 }}>
        {title}
      </Typography>
      {rows.length ? (
        children
      ) : (
        <Typography variant="body2" color="textSecondary">
          {w.quality.noNumbers}
        </Typography>
      )}
      {rows.length > 0 && (
        <Box component="details" sx={{ fontSize: 12, mt: 0.5 }}>
          <summary>{w.asTable}</summary>
          <Box sx={{ maxHeight: 240, overflow: 'auto' }} tabIndex={0} role="group" aria-label={title}>
            <Box component="table" sx={{ borderSpacing: '12px 2px', '& th, & td': { textAlign: 'left' } }}>
              <thead>
                <tr>
                  {heads.map((head) => (
                    <th key={head} scope="col">
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row, i) => (
                  <tr key={i}>
                    {row.map((cell, j) => (
                      <td key={j}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </Box>
          </Box>
        </Box>
      )}
    </Box>
  );
}
