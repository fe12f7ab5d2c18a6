import { Button, TableCell, TableRow, Typography } from '@mui/material';
import { LinkBase, useParams } from 'react-admin';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { DeskPerson, DeskUse, DeskUseList } from '#contracts';
import { Foreign } from '../../shared/foreign.js';
import { when } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { Grid } from '../parts/grid.js';
import { Page } from '../parts/page.js';
import { Facts, Panel } from '../parts/panel.js';
import { get, query } from '../wire.js';
import { GrantWords } from './grant.js';
import { PersonName, PersonStateChip } from './people.js';
import { More } from '../parts/more.js';

function UseRow({ use }: { use: DeskUse }) {
  const { w, lang } = useWords();
  return (
    <TableRow>
      <TableCell component="th" scope="row" sx={{ fontFamily: 'monospace', fontSize: 12 }}>
        {use.clip_id}
      </TableCell>
      <TableCell>{w.people.useStates[use.state]}</TableCell>
      <TableCell>{w.review.how[use.how]}</TableCell>
      <TableCell>{use.by === null ? '–' : <Foreign text={use.by} max={80} />}</TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{when(use.at, lang)}</TableCell>
      <TableCell align="right">
        {use.case_id && (
          <Button
            component={LinkBase}
            to={`/review/${use.case_id}`}
            size="small"
            variant="outlined"
            aria-label={w.people.openCase(use.clip_id)}
          >
            {w.review.case}
          </Button>
        )}
      </TableCell>
    </TableRow>
  );
}

function Uses({ id }: { id: string }) {
  const { w } = useWords();
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['person', id, 'uses'],
    queryFn: ({ pageParam }) =>
      get<DeskUseList>(`/v1/desk/likeness/${encodeURIComponent(id)}/uses${query({ after: pageParam })}`),
    initialPageParam: '',
    getNextPageParam: (page: DeskUseList) => (page.has_more ? page.data.at(-1)?.clip_id : undefined),
  });
  const uses = data?.pages.flatMap((page) => page.data) ?? [];
  const { clip, state, how, by, at } = w.people;
  return (
    <Panel title={w.people.clips}>
      <Fault error={error} />
      {data && uses.length === 0 && <Typography variant="body2">{w.people.noClips}</Typography>}
      {uses.length > 0 && (
        <Grid label={w.people.clips} heads={[clip, state, how, by, at, w.review.case]} right={[5]}>
          {uses.map((use) => (
            <UseRow key={use.clip_id} use={use} />
          ))}
        </Grid>
      )}
      <More shown={hasNextPage} busy={isFetching} onMore={fetchNextPage} />
    </Panel>
  );
}

/** One person who lent their likeness: what they allow, and every clip that they are in. */
export function PersonPage() {
  const { w, lang } = useWords();
  const { id = '' } = useParams();
  const { data, error } = useQuery({
    queryKey: ['person', id],
    queryFn: () => get<DeskPerson>(`/v1/desk/likeness/${encodeURIComponent(id)}`),
  });
  if (!data)
    return (
      <Page title={w.people.title}>
        <Fault error={error} />
      </Page>
    );
  const { uses } = data;
  return (
    <Page title={w.people.one}>
      <LinkBase to="/likeness">{w.people.title}</LinkBase>
      <Panel title={w.people.who} aside={<PersonStateChip state={data.state} />}>
        <Facts
          facts={[
            [w.people.who, <PersonName key="n" person={data} />],
            [w.people.user, data.user === null ? '–' : <Foreign key="u" text={data.user} max={120} />],
            ['Id', <code key="i">{data.id}</code>],
            [w.people.platform, data.tenant.name],
            [w.people.since, when(data.created_at, lang)],
            [w.people.kept, when(data.keep_until, lang)],
            [w.people.leave, data.grant ? <GrantWords key="g" grant={data.grant} /> : w.people.noLeave],
            [w.people.grants, String(data.grants)],
            [w.people.uses, w.people.useCounts(uses.total, uses.released, uses.held)],
          ]}
        />
      </Panel>
      <Uses id={id} />
    </Page>
  );
}
