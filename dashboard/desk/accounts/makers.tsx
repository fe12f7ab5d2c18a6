import { Box, Button, Chip, TableCell, TableRow, TextField } from '@mui/material';
import { useState } from 'react';
import { LinkBase } from 'react-admin';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { MakerItem, MakerList } from '#contracts';
import { Foreign } from '../../shared/foreign.js';
import { decimal, when } from '../format.js';
import { useWords } from '../i18n.js';
import { Choice } from '../parts/choice.js';
import { Fault } from '../parts/fault.js';
import { Grid } from '../parts/grid.js';
import { Page } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { get, query } from '../wire.js';
import { More } from '../parts/more.js';

/** How an account stands, as a sign with its name. */
export function StandingChip({ maker: { standing, until } }: { maker: Pick<MakerItem, 'standing' | 'until'> }) {
  const { w, lang } = useWords();
  const colour = { open: 'default', suspended: 'warning', banned: 'error' } as const;
  const label = w.makers.standings[standing] + (until ? ` ${w.makers.until(when(until, lang))}` : '');
  return <Chip size="small" variant="outlined" color={colour[standing]} label={label} />;
}

function Row({ maker }: { maker: MakerItem }) {
  const { w, lang } = useWords();
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        <LinkBase to={`/makers/${maker.id}`}>
          <Foreign text={maker.name} max={80} />
        </LinkBase>
      </TableCell>
      <TableCell>{maker.tenant.name}</TableCell>
      <TableCell>
        <StandingChip maker={maker} />
      </TableCell>
      <TableCell align="right">{decimal(maker.points, lang)}</TableCell>
      <TableCell>{w.makers.clipCounts(maker.clips.total, maker.clips.released, maker.clips.refused)}</TableCell>
      <TableCell>{maker.last_statement_at ? when(maker.last_statement_at, lang) : '–'}</TableCell>
    </TableRow>
  );
}

/** People who ask for clips, those with the latest statement first. */
export function Makers() {
  const { w } = useWords();
  const [draft, setDraft] = useState('');
  const [q, setQ] = useState('');
  const [standing, setStanding] = useState('');
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['makers', q, standing],
    queryFn: ({ pageParam }) => get<MakerList>(`/v1/desk/makers${query({ q, standing, after: pageParam })}`),
    initialPageParam: '',
    getNextPageParam: (page: MakerList) => page.next ?? undefined,
  });
  const heads = [w.makers.name, w.makers.tenant, w.makers.standing, w.makers.points, w.makers.clips, w.makers.last];
  const find = (event: React.FormEvent) => {
    event.preventDefault();
    setQ(draft.trim());
  };
  return (
    <Page title={w.makers.title} intro={w.makers.intro}>
      <Box component="form" onSubmit={find} sx={{ display: 'flex', gap: 1, mb: 1.5 }}>
        <TextField label={w.makers.search} value={draft} onChange={({ target }) => setDraft(target.value)} />
        <Choice
          label={w.makers.standing}
          value={standing}
          names={w.makers.standings}
          none={w.makers.any}
          onChange={setStanding}
        />
        <Button type="submit" variant="contained">
          {w.audit.search}
        </Button>
      </Box>
      <Fault error={error} />
      <Panel title={w.makers.list}>
        <Grid label={w.makers.list} heads={heads} right={[3]}>
          {data?.pages
            .flatMap((page) => page.data)
            .map((maker) => (
              <Row key={maker.id} maker={maker} />
            ))}
        </Grid>
        <More shown={hasNextPage} busy={isFetching} onMore={fetchNextPage} />
      </Panel>
    </Page>
  );
}
