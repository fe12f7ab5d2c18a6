import { useCallback, useState } from 'react';
import type { GuardianTeen } from '#contracts';
import { Card } from '../../shared/card.js';
import { FaultLine } from '../../shared/fault-card.js';
import { useShared } from '../../shared/reading.js';
import { useWords } from '../language.js';
import { allOf } from '../numbers.js';
import { useFetched } from '../use-fetched.js';
import { summary as fetchSummary } from '../wire.js';
import { CategoryChart, DayChart, DayTable, OutcomeChart } from './charts.js';

const SPANS = [7, 14, 30, 90] as const;

/** What was made, in numbers: by day, outcome and category. */
export function Summary({ teen, secret }: { teen: GuardianTeen; secret: string }) {
  const { words } = useWords();
  const { shared } = useShared();
  const { summary } = words;
  const [days, setDays] = useState<number>(14);
  const fetch = useCallback(() => fetchSummary(secret, teen.id, days), [secret, teen.id, days]);
  const { value, fault, busy, again } = useFetched(fetch);
  const empty = value?.days.every((day) => allOf(day) === 0);
  return (
    <Card title={summary.title} kind="summary">
      <label className="span">
        <span className="unseen">{summary.shown}</span>
        <select value={days} onChange={(e) => setDays(Number(e.target.value))}>
          {SPANS.map((count) => (
            <option key={count} value={count}>
              {summary.days(count)}
            </option>
          ))}
        </select>
      </label>
      {busy && <progress aria-label={summary.title} />}
      {value && empty && <p>{summary.none}</p>}
      {value && !empty && (
        <>
          <DayChart days={value.days} />
          <OutcomeChart days={value.days} />
          <CategoryChart categories={value.categories} />
          <p>{summary.cameo(value.cameo_uses)}</p>
          <DayTable days={value.days} />
        </>
      )}
      {value && (
        <p className="hint">
          {summary.zone(value.time_zone)} {summary.private}
        </p>
      )}
      <FaultLine fault={fault} words={words.faults} />
      {fault && (
        <p>
          <button type="button" className="second small" onClick={again}>
            {shared.again}
          </button>
        </p>
      )}
    </Card>
  );
}
