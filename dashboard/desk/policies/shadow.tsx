import { FormControlLabel, Switch, TableCell, TableRow, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import type { PolicyVersionView, ShadowNumbers } from '#contracts';
import { percent } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { Grid } from '../parts/grid.js';
import { Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { may } from '../session.js';
import { get, post } from '../wire.js';

function Cells({ cells }: { cells: ShadowNumbers['cells'] }) {
  const { w } = useWords();
  return (
    <Grid
      label={w.policies.shadow}
      heads={[
        w.policies.stage,
        w.review.age,
        w.category,
        w.policies.liveSays,
        w.policies.thisSays,
        w.policies.decisions,
      ]}
    >
      {cells.map((cell, i) => (
        <TableRow key={i}>
          <TableCell>{w.policies.stages[cell.stage]}</TableCell>
          <TableCell>{w.audiences[cell.audience]}</TableCell>
          <TableCell>{cell.category ? w.categories[cell.category] : '–'}</TableCell>
          <TableCell>{w.policies.says[cell.live]}</TableCell>
          <TableCell>
            {cell.shadow === cell.live ? (
              w.policies.says[cell.shadow]
            ) : (
              <strong>≠ {w.policies.says[cell.shadow]}</strong>
            )}
          </TableCell>
          <TableCell>{cell.decisions}</TableCell>
        </TableRow>
      ))}
    </Grid>
  );
}

/** What the version decides beside the live one, without acting. */
export function ShadowPanel({ version }: { version: PolicyVersionView }) {
  const { w, lang } = useWords();
  const { busy, change } = useChange('policy', 'policies', 'policy.shadow');
  const draft = version.state === 'draft' || version.state === 'scheduled';
  const { data, error } = useQuery({
    queryKey: ['policy.shadow', version.id],
    queryFn: () => get<ShadowNumbers>(`/v1/desk/policies/${version.id}/shadow`),
    enabled: draft,
    retry: false,
  });
  if (!draft) return null;
  return (
    <Panel
      title={w.policies.shadow}
      aside={
        may('policy.test') && (
          <FormControlLabel
            control={
              <Switch
                checked={version.shadow}
                disabled={busy}
                onChange={(_, on) => void change(() => post(`/v1/desk/policies/${version.id}/shadow`, { on }))}
              />
            }
            label={w.policies.shadowOn}
          />
        )
      }
    >
      <Fault error={error} />
      {data && (
        <Typography variant="body2">
          {w.policies.shadowNumbers(
            data.decisions,
            data.decisions ? percent(data.agreed / data.decisions, lang, 1) : '–',
            data.errors,
          )}
        </Typography>
      )}
      {data && data.cells.length > 0 && <Cells cells={data.cells} />}
    </Panel>
  );
}
