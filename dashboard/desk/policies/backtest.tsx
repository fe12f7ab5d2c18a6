import { Box, Button, LinearProgress, TableCell, TableRow, Typography } from '@mui/material';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Backtest, BacktestCell, BacktestSample, PolicyVersionView } from '#contracts';
import { when } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { Grid } from '../parts/grid.js';
import { Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { may } from '../session.js';
import { DeskError, get, post } from '../wire.js';
import { DayField } from '../parts/day-field.js';

/** A day in the field's own form, so many days ago. */
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

function Samples({ samples }: { samples: readonly BacktestSample[] }) {
  const { w, lang } = useWords();
  if (!samples.length) return '–';
  return (
    <Box component="details">
      <Box component="summary" sx={{ whiteSpace: 'nowrap' }}>
        {w.policies.samples(samples.length)}
      </Box>
      <Box component="ul" sx={{ m: 0, pl: 2, fontSize: 12 }}>
        {samples.map((one) => (
          <li key={one.clip_id}>
            <code>{one.clip_id}</code>: {w.policies.fates[one.decided]} → {w.policies.fates[one.would]}
            {one.person && `, ${w.policies.person[one.person]}`}
            {one.would_reason && ` – ${one.would_reason.text[lang]}`}
          </li>
        ))}
      </Box>
    </Box>
  );
}

function Cells({ cells }: { cells: readonly BacktestCell[] }) {
  const { w } = useWords();
  const heads = [
    w.category,
    w.review.age,
    w.policies.decided,
    w.policies.would,
    w.policies.clips,
    w.policies.people,
    w.policies.sample,
  ];
  return (
    <Grid label={w.policies.backtest} heads={heads}>
      {cells.map((cell, i) => (
        <TableRow key={i}>
          <TableCell>{cell.category ? w.categories[cell.category] : '–'}</TableCell>
          <TableCell>{w.audiences[cell.audience]}</TableCell>
          <TableCell>{w.policies.fates[cell.decided]}</TableCell>
          <TableCell sx={{ whiteSpace: 'nowrap' }}>
            {cell.would === cell.decided ? (
              w.policies.fates[cell.would]
            ) : (
              <strong>≠ {w.policies.fates[cell.would]}</strong>
            )}
          </TableCell>
          <TableCell>
            {cell.clips}
            {cell.words_only > 0 && ` (${w.policies.wordsOnly(cell.words_only)})`}
          </TableCell>
          <TableCell>{w.policies.peopleSaid(cell.people_released, cell.people_refused)}</TableCell>
          <TableCell>
            <Samples samples={cell.samples} />
          </TableCell>
        </TableRow>
      ))}
    </Grid>
  );
}

function Result({ test, current }: { test: Backtest; current: string }) {
  const { w, lang } = useWords();
  const { result } = test;
  const worst = result.against_people.would_release_refused;
  return (
    <>
      <Typography variant="body2" role="status">
        {w.policies.tested(when(test.from, lang), when(test.to, lang), result.clips, result.changed)}
        {result.unreadable > 0 && ` ${w.policies.unreadable(result.unreadable)}`}
        {test.sha256 !== current && ` ${w.policies.otherText}`}
      </Typography>
      {test.state === 'running' && (
        <LinearProgress
          variant="determinate"
          aria-label={w.policies.backtest}
          value={(test.done / (test.total || 1)) * 100}
          sx={{ my: 1 }}
        />
      )}
      {test.error && <Typography color="error">{test.error}</Typography>}
      {worst.clips > 0 && (
        <Typography variant="body2" color="error" component="div">
          {w.policies.wouldRelease(worst.clips)} <Samples samples={worst.samples} />
        </Typography>
      )}
      {result.against_people.would_refuse_released.clips > 0 && (
        <Typography variant="body2" component="div">
          {w.policies.wouldRefuse(result.against_people.would_refuse_released.clips)}{' '}
          <Samples samples={result.against_people.would_refuse_released.samples} />
        </Typography>
      )}
      <Cells cells={result.cells} />
    </>
  );
}

/** What the version would have done to past clips, from their stored signals. */
export function BacktestPanel({ version }: { version: PolicyVersionView }) {
  const { w } = useWords();
  const { busy, change } = useChange('policy.backtest');
  const [from, setFrom] = useState(daysAgo(30));
  const [to, setTo] = useState(daysAgo(-1));
  const { data, error } = useQuery({
    queryKey: ['policy.backtest', version.id],
    queryFn: () => get<Backtest>(`/v1/desk/policies/${version.id}/backtest`),
    retry: false,
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 1_500 : false),
  });
  const none = error instanceof DeskError && error.status === 404;
  const body = { from: `${from}T00:00:00.000Z`, to: `${to}T00:00:00.000Z` };
  return (
    <Panel title={w.policies.backtest}>
      {may('policy.test') && (
        <Box sx={{ display: 'flex', gap: 1, mt: 1.5, mb: 1, flexWrap: 'wrap' }}>
          <DayField label={w.from} value={from} onChange={setFrom} />
          <DayField label={w.to} value={to} onChange={setTo} />
          <Button
            variant="outlined"
            disabled={busy || from >= to || data?.state === 'running'}
            onClick={() =>
              void change(() => post(`/v1/desk/policies/${version.id}/backtest`, body), w.policies.started)
            }
          >
            {w.policies.run}
          </Button>
        </Box>
      )}
      {none ? <Typography variant="body2">{w.policies.notTested}</Typography> : <Fault error={error} />}
      {data && <Result test={data} current={version.sha256} />}
    </Panel>
  );
}
