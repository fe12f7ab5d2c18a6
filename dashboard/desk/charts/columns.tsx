import { Box, Typography, useTheme } from '@mui/material';

/** What stands side by side or on top of each other in every column. */
export interface Part {
  name: string;
  values: readonly number[];
}

const HEIGHT = 140;
const WIDTH = 600;
/** Told apart without colour: full, hatched, dotted, outlined, crossed. */
const STYLES = ['solid', 'hatch', 'dots', 'outline', 'cross'] as const;

function Patterns({ id, colours, paper }: { id: string; colours: readonly string[]; paper: string }) {
  const base = { patternUnits: 'userSpaceOnUse', width: 6, height: 6 } as const;
  return (
    <defs>
      {colours.map((colour, i) => (
        <pattern key={i} id={`${id}-${i}`} {...base}>
          <rect width={6} height={6} fill={STYLES[i] === 'solid' ? colour : paper} />
          {STYLES[i] === 'hatch' && <path d="M0 6L6 0M-1 1L1 -1M5 7L7 5" stroke={colour} strokeWidth={2} />}
          {STYLES[i] === 'dots' && <circle cx={3} cy={3} r={1.6} fill={colour} />}
          {STYLES[i] === 'cross' && <path d="M0 0L6 6M6 0L0 6" stroke={colour} strokeWidth={1.2} />}
        </pattern>
      ))}
    </defs>
  );
}

/** Names of the parts, each with its pattern. */
function Legend({ id, parts, colours }: { id: string; parts: readonly Part[]; colours: readonly string[] }) {
  return (
    <Box sx={{ display: 'flex', gap: 1.5, flexWrap: 'wrap' }}>
      {parts.map(({ name }, i) => (
        <Typography key={name} variant="caption" sx={{ display: 'flex', alignItems: 'center', gap: 0.5 }}>
          <svg width={14} height={14} aria-hidden>
            <rect x={0.5} y={0.5} width={13} height={13} fill={`url(#${id}-${i})`} stroke={colours[i]} />
          </svg>
          {name}
        </Typography>
      ))}
    </Box>
  );
}

/** Columns over days or weeks. @param stacked on top of each other, else side by side */
export function Columns({
  id,
  label,
  names,
  parts,
  stacked = false,
}: {
  id: string;
  label: string;
  names: readonly string[];
  parts: readonly Part[];
  stacked?: boolean;
}) {
  const { palette } = useTheme();
  const colours = [
    palette.primary.main,
    palette.error.main,
    palette.success.main,
    palette.warning.main,
    palette.secondary.main,
  ];
  const totals = names.map((_, i) => parts.map(({ values }) => values[i] ?? 0));
  const top = Math.max(
    1,
    ...totals.map((values) => (stacked ? values.reduce((a, b) => a + b, 0) : Math.max(...values))),
  );
  const slot = WIDTH / Math.max(names.length, 1);
  const bar = stacked ? slot * 0.75 : (slot * 0.8) / parts.length;
  const rects = totals.flatMap((values, i) => {
    let below = 0;
    return values.map((value, j) => {
      const height = (value / top) * (HEIGHT - 4);
      const x = i * slot + slot * 0.1 + (stacked ? 0 : j * bar);
      const y = HEIGHT - height - (stacked ? below : 0);
      below += height;
      return (
        value > 0 && (
          <rect
            key={`${i} ${j}`}
            {...{ x, y, height }}
            width={Math.max(1, bar - 1)}
            fill={`url(#${id}-${j})`}
            stroke={colours[j]}
            strokeWidth={1}
          />
        )
      );
    });
  });
  return (
    <Box>
      <Legend {...{ id, parts, colours }} />
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + 2}`} width="100%" role="img" aria-label={label}>
        <Patterns id={id} colours={colours.slice(0, parts.length)} paper={palette.background.paper} />
        <line x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} stroke={palette.divider} />
        {rects}
      </svg>
      <Box sx={{ display: 'flex', justifyContent: 'space-between' }}>
        <Typography variant="caption">{names[0]}</Typography>
        <Typography variant="caption">≤ {top}</Typography>
        <Typography variant="caption">{names.at(-1)}</Typography>
      </Box>
    </Box>
  );
}

/** Ten bins of scores as small columns, with the mean as a mark. */
export function Histogram({ bins, mean, label }: { bins: readonly number[]; mean: number; label: string }) {
  const { palette } = useTheme();
  const top = Math.max(1, ...bins);
  return (
    <svg viewBox="0 0 100 40" width="100%" height={56} preserveAspectRatio="none" role="img" aria-label={label}>
      {bins.map((count, i) => (
        <rect
          key={i}
          x={i * 10 + 0.5}
          width={9}
          y={36 - (count / top) * 34}
          height={(count / top) * 34}
          fill={palette.primary.main}
        />
      ))}
      <line x1={0} x2={100} y1={36} y2={36} stroke={palette.divider} />
      <path d={`M${mean * 100 - 2} 40L${mean * 100} 36L${mean * 100 + 2} 40Z`} fill={palette.error.main} />
    </svg>
  );
}

/** A line over weeks between 0 and 1 (kappa, shares); gaps where there is no number. */
export function Line({ values, label }: { values: readonly (number | null)[]; label: string }) {
  const { palette } = useTheme();
  const step = WIDTH / Math.max(values.length - 1, 1);
  const y = (value: number) => HEIGHT - 6 - Math.max(0, value) * (HEIGHT - 12);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width="100%" role="img" aria-label={label}>
      {[0, 0.5, 1].map((value) => (
        <line key={value} x1={0} x2={WIDTH} y1={y(value)} y2={y(value)} stroke={palette.divider} />
      ))}
      {values.map((value, i) => {
        const before = values[i - 1];
        return (
          value !== null && (
            <g key={i}>
              {before !== null && before !== undefined && (
                <line
                  x1={(i - 1) * step}
                  y1={y(before)}
                  x2={i * step}
                  y2={y(value)}
                  stroke={palette.primary.main}
                  strokeWidth={2}
                />
              )}
              <circle cx={Math.min(WIDTH - 5, Math.max(5, i * step))} cy={y(value)} r={4} fill={palette.primary.main} />
            </g>
          )
        );
      })}
    </svg>
  );
}
