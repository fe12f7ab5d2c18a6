import { Box, Button, TableCell, TableRow, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { AuditEventView, AuditPage } from '#contracts';
import { when } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { Grid } from '../parts/grid.js';
import { Page } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { may } from '../session.js';
import { get, query } from '../wire.js';
import { AuditDaysPanel } from './days.js';
import { More } from '../parts/more.js';

const FIELDS = ['actor', 'action', 'subject', 'tenant'] as const;
type Filter = Record<(typeof FIELDS)[number] | 'from' | 'to', string>;
const NOTHING: Filter = { actor: '', action: '', subject: '', tenant: '', from: '', to: '' };

/** What the service is asked for: times as the browser's zone has them. */
const asked = ({ from, to, ...rest }: Filter) => ({
  ...rest,
  from: from && new Date(from).toISOString(),
  to: to && new Date(to).toISOString(),
});

function EventRow({ event }: { event: AuditEventView }) {
  const { w, lang } = useWords();
  const states = [event.from_state, event.to_state].filter(Boolean).join(' → ');
  return (
    <TableRow>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{when(event.at, lang)}</TableCell>
      <TableCell sx={{ fontSize: 12, overflowWrap: 'anywhere', minWidth: 180 }}>{event.actor}</TableCell>
      <TableCell>
        <strong>{event.action}</strong> {states}
      </TableCell>
      <TableCell sx={{ fontSize: 12, whiteSpace: 'nowrap' }}>{event.subject}</TableCell>
      <TableCell>
        {event.data !== null && Object.keys(event.data).length > 0 && (
          <details>
            <Box component="summary" sx={{ whiteSpace: 'nowrap' }}>
              {w.audit.data}
            </Box>
            <Box component="pre" sx={{ m: 0, fontSize: 11, whiteSpace: 'pre-wrap' }}>
              {JSON.stringify(event.data, null, 1)}
            </Box>
          </details>
        )}
      </TableCell>
    </TableRow>
  );
}

/** What to look for; nothing is asked before it is sent. */
function Search({ onFilter }: { onFilter: (filter: Filter) => void }) {
  const { w } = useWords();
  const [draft, setDraft] = useState(NOTHING);
  const set =
    (name: keyof Filter) =>
    ({ target }: { target: { value: string } }) =>
      setDraft({ ...draft, [name]: target.value });
  return (
    <Box
      component="form"
      sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', mb: 1.5 }}
      onSubmit={(event) => {
        event.preventDefault();
        onFilter(draft);
      }}
    >
      {FIELDS.map((name) => (
        <TextField
          key={name}
          label={w.audit.fields[name]}
          value={draft[name]}
          onChange={set(name)}
          sx={{ width: 170 }}
        />
      ))}
      {(['from', 'to'] as const).map((name) => (
        <TextField
          key={name}
          type="datetime-local"
          label={w[name]}
          value={draft[name]}
          onChange={set(name)}
          slotProps={{ inputLabel: { shrink: true } }}
        />
      ))}
      <Button type="submit" variant="contained">
        {w.audit.search}
      </Button>
    </Box>
  );
}

/** The record: everything that was done, and each look at what is sealed. Nothing here can be changed. */
export function Audit() {
  const { w } = useWords();
  const [filter, setFilter] = useState(NOTHING);
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) => get<AuditPage>(`/v1/desk/audit${query({ ...asked(filter), after: pageParam })}`),
    initialPageParam: '',
    getNextPageParam: (page: AuditPage) => (page.has_more ? page.data.at(-1)?.id : undefined),
    refetchOnWindowFocus: false,
  });
  const events = data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Page
      title={w.audit.title}
      intro={w.audit.intro}
      actions={
        may('audit.export') && (
          <Button variant="outlined" href={`/v1/desk/audit/export${query(asked(filter))}`} download>
            {w.audit.export}
          </Button>
        )
      }
    >
      <Search onFilter={setFilter} />
      <Fault error={error} />
      <Panel title={w.audit.events}>
        {data && events.length === 0 && <Typography variant="body2">{w.audit.none}</Typography>}
        {events.length > 0 && (
          <Grid
            label={w.audit.events}
            heads={[w.audit.at, w.audit.fields.actor, w.audit.fields.action, w.audit.fields.subject, w.audit.data]}
          >
            {events.map((event) => (
              <EventRow key={event.id} event={event} />
            ))}
          </Grid>
        )}
        <More shown={hasNextPage} busy={isFetching} onMore={fetchNextPage} />
      </Panel>
      <AuditDaysPanel />
    </Page>
  );
}
