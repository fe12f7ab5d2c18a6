import { TableCell, TableRow } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import type { AuditDays } from '#contracts';
import { when } from '../format.js';
import { useWords } from '../i18n.js';
import { Grid } from '../parts/grid.js';
import { Panel } from '../parts/panel.js';
import { get } from '../wire.js';

/** Closed days, each with its root in the public log. Left out where the service closes none. */
export function AuditDaysPanel() {
  const { w, lang } = useWords();
  const { data } = useQuery({
    queryKey: ['audit.days'],
    queryFn: () => get<AuditDays>('/v1/desk/audit/days?limit=30'),
    retry: false,
  });
  if (!data?.data.length) return null;
  return (
    <Panel title={w.audit.days}>
      <Grid label={w.audit.days} heads={[w.quality.day, w.audit.events, w.audit.root, w.audit.log, w.audit.closed]}>
        {data.data.map((one) => (
          <TableRow key={one.day}>
            <TableCell>{one.day}</TableCell>
            <TableCell>{one.events}</TableCell>
            <TableCell sx={{ fontFamily: 'monospace', overflowWrap: 'anywhere' }}>{one.root}</TableCell>
            <TableCell>{one.log_index ?? w.audit.onTheWay}</TableCell>
            <TableCell>{when(one.closed_at, lang)}</TableCell>
          </TableRow>
        ))}
      </Grid>
    </Panel>
  );
}
