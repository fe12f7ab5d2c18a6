import { Box, Typography, useTheme } from '@mui/material';
import type { MouseEvent, ReactNode } from 'react';
import type { CaseView, ScoreBar } from '#contracts';
import { clock } from '../../shared/format.js';
import { decimal, percent } from '../format.js';
import { useWords } from '../i18n.js';

const HEIGHT = 26;
/** Rows that are drawn; all are in the table. */
const MOST = 8;

/** Share of the clip at which a second lies, as percent. */
const at = (second: number, seconds: number) => `${Math.min(100, Math.max(0, (second / (seconds || 1)) * 100))}%`;

function Row({ name, value, children }: { name: ReactNode; value: ReactNode; children: ReactNode }) {
  return (
    <>
      <Typography variant="caption" component="div" noWrap sx={{ alignSelf: 'center' }}>
        {name}
      </Typography>
      <Box
        sx={{ position: 'relative', height: HEIGHT, bgcolor: 'action.hover', borderRadius: 0.5, overflow: 'hidden' }}
      >
        {children}
      </Box>
      <Typography
        variant="caption"
        component="div"
        sx={{ alignSelf: 'center', textAlign: 'right', fontVariantNumeric: 'tabular-nums' }}
      >
        {value}
      </Typography>
    </>
  );
}

/** Scores over time as bars; those over the limit are solid and outlined, the others hatched thin. */
function Series({ bar, seconds }: { bar: ScoreBar; seconds: number }) {
  const { palette } = useTheme();
  const width = Math.max(0.8, Math.min(6, 60 / Math.max(bar.series.length, 1)));
  const limit = bar.threshold;
  return (
    <svg width="100%" height={HEIGHT} viewBox={`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
      {bar.series.map(([second, score], i) => {
        const over = limit !== null && score >= limit;
        const high = Math.max(1, score * HEIGHT);
        return (
          <rect
            key={i}
            x={(second / (seconds || 1)) * 100 - width / 2}
            y={HEIGHT - high}
            width={width}
            height={high}
            fill={over ? palette.error.main : palette.text.secondary}
            fillOpacity={over ? 1 : 0.55}
          />
        );
      })}
      {limit !== null && (
        <line
          x1={0}
          x2={100}
          y1={HEIGHT - limit * HEIGHT}
          y2={HEIGHT - limit * HEIGHT}
          stroke={palette.text.primary}
          strokeDasharray="2 2"
          strokeWidth={1}
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}

function Spans({ spans, seconds }: { spans: { from: number; to: number; text: string }[]; seconds: number }) {
  return spans.map(({ from, to, text }, i) => (
    <Box
      key={i}
      title={text}
      sx={{
        ...{ position: 'absolute', top: 3, bottom: 3, border: 1, borderColor: 'text.secondary', borderRadius: 0.5 },
        ...{ bgcolor: 'background.paper', px: 0.5, overflow: 'hidden', whiteSpace: 'nowrap', fontSize: 11 },
      }}
      style={{ left: at(from, seconds), width: `max(6px, calc(${at(to, seconds)} - ${at(from, seconds)}))` }}
    >
      <bdi>{text}</bdi>
    </Box>
  ));
}

function BarsTable({ bars }: { bars: readonly ScoreBar[] }) {
  const { w, lang } = useWords();
  return (
    <Box component="details" sx={{ mt: 0.75, fontSize: 12 }}>
      <summary>{w.asTable}</summary>
      <Box component="table" sx={{ mt: 0.5, borderSpacing: '12px 2px', '& th, & td': { textAlign: 'left' } }}>
        <thead>
          <tr>
            <th scope="col">{w.review.detector}</th>
            <th scope="col">{w.category}</th>
            <th scope="col">{w.review.source}</th>
            <th scope="col">{w.review.score}</th>
            <th scope="col">{w.review.limit}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar, i) => (
            <tr key={i}>
              <th scope="row">{bar.detector}</th>
              <td>{w.categories[bar.category]}</td>
              <td>{(w.review.sources as Partial<Record<string, string>>)[bar.source] ?? bar.source}</td>
              <td>{bar.score === null ? w.review.unable : decimal(bar.score, lang)}</td>
              <td>{bar.threshold === null ? '–' : decimal(bar.threshold, lang)}</td>
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}

/** Flagged seconds with their keys, and where the reader is. */
function Axis({ view, second, rows }: { view: CaseView; second: number; rows: number }) {
  const { seconds } = view.clip;
  return (
    <Box data-axis sx={{ position: 'relative', height: 16 }}>
      {view.flagged.map(({ at_s: moment }, i) => (
        <Typography
          key={i}
          variant="caption"
          aria-hidden
          sx={{ position: 'absolute', transform: 'translateX(-50%)', fontWeight: 700 }}
          style={{ left: at(moment, seconds) }}
        >
          ▾{i + 1}
        </Typography>
      ))}
      <Box
        sx={{
          ...{ position: 'absolute', top: 0, height: rows * (HEIGHT + 4) + 18, width: 2, zIndex: 1 },
          ...{ bgcolor: 'primary.main', pointerEvents: 'none' },
        }}
        style={{ left: at(second, seconds) }}
      />
    </Box>
  );
}

/** Score of one detector; over the limit it has a sign. */
function BarRow({ bar, seconds }: { bar: ScoreBar; seconds: number }) {
  const { w, lang } = useWords();
  const { score, threshold } = bar;
  const over = score !== null && threshold !== null && score >= threshold;
  return (
    <Row
      name={[w.categories[bar.category], bar.synthetic && w.review.synthetic, bar.detector].filter(Boolean).join(' · ')}
      value={score === null ? '–' : `${over ? '▲ ' : ''}${percent(score, lang)}`}
    >
      <Series bar={bar} seconds={seconds} />
    </Row>
  );
}

/** Speech, text and faces as stretches; kinds that there are none of are left out. */
function useStretches(view: CaseView) {
  const { w } = useWords();
  const span = ({ fromS, toS }: { fromS: number; toS: number }, text: string) => ({ from: fromS, to: toS, text });
  const said = view.speech?.utterances ?? [];
  return [
    { name: w.review.speech, spans: said.map((one) => span(one, one.text ?? w.review.notUnderstood)) },
    { name: w.review.onScreen, spans: view.texts.map((one) => span(one, one.text)) },
    { name: w.review.faces, spans: view.faces.map((one) => span(one, one.id.replace('face_', ''))) },
  ].filter(({ spans }) => spans.length);
}

/** Everything that has a place in time on one axis: scores by detector, speech, words on the screen, faces. */
export function Timeline({ view, second, onSeek }: { view: CaseView; second: number; onSeek: (s: number) => void }) {
  const { w, lang } = useWords();
  const { seconds } = view.clip;
  const timed = view.bars.filter(({ series }) => series.length).slice(0, MOST);
  const stretches = useStretches(view);
  const rows = timed.length + stretches.length;
  const pick = (event: MouseEvent<HTMLDivElement>) => {
    const track = event.currentTarget.querySelector('[data-axis]')!.getBoundingClientRect();
    const share = (event.clientX - track.left) / track.width;
    if (share >= 0 && share <= 1) onSeek(share * seconds);
  };
  return (
    <Box component="section" aria-label={w.review.timeline}>
      {rows > 0 && (
        <Box
          onClick={pick}
          sx={{
            ...{ display: 'grid', gridTemplateColumns: '9.5rem 1fr 3.5rem', columnGap: 1, rowGap: 0.4 },
            ...{ cursor: 'crosshair', position: 'relative' },
          }}
        >
          <Typography variant="caption">{w.review.time}</Typography>
          <Axis {...{ view, second, rows }} />
          <Typography variant="caption" sx={{ textAlign: 'right' }}>
            {clock(second, lang, true)}
          </Typography>
          {timed.map((bar, i) => (
            <BarRow key={i} bar={bar} seconds={seconds} />
          ))}
          {stretches.map(({ name, spans }) => (
            <Row key={name} name={name} value={spans.length}>
              <Spans {...{ spans, seconds }} />
            </Row>
          ))}
        </Box>
      )}
      {view.bars.length > 0 && <BarsTable bars={view.bars} />}
    </Box>
  );
}
