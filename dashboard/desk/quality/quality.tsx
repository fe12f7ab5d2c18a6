import { Box, TableCell, TableRow, Typography } from '@mui/material';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { ChartsView, QualityView } from '#contracts';
import { decimal, percent, span } from '../format.js';
import { useWords } from '../i18n.js';
import { Choice } from '../parts/choice.js';
import { Fault } from '../parts/fault.js';
import { Grid } from '../parts/grid.js';
import { Page } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { get } from '../wire.js';
import {
  AgreementChart,
  ClockChart,
  DecisionChart,
  DriftCharts,
  ExposureChart,
  VolumeChart,
} from './quality-charts.js';

function Numbers({
  label,
  heads,
  rows,
}: {
  label: string;
  heads: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}) {
  const { w } = useWords();
  if (!rows.length) return <Typography variant="body2">{w.quality.noNumbers}</Typography>;
  return (
    <Grid label={label} heads={heads}>
      {rows.map((row, i) => (
        <TableRow key={i}>
          {row.map((cell, j) => (
            <TableCell key={j}>{cell}</TableCell>
          ))}
        </TableRow>
      ))}
    </Grid>
  );
}

function Tables({ quality }: { quality: QualityView }) {
  const { w, lang } = useWords();
  const q = w.quality;
  const share = (value: number | null) => (value === null ? '–' : percent(value, lang));
  const { agreement, overturned } = quality;
  return (
    <>
      <Panel title={q.agreement}>
        <Typography variant="body2" sx={{ mb: 1 }}>
          {q.kappaLine(
            agreement.kappa === null ? '–' : decimal(agreement.kappa, lang),
            agreement.agreed,
            agreement.pairs,
          )}{' '}
          {q.overturnedLine(overturned.overturned, overturned.settled, share(overturned.share))}
        </Typography>
        <Numbers
          label={q.agreement}
          heads={[q.first, q.second, q.pairs]}
          rows={agreement.table.map(({ first, second, pairs }) => [w.outcomes[first], w.outcomes[second], pairs])}
        />
      </Panel>
      <Panel title={q.reviewers}>
        <Numbers
          label={q.reviewers}
          heads={[q.person, q.decisions, q.median, q.golden, q.second, q.overturned, q.unblurred]}
          rows={quality.reviewers.map((one) => [
            ...[one.name, one.decisions, one.median_s === null ? '–' : span(one.median_s, lang)],
            ...[
              `${share(one.golden.accuracy)} (${one.golden.right}/${one.golden.items})`,
              `${one.second.agreed}/${one.second.pairs}`,
              one.overturned,
              span(one.unblurred_s, lang),
            ],
          ])}
        />
      </Panel>
      <Panel title={q.detectors}>
        <Numbers
          label={q.detectors}
          heads={[w.review.detector, w.category, q.cases, q.upheld, q.precision]}
          rows={quality.detectors.map((one) => [
            one.detector,
            w.categories[one.category],
            one.cases,
            one.upheld,
            share(one.precision),
          ])}
        />
      </Panel>
    </>
  );
}

/** How well people and detectors do, and how the work goes. */
export function Quality() {
  const { w } = useWords();
  const [days, setDays] = useState('30');
  const quality = useQuery({
    queryKey: ['quality', days],
    queryFn: () => get<QualityView>(`/v1/desk/quality?days=${days}`),
  });
  const charts = useQuery({
    queryKey: ['charts', days],
    queryFn: () => get<ChartsView>(`/v1/desk/charts?days=${days}`),
  });
  const { data } = charts;
  return (
    <Page
      title={w.quality.title}
      intro={w.quality.intro}
      actions={<Choice label={w.quality.period} value={days} names={w.quality.periods} onChange={setDays} />}
    >
      <Fault error={quality.error ?? charts.error} />
      {data && (
        <Box sx={{ display: 'grid', gridTemplateColumns: { md: 'minmax(0, 1fr) minmax(0, 1fr)' }, columnGap: 1.5 }}>
          <Panel title={w.quality.volumes}>
            <VolumeChart charts={data} />
          </Panel>
          <Panel title={w.quality.mix}>
            <DecisionChart charts={data} />
          </Panel>
          <Panel title={w.quality.clocks}>
            <ClockChart charts={data} />
          </Panel>
          <Panel title={w.quality.kappaWeeks}>
            <AgreementChart charts={data} />
          </Panel>
          <Panel title={w.quality.exposure}>
            <ExposureChart charts={data} />
          </Panel>
        </Box>
      )}
      {data && (
        <Panel title={w.quality.drift}>
          <DriftCharts charts={data} />
        </Panel>
      )}
      {quality.data && <Tables quality={quality.data} />}
    </Page>
  );
}
