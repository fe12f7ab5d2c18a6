import { Button, TableCell, TableRow, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { CaseOutcome, Category, GoldenList, GoldenView } from '#contracts';
import { percent, when } from '../format.js';
import { useWords } from '../i18n.js';
import { Choice } from '../parts/choice.js';
import { Fault } from '../parts/fault.js';
import { FormDialog } from '../parts/form-dialog.js';
import { Grid } from '../parts/grid.js';
import { Page } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { call, get, post } from '../wire.js';

function AddDialog({ onClose }: { onClose: () => void }) {
  const { w } = useWords();
  const { busy, change } = useChange('golden');
  const [caseId, setCaseId] = useState('');
  const [outcome, setOutcome] = useState<CaseOutcome>('refuse');
  const [category, setCategory] = useState<Category>('other');
  const [why, setWhy] = useState('');
  const { escalate: _, ...outcomes } = w.outcomes;
  const add = async () => {
    if (await change(() => post('/v1/desk/golden', { case_id: caseId.trim(), outcome, category, why }))) onClose();
  };
  return (
    <FormDialog
      open
      title={w.golden.add}
      action={w.save}
      ready={!busy && caseId.trim() !== '' && why.trim().length >= 3}
      onClose={onClose}
      onDone={() => void add()}
    >
      <TextField
        label={w.routing.caseId}
        helperText={w.golden.closedOnly}
        value={caseId}
        onChange={({ target }) => setCaseId(target.value)}
        required
        autoFocus
      />
      <Choice label={w.golden.answer} value={outcome} names={outcomes} onChange={setOutcome} />
      <Choice label={w.category} value={category} names={w.categories} onChange={setCategory} />
      <TextField
        label={w.golden.why}
        value={why}
        onChange={({ target }) => setWhy(target.value)}
        multiline
        minRows={2}
        required
      />
    </FormDialog>
  );
}

/** The set of cases whose right answer is known; readers meet them unseen. */
export function Golden() {
  const { w, lang } = useWords();
  const { busy, change } = useChange('golden');
  const [adding, setAdding] = useState(false);
  const { data, error } = useQuery({ queryKey: ['golden'], queryFn: () => get<GoldenList>('/v1/desk/golden') });
  const heads = [
    w.golden.case,
    w.golden.answer,
    w.category,
    w.golden.why,
    w.golden.shown,
    w.golden.right,
    w.golden.since,
    w.actions,
  ];
  const row = (item: GoldenView) => (
    <TableRow key={item.id}>
      <TableCell component="th" scope="row">
        <code>{item.case_id}</code>
      </TableCell>
      <TableCell>{w.outcomes[item.outcome]}</TableCell>
      <TableCell>{w.categories[item.category]}</TableCell>
      <TableCell>{item.why}</TableCell>
      <TableCell>{item.shown}</TableCell>
      <TableCell>{item.shown ? `${item.right} (${percent(item.right / item.shown, lang)})` : '–'}</TableCell>
      <TableCell>{when(item.created_at, lang)}</TableCell>
      <TableCell>
        {item.retired_at ? (
          w.golden.retired
        ) : (
          <Button
            size="small"
            color="error"
            disabled={busy}
            aria-label={`${w.golden.retire} ${item.case_id}`}
            onClick={() => void change(() => call('DELETE', `/v1/desk/golden/${item.id}`))}
          >
            {w.golden.retire}
          </Button>
        )}
      </TableCell>
    </TableRow>
  );
  return (
    <Page
      title={w.golden.title}
      intro={w.golden.intro}
      actions={
        <Button variant="contained" onClick={() => setAdding(true)}>
          {w.golden.add}
        </Button>
      }
    >
      <Fault error={error} />
      <Panel title={w.golden.set}>
        {data?.data.length === 0 && <Typography variant="body2">{w.golden.none}</Typography>}
        {data && data.data.length > 0 && (
          <Grid label={w.golden.set} heads={heads}>
            {data.data.map(row)}
          </Grid>
        )}
      </Panel>
      {adding && <AddDialog onClose={() => setAdding(false)} />}
    </Page>
  );
}
