import { Button, Chip, TableCell, TableRow, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { QueueList, QueueView } from '#contracts';
import { percent, span } from '../format.js';
import { useWords } from '../i18n.js';
import { Choice } from '../parts/choice.js';
import { Fault } from '../parts/fault.js';
import { FormDialog } from '../parts/form-dialog.js';
import { Grid } from '../parts/grid.js';
import { Page } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { may } from '../session.js';
import { get, post, put } from '../wire.js';
import { RoutingPanel } from './routing.js';

const SHARES = ['second_share', 'golden_share', 'sample_share'] as const;
type Shares = Record<(typeof SHARES)[number], number>;

function ShareField({ label, value, onChange }: { label: string; value: number; onChange: (share: number) => void }) {
  return (
    <TextField
      label={label}
      type="number"
      value={Math.round(value * 1000) / 10}
      onChange={({ target }) => onChange(Math.min(1, Math.max(0, Number(target.value) / 100)))}
      slotProps={{ htmlInput: { min: 0, max: 100, step: 0.5 } }}
    />
  );
}

function EditDialog({ queue, onClose }: { queue: QueueView | 'new'; onClose: () => void }) {
  const { w } = useWords();
  const { busy, change } = useChange('queues', 'shift');
  const old = queue === 'new' ? null : queue;
  const [name, setName] = useState(old?.name ?? '');
  const [purpose, setPurpose] = useState<QueueView['purpose']>(old?.purpose ?? 'usual');
  const [shares, setShares] = useState<Shares>({
    second_share: old?.second_share ?? 0.05,
    golden_share: old?.golden_share ?? 0.02,
    sample_share: old?.sample_share ?? 0,
  });
  const save = async () => {
    const body = { name, ...shares };
    if (
      await change(() => (old ? put(`/v1/desk/queues/${old.id}`, body) : post('/v1/desk/queues', { ...body, purpose })))
    )
      onClose();
  };
  return (
    <FormDialog
      open
      title={old ? w.queues.edit(old.name) : w.queues.create}
      action={w.save}
      ready={!busy && name.trim() !== ''}
      onClose={onClose}
      onDone={() => void save()}
    >
      <TextField
        label={w.queues.name}
        value={name}
        onChange={({ target }) => setName(target.value)}
        required
        autoFocus
        slotProps={{ htmlInput: { maxLength: 60 } }}
      />
      {!old && <Choice label={w.queues.purpose} value={purpose} names={w.queues.purposes} onChange={setPurpose} />}
      {SHARES.map((share) => (
        <ShareField
          key={share}
          label={w.queues.shares[share]}
          value={shares[share]}
          onChange={(value) => setShares({ ...shares, [share]: value })}
        />
      ))}
    </FormDialog>
  );
}

function CloseDialog({
  queue,
  others,
  onClose,
}: {
  queue: QueueView;
  others: readonly QueueView[];
  onClose: () => void;
}) {
  const { w } = useWords();
  const { busy, change } = useChange('queues', 'shift', 'cases', 'routing');
  const [to, setTo] = useState(others.find(({ is_default }) => is_default)?.id ?? '');
  const close = async () => {
    if (await change(() => post(`/v1/desk/queues/${queue.id}/close`, { move_to: to }))) onClose();
  };
  return (
    <FormDialog
      open
      danger
      title={w.queues.closeTitle(queue.name)}
      action={w.queues.close}
      ready={!busy && to !== ''}
      onClose={onClose}
      onDone={() => void close()}
    >
      <Typography>{w.queues.closeHelp(queue.open)}</Typography>
      <Choice
        label={w.queues.moveTo}
        value={to}
        names={Object.fromEntries(others.map(({ id, name }) => [id, name]))}
        onChange={setTo}
      />
    </FormDialog>
  );
}

function QueueRow({ queue, onEdit, onClose }: { queue: QueueView; onEdit: () => void; onClose: () => void }) {
  const { w, lang } = useWords();
  const share = (value: number | null) => (value === null ? '–' : percent(value, lang, 1));
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        {queue.name} {queue.is_default && <Chip size="small" color="primary" label={w.queues.default} />}
        {queue.closed_at && <Chip size="small" label={w.queues.closed} />}
      </TableCell>
      <TableCell>{w.queues.purposes[queue.purpose]}</TableCell>
      <TableCell align="right">{queue.open}</TableCell>
      <TableCell align="right">{queue.leased}</TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>
        {queue.oldest_at ? span((Date.now() - Date.parse(queue.oldest_at)) / 1000, lang) : '–'}
      </TableCell>
      <TableCell align="right">{queue.breached}</TableCell>
      <TableCell align="right">{share(queue.second_share)}</TableCell>
      <TableCell align="right">{share(queue.golden_share)}</TableCell>
      <TableCell align="right">{share(queue.sample_share)}</TableCell>
      {may('queue.edit') && (
        <TableCell sx={{ whiteSpace: 'nowrap' }}>
          <Button size="small" onClick={onEdit} aria-label={w.queues.edit(queue.name)}>
            {w.edit}
          </Button>
          <Button
            size="small"
            color="error"
            disabled={queue.is_default || queue.closed_at !== null}
            onClick={onClose}
            aria-label={w.queues.closeTitle(queue.name)}
          >
            {w.queues.close}
          </Button>
        </TableCell>
      )}
    </TableRow>
  );
}

/** Queues, and the rules that say which case goes where. */
export function Queues() {
  const { w } = useWords();
  const { data, error } = useQuery({ queryKey: ['queues'], queryFn: () => get<QueueList>('/v1/desk/queues') });
  const [editing, setEditing] = useState<QueueView | 'new' | null>(null);
  const [closing, setClosing] = useState<QueueView | null>(null);
  const queues = data?.data ?? [];
  const heads = [
    w.queues.name,
    w.queues.purpose,
    w.queues.open,
    w.queues.leased,
    w.queues.oldest,
    w.queues.late,
    ...SHARES.map((share) => w.queues.shares[share]),
  ];
  return (
    <Page
      title={w.queues.title}
      intro={w.queues.intro}
      actions={
        may('queue.edit') && (
          <Button variant="contained" onClick={() => setEditing('new')}>
            {w.queues.create}
          </Button>
        )
      }
    >
      <Fault error={error} />
      <Panel title={w.queues.list}>
        <Grid
          label={w.queues.list}
          heads={[...heads, ...(may('queue.edit') ? [w.actions] : [])]}
          right={[2, 3, 5, 6, 7, 8]}
        >
          {queues.map((queue) => (
            <QueueRow key={queue.id} queue={queue} onEdit={() => setEditing(queue)} onClose={() => setClosing(queue)} />
          ))}
        </Grid>
      </Panel>
      {may('routing.read') && queues.length > 0 && (
        <RoutingPanel queues={queues.filter(({ closed_at }) => !closed_at)} />
      )}
      {editing && <EditDialog queue={editing} onClose={() => setEditing(null)} />}
      {closing && (
        <CloseDialog
          queue={closing}
          others={queues.filter(({ id, closed_at }) => id !== closing.id && !closed_at)}
          onClose={() => setClosing(null)}
        />
      )}
    </Page>
  );
}
