import { Box, Chip, TableCell, TableRow, Typography } from '@mui/material';
import { useState } from 'react';
import { LinkBase } from 'react-admin';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { DeskProtectedEntry, DeskProtectedList, ListDeskProtected } from '#contracts';
import { shortId, when } from '../format.js';
import { useWords } from '../i18n.js';
import { Choice } from '../parts/choice.js';
import { Fault } from '../parts/fault.js';
import { Grid } from '../parts/grid.js';
import { Page } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { get, query } from '../wire.js';
import { More } from '../parts/more.js';

/** Where an entry stands, as a sign with its name. */
export function EntryStateChip({ state }: { state: DeskProtectedEntry['state'] }) {
  const { w } = useWords();
  const waits = state === 'submitted' || state === 'first_approved';
  const colour = waits ? 'warning' : state === 'active' ? 'success' : 'default';
  return <Chip size="small" variant="outlined" color={colour} label={w.register.states[state]} />;
}

function Row({ entry }: { entry: DeskProtectedEntry }) {
  const { w, lang } = useWords();
  return (
    <TableRow>
      <TableCell component="th" scope="row" sx={{ whiteSpace: 'nowrap' }}>
        <LinkBase to={`/register/${entry.id}`}>{shortId(entry.id)}</LinkBase>
      </TableCell>
      <TableCell>{w.register.kinds[entry.kind]}</TableCell>
      <TableCell>{entry.tenant?.name ?? w.register.every}</TableCell>
      <TableCell>
        <EntryStateChip state={entry.state} />
      </TableCell>
      <TableCell>{w.register.compared[entry.recognised ? 'yes' : 'no']}</TableCell>
      <TableCell align="right">{entry.names_count}</TableCell>
      <TableCell>{w.register.faces[entry.face]}</TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{when(entry.created_at, lang)}</TableCell>
    </TableRow>
  );
}

/** Who never enrolled and may not be shown; the list names nobody. */
export function Register() {
  const { w } = useWords();
  const [state, setState] = useState<NonNullable<ListDeskProtected['state']> | ''>('waiting');
  const [kind, setKind] = useState<DeskProtectedEntry['kind'] | ''>('');
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['register', state, kind],
    queryFn: ({ pageParam }) => get<DeskProtectedList>(`/v1/desk/register${query({ state, kind, after: pageParam })}`),
    initialPageParam: '',
    getNextPageParam: (page: DeskProtectedList) => (page.has_more ? page.data.at(-1)?.id : undefined),
  });
  const entries = data?.pages.flatMap((page) => page.data) ?? [];
  const { entry, kind: who, platform, state: stateHead, recognised, namesCount, face, asked } = w.register;
  return (
    <Page title={w.register.title} intro={w.register.intro}>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', mb: 1.5 }}>
        <Choice
          label={stateHead}
          value={state}
          names={w.register.states}
          none={w.register.anyState}
          onChange={setState}
        />
        <Choice label={who} value={kind} names={w.register.kinds} none={w.register.anyState} onChange={setKind} />
      </Box>
      <Fault error={error} />
      <Panel title={w.register.list}>
        {data && entries.length === 0 && <Typography variant="body2">{w.register.none}</Typography>}
        {entries.length > 0 && (
          <Grid
            label={w.register.list}
            heads={[entry, who, platform, stateHead, recognised, namesCount, face, asked]}
            right={[5]}
          >
            {entries.map((one) => (
              <Row key={one.id} entry={one} />
            ))}
          </Grid>
        )}
        <More shown={hasNextPage} busy={isFetching} onMore={fetchNextPage} />
      </Panel>
    </Page>
  );
}
