import { Box, Button, Chip, TableCell, TableRow, TextField, Typography } from '@mui/material';
import { useState, type FormEvent } from 'react';
import { LinkBase } from 'react-admin';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { DeskPerson, DeskPersonList } from '#contracts';
import { Foreign } from '../../shared/foreign.js';
import { shortId, when } from '../format.js';
import { useWords } from '../i18n.js';
import { Choice } from '../parts/choice.js';
import { Fault } from '../parts/fault.js';
import { Grid } from '../parts/grid.js';
import { Page } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { get, query } from '../wire.js';
import { More } from '../parts/more.js';

/** As the platform names them. */
export function PersonName({ person: { id, handle, user } }: { person: Pick<DeskPerson, 'id' | 'handle' | 'user'> }) {
  return <Foreign text={handle ? `@${handle}` : (user ?? shortId(id))} max={80} />;
}

/** Where somebody's consent stands, as a sign with its name. */
export function PersonStateChip({ state }: { state: DeskPerson['state'] }) {
  const { w } = useWords();
  const colour = { enrolled: 'default', revoked: 'warning', erased: 'default' } as const;
  return <Chip size="small" variant="outlined" color={colour[state]} label={w.people.states[state]} />;
}

function Row({ person }: { person: DeskPerson }) {
  const { w, lang } = useWords();
  const { uses, grant } = person;
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        <LinkBase to={`/likeness/${person.id}`}>
          <PersonName person={person} />
        </LinkBase>
      </TableCell>
      <TableCell>{person.tenant.name}</TableCell>
      <TableCell>
        <PersonStateChip state={person.state} />
      </TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{when(person.created_at, lang)}</TableCell>
      <TableCell>{grant ? w.people.audiences[grant.audience] : w.people.noLeave}</TableCell>
      <TableCell align="right">{person.grants}</TableCell>
      <TableCell>{w.people.useCounts(uses.total, uses.released, uses.held)}</TableCell>
    </TableRow>
  );
}

/** Who lent their likeness: as the platform names them, in numbers. */
export function People() {
  const { w } = useWords();
  const [draft, setDraft] = useState('');
  const [q, setQ] = useState('');
  const [state, setState] = useState<DeskPerson['state'] | ''>('');
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['people', q, state],
    queryFn: ({ pageParam }) => get<DeskPersonList>(`/v1/desk/likeness${query({ q, state, after: pageParam })}`),
    initialPageParam: '',
    getNextPageParam: (page: DeskPersonList) => (page.has_more ? page.data.at(-1)?.id : undefined),
  });
  const people = data?.pages.flatMap((page) => page.data) ?? [];
  const { who, platform, state: stateHead, since, leave, grants, uses } = w.people;
  const find = (event: FormEvent) => {
    event.preventDefault();
    setQ(draft.trim());
  };
  return (
    <Page title={w.people.title} intro={w.people.intro}>
      <Box component="form" onSubmit={find} sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', mb: 1.5 }}>
        <TextField
          label={w.people.search}
          value={draft}
          onChange={({ target }) => setDraft(target.value)}
          sx={{ minWidth: 320 }}
        />
        <Choice label={stateHead} value={state} names={w.people.states} none={w.people.anyState} onChange={setState} />
        <Button type="submit" variant="contained">
          {w.audit.search}
        </Button>
      </Box>
      <Fault error={error} />
      <Panel title={w.people.list}>
        {data && people.length === 0 && <Typography variant="body2">{w.people.none}</Typography>}
        {people.length > 0 && (
          <Grid label={w.people.list} heads={[who, platform, stateHead, since, leave, grants, uses]} right={[5]}>
            {people.map((person) => (
              <Row key={person.id} person={person} />
            ))}
          </Grid>
        )}
        <More shown={hasNextPage} busy={isFetching} onMore={fetchNextPage} />
      </Panel>
    </Page>
  );
}
