import { Box } from '@mui/material';
import type { CaseOutcome, ChartsView } from '#contracts';
import { Chart } from '../charts/chart.js';
import { Columns, Histogram, Line } from '../charts/columns.js';
import { day, decimal, percent } from '../format.js';
import { useWords } from '../i18n.js';

interface Given {
  charts: ChartsView;
}

/** Cases opened and closed by day. */
export function VolumeChart({ charts: { volumes } }: Given) {
  const { w, lang } = useWords();
  const names = volumes.map((one) => day(one.day, lang));
  const parts = [
    { name: w.quality.opened, values: volumes.map(({ opened }) => opened) },
    { name: w.quality.closed, values: volumes.map(({ closed }) => closed) },
  ];
  return (
    <Chart
      title={w.quality.byDay}
      heads={[w.quality.day, w.quality.opened, w.quality.closed]}
      rows={volumes.map((one, i) => [names[i]!, one.opened, one.closed])}
    >
      <Columns id="volumes" label={w.quality.volumes} {...{ names, parts }} />
    </Chart>
  );
}

/** What was decided, by day. */
export function DecisionChart({ charts: { decisions } }: Given) {
  const { w, lang } = useWords();
  const days = [...new Set(decisions.map((one) => one.day))].sort();
  const outcomes = Object.keys(w.outcomes) as CaseOutcome[];
  const count = (at: string, outcome: CaseOutcome) =>
    decisions.find((one) => one.day === at && one.outcome === outcome)?.count ?? 0;
  return (
    <Chart
      title={w.quality.byDay}
      heads={[w.quality.day, ...outcomes.map((outcome) => w.outcomes[outcome])]}
      rows={days.map((at) => [day(at, lang), ...outcomes.map((outcome) => count(at, outcome))])}
    >
      <Columns
        id="mix"
        stacked
        label={w.quality.mix}
        names={days.map((at) => day(at, lang))}
        parts={outcomes.map((outcome) => ({ name: w.outcomes[outcome], values: days.map((at) => count(at, outcome)) }))}
      />
    </Chart>
  );
}

/** How many cases were closed in time, by clock. */
export function ClockChart({ charts: { clocks } }: Given) {
  const { w, lang } = useWords();
  const q = w.quality;
  const parts = [
    { name: q.inTime, values: clocks.map(({ in_time }) => in_time) },
    { name: q.tooLate, values: clocks.map(({ closed, in_time }) => closed - in_time) },
    { name: q.openLate, values: clocks.map(({ open_breached }) => open_breached) },
  ];
  return (
    <Chart
      title={q.byClock}
      heads={[q.clock, q.closed, q.inTime, q.medianHours, q.openLate]}
      rows={clocks.map((one) => [
        w.clock.kinds[one.kind],
        one.closed,
        one.closed ? percent(one.in_time / one.closed, lang) : '–',
        one.median_h === null ? '–' : decimal(one.median_h, lang, 1),
        one.open_breached,
      ])}
    >
      <Columns id="clocks" label={q.clocks} names={clocks.map(({ kind }) => w.clock.kinds[kind])} parts={parts} />
    </Chart>
  );
}

/** Cohen's kappa of blind readings by week. */
export function AgreementChart({ charts: { agreement } }: Given) {
  const { w, lang } = useWords();
  return (
    <Chart
      title={w.quality.byWeek}
      heads={[w.quality.week, w.quality.pairs, w.quality.agreed, 'κ']}
      rows={agreement.map((one) => [
        day(one.week, lang),
        one.pairs,
        one.agreed,
        one.kappa === null ? '–' : decimal(one.kappa, lang),
      ])}
    >
      <Line label={w.quality.kappaWeeks} values={agreement.map(({ kappa }) => kappa)} />
    </Chart>
  );
}

/** Seconds in the clear for each decision, by day. */
export function ExposureChart({ charts: { exposure } }: Given) {
  const { w, lang } = useWords();
  const each = exposure.map(({ unblurred_s: seconds, decisions }) => (decisions ? seconds / decisions : 0));
  return (
    <Chart
      title={w.quality.perDecision}
      heads={[w.quality.day, w.quality.unblurred, w.quality.decisions, w.quality.perDecision]}
      rows={exposure.map((one, i) => [
        day(one.day, lang),
        decimal(one.unblurred_s, lang, 0),
        one.decisions,
        decimal(each[i]!, lang, 1),
      ])}
    >
      <Columns
        id="exposure"
        label={w.quality.exposure}
        names={exposure.map((one) => day(one.day, lang))}
        parts={[{ name: w.quality.perDecision, values: each.map((value) => Math.round(value * 10) / 10) }]}
      />
    </Chart>
  );
}

/** How the scores of each detector lie, week by week. */
export function DriftCharts({ charts: { drift } }: Given) {
  const { w, lang } = useWords();
  const name = (one: (typeof drift)[number]) => `${one.detector}, ${w.categories[one.category]}`;
  const kinds = [...new Set(drift.map(name))];
  return (
    <Chart
      title={w.quality.histograms}
      heads={[
        w.review.detector,
        w.quality.week,
        w.quality.mean,
        ...Array.from({ length: 10 }, (_, i) => `${i * 10} %`),
      ]}
      rows={drift.map((one) => [name(one), day(one.week, lang), decimal(one.mean, lang), ...one.bins])}
    >
      {kinds.map((kind) => (
        <Box key={kind} sx={{ mb: 1 }}>
          <Box sx={{ fontSize: 12 }}>{kind}</Box>
          <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(110px, 1fr))', gap: 1 }}>
            {drift
              .filter((one) => name(one) === kind)
              .slice(-6)
              .map((one) => (
                <Box key={one.week} sx={{ fontSize: 11 }}>
                  <Histogram bins={one.bins} mean={one.mean} label={`${kind}, ${day(one.week, lang)}`} />
                  {day(one.week, lang)} · ⌀ {decimal(one.mean, lang)}
                </Box>
              ))}
          </Box>
        </Box>
      ))}
    </Chart>
  );
}
