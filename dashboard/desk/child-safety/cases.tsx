import { Alert, Box, Button, Chip, TableCell, TableRow, Typography } from '@mui/material';
import { useState } from 'react';
import { LinkBase } from 'react-admin';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { DeskSafetyCase, DeskSafetyCaseList } from '#contracts';
import { shortId, when } from '../format.js';
import { useWords } from '../i18n.js';
import { Choice } from '../parts/choice.js';
import { Fault } from '../parts/fault.js';
import { Grid } from '../parts/grid.js';
import { Page } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { get, query } from '../wire.js';
import { More } from '../parts/more.js';

/** Where a case stands, and whether it is only a rehearsal, as signs with their names. */
export function SafetyChips({ one }: { one: Pick<DeskSafetyCase, 'state' | 'synthetic'> }) {
  const { w } = useWords();
  const waits = ['open', 'to_report', 'sending'].includes(one.state);
  return (
    <Box component="span" sx={{ display: 'inline-flex', gap: 0.5, flexWrap: 'wrap' }}>
      <Chip size="small" variant="outlined" color={waits ? 'warning' : 'default'} label={w.safety.states[one.state]} />
      {one.synthetic && <Chip size="small" color="info" label={w.safety.rehearsal} />}
    </Box>
  );
}

/** How long evidence is kept, with a sign of its own when that ends. */
export function PreservationWords({ one }: { one: Pick<DeskSafetyCase, 'preserve_until' | 'preservation'> }) {
  const { w, lang } = useWords();
  const time = when(one.preserve_until, lang);
  if (one.preservation === 'running') return <>{time}</>;
  const colour = { due: 'warning', overdue: 'error', destroyed: 'default' } as const;
  return (
    <>
      {time}{' '}
      <Chip
        size="small"
        variant="outlined"
        color={colour[one.preservation]}
        label={w.safety.preservations[one.preservation]}
      />
    </>
  );
}

function Row({ one }: { one: DeskSafetyCase }) {
  const { w, lang } = useWords();
  return (
    <TableRow>
      <TableCell component="th" scope="row" sx={{ whiteSpace: 'nowrap' }}>
        <LinkBase to={`/child_safety/${one.id}`}>{shortId(one.id)}</LinkBase>
      </TableCell>
      <TableCell>{one.tenant.name}</TableCell>
      <TableCell>
        <SafetyChips one={one} />
      </TableCell>
      <TableCell>{w.safety.stages[one.stage]}</TableCell>
      <TableCell sx={{ overflowWrap: 'anywhere' }}>{one.rules.join(', ')}</TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{when(one.opened_at, lang)}</TableCell>
      <TableCell>
        <PreservationWords one={one} />
      </TableCell>
      <TableCell>{one.receipt?.report_id ?? (one.receipt ? w.safety.states.rehearsed : w.safety.noReceipt)}</TableCell>
    </TableRow>
  );
}

/** Cases of child safety, without a word or a picture of them. */
export function SafetyCases() {
  const { w } = useWords();
  const [state, setState] = useState<DeskSafetyCase['state'] | ''>('');
  const [preservation, setPreservation] = useState<'due' | 'overdue' | ''>('');
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['safety', state, preservation],
    queryFn: ({ pageParam }) =>
      get<DeskSafetyCaseList>(`/v1/desk/child-safety/cases${query({ state, preservation, after: pageParam })}`),
    initialPageParam: '',
    getNextPageParam: (page: DeskSafetyCaseList) => (page.has_more ? page.data.at(-1)?.id : undefined),
  });
  const cases = data?.pages.flatMap((page) => page.data) ?? [];
  const reporting = data?.pages[0]?.reporting;
  const { due, overdue } = w.safety.preservations;
  const { list, platform, state: stateHead, stage, rules, opened, preserved, report } = w.safety;
  return (
    <Page
      title={w.safety.title}
      intro={w.safety.intro}
      actions={
        <Button component={LinkBase} to="/child_safety/queue" variant="outlined">
          {w.safety.toDecide}
        </Button>
      }
    >
      {reporting && (
        <Alert severity={reporting === 'production' ? 'warning' : 'info'} sx={{ mb: 1.5 }}>
          {w.safety.reporting[reporting]}
        </Alert>
      )}
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', mb: 1.5 }}>
        <Choice label={stateHead} value={state} names={w.safety.states} none={w.safety.anyState} onChange={setState} />
        <Choice
          label={w.safety.preservation}
          value={preservation}
          names={{ due, overdue }}
          none={w.safety.anyState}
          onChange={setPreservation}
        />
      </Box>
      <Fault error={error} />
      <Panel title={list}>
        {data && cases.length === 0 && <Typography variant="body2">{w.safety.none}</Typography>}
        {cases.length > 0 && (
          <Grid label={list} heads={[w.review.case, platform, stateHead, stage, rules, opened, preserved, report]}>
            {cases.map((one) => (
              <Row key={one.id} one={one} />
            ))}
          </Grid>
        )}
        <More shown={hasNextPage} busy={isFetching} onMore={fetchNextPage} />
      </Panel>
    </Page>
  );
}
