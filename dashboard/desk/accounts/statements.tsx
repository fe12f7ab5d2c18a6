import { Box, Button, TableCell, TableRow, Typography } from '@mui/material';
import { useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { DeskStatement, StatementList } from '#contracts';
import { when } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { Grid } from '../parts/grid.js';
import { Page } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { get, query } from '../wire.js';
import { More } from '../parts/more.js';
import { DayField } from '../parts/day-field.js';

function Row({ one }: { one: DeskStatement }) {
  const { w, lang } = useWords();
  return (
    <TableRow>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{when(one.created_at, lang)}</TableCell>
      <TableCell>{w.makers.measures[one.decision]}</TableCell>
      <TableCell>
        {one.categories.map((c) => (w.categories as Partial<Record<string, string>>)[c] ?? c).join(', ')}
      </TableCell>
      <TableCell>{one.automated ? w.statements.automated : w.statements.person}</TableCell>
      <TableCell>
        <details>
          <summary>{one.overturned ? w.makers.overturned : w.statements.stands}</summary>
          <Typography variant="body2" sx={{ whiteSpace: 'pre-line' }}>
            {one.text[lang]}
          </Typography>
        </details>
      </TableCell>
    </TableRow>
  );
}

/** Statements of reasons as they were sent, and the official file of them. */
export function Statements() {
  const { w } = useWords();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['statements', from, to],
    queryFn: ({ pageParam }) => get<StatementList>(`/v1/desk/statements${query({ from, to, after: pageParam })}`),
    initialPageParam: '',
    getNextPageParam: (page: StatementList) => page.next ?? undefined,
  });
  const heads = [w.audit.at, w.statements.measure, w.category, w.statements.by, w.statements.text];
  return (
    <Page
      title={w.statements.title}
      intro={w.statements.intro}
      actions={
        <Button variant="outlined" href={`/v1/desk/statements.csv${query({ from, to })}`} download>
          {w.statements.csv}
        </Button>
      }
    >
      <Box sx={{ display: 'flex', gap: 1, mb: 1.5 }}>
        <DayField label={w.from} value={from} onChange={setFrom} />
        <DayField label={w.to} value={to} onChange={setTo} />
      </Box>
      <Fault error={error} />
      <Panel title={w.statements.title}>
        <Grid label={w.statements.title} heads={heads}>
          {data?.pages
            .flatMap((page) => page.data)
            .map((one) => (
              <Row key={one.id} one={one} />
            ))}
        </Grid>
        <More shown={hasNextPage} onMore={fetchNextPage} />
      </Panel>
    </Page>
  );
}
