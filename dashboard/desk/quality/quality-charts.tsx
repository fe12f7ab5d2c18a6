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

type Drift = ChartsView['drift'][number];

/** Weeks of one detector, the latest ones. */
function Weeks({ name, weeks }: { name: string; weeks: readonly Drift[] }) {
  const { lang } = useWords();
  return (
    <Box sx={{ fontSize: 12 }}>
      {name}
      <Box sx={{ display: 'grid', gridTemplateColumns: `repeat(${MOST_WEEKS}, 1fr)`, gap: 1 }}>
        {weeks.slice(-MOST_WEEKS).map((one) => (
          <Box key={one.week} sx={{ fontSize: 11 }}>
            <Histogram bins={one.bins} mean={one.mean} label={`${name}, ${day(one.week, lang)}`} />
            {day(one.week, lang)} · ⌀ {decimal(one.mean, lang)}
          </Box>
        ))}
      </Box>
    </Box>
  );
}

const MOST_WEEKS = 6;
/** A detector whose scores lie all at the bottom has no news. */
const LOUD = 0.1;
const GRID = {
  display: 'grid',
  gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 480px), 1fr))',
  columnGap: 3,
  rowGap: 1,
} as const;

/** How the scores of each detector lie, week by week; those that found next to nothing are folded away. */
export function DriftCharts({ charts: { drift } }: Given) {
  const { w, lang } = useWords();
  const name = (one: Drift) => `${one.detector}, ${w.categories[one.category]}`;
  const kinds = [...new Set(drift.map(name))].map((kind) => [kind, drift.filter((one) => name(one) === kind)] as const);
  const [loud, quiet] = [true, false].map((wanted) =>
    kinds
      .filter(([, weeks]) => weeks.some(({ mean }) => mean >= LOUD) === wanted)
      .map(([kind, weeks]) => <Weeks key={kind} name={kind} weeks={weeks} />),
  );
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
      <Box sx={GRID}>{loud}</Box>
      {quiet!.length > 0 && (
        <Box component="details" sx={{ my: 1, fontSize: 13 }}>
          <summary>{w.quality.quiet(quiet!.length)}</summary>
          <Box sx={GRID}>{quiet}</Box>
        </Box>
      )}
    </Chart>
  );
}
