import { Box, Chip, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import type { PolicyChange, PolicyDiff, PolicyVersionView, TextLine } from '#contracts';
import { decimal } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { Panel } from '../parts/panel.js';
import { get } from '../wire.js';

const SIGNS = { keep: ' ', add: '+', remove: '−' } as const;

function Lines({ lines }: { lines: readonly TextLine[] }) {
  return (
    <Box
      component="pre"
      tabIndex={0}
      sx={{ m: 0, mb: 1, p: 1, overflow: 'auto', fontSize: 12, border: 1, borderColor: 'divider', borderRadius: 1 }}
    >
      {lines.map(({ op, from, to, text }) => (
        <Box
          key={`${from} ${to}`}
          component="span"
          sx={{
            display: 'block',
            fontWeight: op === 'keep' ? 400 : 650,
            textDecoration: op === 'remove' ? 'line-through' : 'none',
          }}
        >
          {String(to ?? from ?? '').padStart(4)} {SIGNS[op]} {text}
        </Box>
      ))}
    </Box>
  );
}

/** One difference in words. */
function useChangeWords(): (change: PolicyChange) => string {
  const { w, lang } = useWords();
  const score = (value: number | null) => (value === null ? w.policies.never : decimal(value, lang));
  const limit = (value: string | number | boolean | null) =>
    typeof value === 'boolean' ? w.policies.yesNo[value ? 'yes' : 'no'] : value === '' ? '–' : (value ?? '∞');
  return (change) => {
    switch (change.kind) {
      case 'threshold':
        return `${w.policies.stages[change.stage]}, ${change.family}, ${w.audiences[change.audience]}: ${w.policies.from[change.outcome]} ${score(change.from)} → ${score(change.to)}`;
      case 'family':
        return `${w.policies.stages[change.stage]}: ${change.family} ${w.policies[change.change]}`;
      case 'unable':
        return `${w.policies.stages[change.stage]}, ${change.family}: ${w.policies.unable} ${change.from} → ${change.to}`;
      case 'required':
        return `${w.policies.stages[change.stage]}: ${w.policies.required} ${change.detector} ${w.policies[change.change]}`;
      case 'combination':
        return `${w.policies.combination} ${change.id}: ${change.from ? (change.to ? w.policies.altered : w.policies.removed) : w.policies.added}`;
      case 'category':
        return `${w.categories[change.category]}: ${w.policies.what[change.what]} ${String(change.from)} → ${String(change.to)}`;
      case 'wording':
        return `${change.category ? w.categories[change.category] : ''} ${change.what} (${change.locale}): « ${change.from} » → « ${change.to} »`;
      case 'makers':
        return `${w.policies.bands[change.band]}, ${w.policies.makers[change.what]}: ${limit(change.from)} → ${limit(change.to)}`;
      case 'effective':
        return `${w.policies.effective}: ${change.from} → ${change.to}`;
    }
  };
}

/** What differs from the version that decides now: meaning first, text below. */
export function DiffPanel({ version }: { version: PolicyVersionView }) {
  const { w } = useWords();
  const words = useChangeWords();
  const { data, error } = useQuery({
    queryKey: ['policy.diff', version.id, version.sha256],
    queryFn: () => get<PolicyDiff>(`/v1/desk/policies/${version.id}/diff`),
    enabled: version.state !== 'live',
  });
  if (version.state === 'live') return null;
  return (
    <Panel title={w.policies.diff}>
      <Fault error={error} />
      {data?.changes.length === 0 && <Typography variant="body2">{w.policies.same}</Typography>}
      <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
        {data?.changes.map((change, i) => (
          <li key={i}>
            {words(change)}{' '}
            {'effect' in change && (
              <Chip
                size="small"
                variant="outlined"
                color={change.effect === 'laxer' ? 'warning' : 'default'}
                label={w.policies.effects[change.effect]}
              />
            )}
          </li>
        ))}
      </Box>
      {data && data.text.length > 0 && (
        <Box component="details" sx={{ mt: 1 }}>
          <summary>{w.policies.textDiff}</summary>
          {data.text.map((lines, i) => (
            <Lines key={i} lines={lines} />
          ))}
        </Box>
      )}
    </Panel>
  );
}
