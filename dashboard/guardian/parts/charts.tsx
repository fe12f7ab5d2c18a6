import { useId } from 'react';
import type { GuardianSummary } from '#contracts';
import { allOf, grouped, GROUPS, OUTCOMES, scaleFor, slicesOf, totals, type Day } from '../numbers.js';
import { useWords } from '../language.js';

const WIDTH = 340;
const HEIGHT = 150;
const FOOT = 22;
const LEFT = 26;

const shortDay = (date: string, lang: string) =>
  new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : 'fr-FR', {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  }).format(new Date(`${date}T00:00:00Z`));

/** Fills that differ without colour too. */
function Fills({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={`${id}-stopped`} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="under" width="5" height="5" />
        <rect className="stripe" width="2" height="5" />
      </pattern>
      <pattern id={`${id}-waiting`} width="5" height="5" patternUnits="userSpaceOnUse">
        <rect className="under" width="5" height="5" />
        <circle className="dot" cx="2.5" cy="2.5" r="1.3" />
      </pattern>
    </defs>
  );
}

function Bars({ days, scale, id }: { days: readonly Day[]; scale: number; id: string }) {
  const { lang } = useWords();
  const wide = (WIDTH - LEFT) / days.length;
  const tall = HEIGHT - FOOT - 8;
  const every = Math.ceil(days.length / 5);
  return days.map((day, i) => (
    <g key={day.date} transform={`translate(${LEFT + i * wide} 0)`}>
      {slicesOf(day, scale).map(({ group, from, size }) => (
        <rect
          key={group}
          className={`bar ${group}`}
          x={wide * 0.14}
          width={wide * 0.72}
          y={8 + tall * (1 - from - size)}
          height={Math.max(1, tall * size)}
          {...((group === 'stopped' || group === 'waiting') && { fill: `url(#${id}-${group})` })}
        />
      ))}
      {(days.length - 1 - i) % every === 0 && (
        <text
          x={wide / 2}
          y={HEIGHT - 6}
          textAnchor={i === days.length - 1 ? 'end' : 'middle'}
          dx={i === days.length - 1 ? wide / 2 : 0}
        >
          {shortDay(day.date, lang)}
        </text>
      )}
    </g>
  ));
}

/** Requests of each day as stacked bars. The table says the same in numbers. */
export function DayChart({ days }: { days: readonly Day[] }) {
  const { words } = useWords();
  const id = useId();
  const scale = scaleFor(Math.max(0, ...days.map(allOf)));
  const sums = grouped(totals(days));
  const all = days.reduce((sum, day) => sum + allOf(day), 0);
  const tall = HEIGHT - FOOT - 8;
  return (
    <figure className="chart">
      <figcaption>{words.summary.byDay}</figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={words.summary.chart(days.length, all, sums.made, sums.stopped)}
      >
        <Fills id={id} />
        {[0, 0.5, 1].map((share) => (
          <g key={share} className="grid">
            <line x1={LEFT} x2={WIDTH} y1={8 + tall * (1 - share)} y2={8 + tall * (1 - share)} />
            <text x={LEFT - 5} y={12 + tall * (1 - share)} textAnchor="end">
              {scale * share}
            </text>
          </g>
        ))}
        <Bars days={days} scale={scale} id={id} />
      </svg>
      <ul className="keys" aria-hidden="true">
        {GROUPS.filter((group) => sums[group] > 0).map((group) => (
          <li key={group}>
            <svg viewBox="0 0 18 14" width="18" height="14">
              <Fills id={`${id}-${group}-key`} />
              <rect
                className={`bar ${group}`}
                width="18"
                height="14"
                {...((group === 'stopped' || group === 'waiting') && { fill: `url(#${id}-${group}-key-${group})` })}
              />
            </svg>
            {words.summary.groups[group]} {sums[group]}
          </li>
        ))}
      </ul>
    </figure>
  );
}

function Rows({ title, rows }: { title: string; rows: { name: string; count: number; kind: string }[] }) {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <ul className="rows">
        {rows.map(({ name, count, kind }) => (
          <li key={name}>
            <span>{name}</span>
            <strong>{count}</strong>
            <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect className="rail" width="100" height="6" />
              <rect className={`bar ${kind}`} width={(100 * count) / most} height="6" />
            </svg>
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** Requests by what became of them. */
export function OutcomeChart({ days }: { days: readonly Day[] }) {
  const { words } = useWords();
  const sums = totals(days);
  const rows = OUTCOMES.filter((outcome) => sums[outcome] > 0).map((outcome) => ({
    name: words.summary.outcomes[outcome],
    count: sums[outcome],
    kind: 'made',
  }));
  return <Rows title={words.summary.byOutcome} rows={rows} />;
}

/** What refusals and checks were about. */
export function CategoryChart({ categories }: { categories: GuardianSummary['categories'] }) {
  const { words, lang } = useWords();
  if (categories.length === 0) return <p className="hint">{words.summary.noCategory}</p>;
  const rows = categories.map(({ label, count }) => ({ name: label[lang], count, kind: 'other' }));
  return <Rows title={words.summary.byCategory} rows={rows} />;
}

/** The same numbers in words. */
export function DayTable({ days }: { days: readonly Day[] }) {
  const { words, lang } = useWords();
  const { summary } = words;
  return (
    <details>
      <summary>{summary.table}</summary>
      <div className="scroll" tabIndex={0} role="group" aria-label={summary.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">{summary.day}</th>
              <th scope="col">{summary.all}</th>
              {OUTCOMES.map((outcome) => (
                <th key={outcome} scope="col">
                  {summary.outcomes[outcome]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...days].reverse().map((day) => (
              <tr key={day.date}>
                <th scope="row">{shortDay(day.date, lang)}</th>
                <td>{allOf(day)}</td>
                {OUTCOMES.map((outcome) => (
                  <td key={outcome}>{day[outcome]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
