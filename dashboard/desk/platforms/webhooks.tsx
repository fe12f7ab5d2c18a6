import { Alert, Box, Button, Chip, TableCell, TableRow, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { DeskWebhook, WebhookEventType } from '#contracts';
import { when } from '../format.js';
import { useWords } from '../i18n.js';
import { Choices } from '../parts/choice.js';
import { Fault } from '../parts/fault.js';
import { FormDialog } from '../parts/form-dialog.js';
import { Grid } from '../parts/grid.js';
import { Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { may } from '../session.js';
import { call, get, post } from '../wire.js';
import { Deliveries } from './deliveries.js';
import { Secret } from './secret.js';
import { TenantChoice, useTenants } from './tenants.js';

/** Events are called as they are in what is sent. */
const EVENTS: Readonly<{ [Type in WebhookEventType]: Type }> = {
  'video.completed': 'video.completed',
  'video.failed': 'video.failed',
  'clip.held': 'clip.held',
  'clip.withdrawn': 'clip.withdrawn',
  'consent.granted': 'consent.granted',
  'consent.revoked': 'consent.revoked',
  'guardian.alert': 'guardian.alert',
  'child_safety.case': 'child_safety.case',
  'statement.created': 'statement.created',
  'appeal.decided': 'appeal.decided',
  'report.decided': 'report.decided',
  'account.changed': 'account.changed',
};

const COLOURS = { unused: 'default', waiting: 'default', working: 'success', failing: 'error' } as const;

function AddDialog({ onClose, onMade }: { onClose: () => void; onMade: (one: DeskWebhook) => void }) {
  const { w } = useWords();
  const { busy, change } = useChange('webhooks');
  const { names, only } = useTenants();
  const [tenant, setTenant] = useState('');
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<WebhookEventType[]>(['video.completed', 'video.failed', 'statement.created']);
  const body = { tenant: tenant || only, url: url.trim(), event_types: events };
  const add = async () => {
    if (await change(async () => onMade(await post<DeskWebhook>('/v1/desk/webhooks', body)))) onClose();
  };
  return (
    <FormDialog
      open
      title={w.platforms.newWebhook}
      action={w.platforms.add}
      ready={!busy && body.tenant !== '' && URL.canParse(body.url) && events.length > 0}
      onClose={onClose}
      onDone={() => void add()}
    >
      <TenantChoice value={body.tenant} names={names} onChange={setTenant} />
      <TextField
        label={w.platforms.url}
        helperText={w.platforms.urlHelp}
        type="url"
        value={url}
        onChange={({ target }) => setUrl(target.value)}
        required
        autoFocus
      />
      <Choices label={w.platforms.events} values={events} names={EVENTS} onChange={setEvents} />
    </FormDialog>
  );
}

function RemoveDialog({ one, onClose }: { one: DeskWebhook; onClose: () => void }) {
  const { w } = useWords();
  const { busy, change } = useChange('webhooks');
  const remove = async () => {
    if (await change(() => call('DELETE', `/v1/desk/webhooks/${one.id}`))) onClose();
  };
  return (
    <FormDialog
      open
      danger
      title={w.platforms.removeTitle}
      action={w.remove}
      ready={!busy}
      onClose={onClose}
      onDone={() => void remove()}
    >
      <Typography sx={{ overflowWrap: 'anywhere' }}>{one.url}</Typography>
      <Typography variant="body2">{w.platforms.removeHelp}</Typography>
    </FormDialog>
  );
}

interface RowProps {
  one: DeskWebhook;
  shown: boolean;
  onShow: () => void;
  onRemove: () => void;
  onSecret: (one: DeskWebhook) => void;
}

function Row({ one, shown, onShow, onRemove, onSecret }: RowProps) {
  const { w, lang } = useWords();
  const { busy, change } = useChange('webhooks', 'deliveries');
  const send = () => void change(() => post(`/v1/desk/webhooks/${one.id}/test`), w.platforms.testSent);
  const rotate = () =>
    void change(async () => onSecret(await post<DeskWebhook>(`/v1/desk/webhooks/${one.id}/rotate_secret`)));
  return (
    <TableRow>
      <TableCell component="th" scope="row" sx={{ overflowWrap: 'anywhere', minWidth: 240 }}>
        {one.url}
      </TableCell>
      <TableCell>{one.tenant.name}</TableCell>
      <TableCell>
        <Box component="details">
          <summary>{w.platforms.eventCount(one.event_types.length)}</summary>
          <Typography variant="caption">{one.event_types.join(', ')}</Typography>
        </Box>
      </TableCell>
      <TableCell>
        <Chip
          size="small"
          variant="outlined"
          color={COLOURS[one.state]}
          label={w.platforms.states[one.state]}
          title={one.last ? when(one.last.created_at, lang) : undefined}
        />
      </TableCell>
      <TableCell>
        <Box sx={{ display: 'flex', flexWrap: 'wrap' }}>
          <Button
            size="small"
            aria-expanded={shown}
            onClick={onShow}
            aria-label={`${w.platforms.deliveries}: ${one.url}`}
          >
            {w.platforms.deliveries}
          </Button>
          {may('webhook.edit') && (
            <>
              <Button size="small" disabled={busy} onClick={send} aria-label={`${w.platforms.test}: ${one.url}`}>
                {w.platforms.test}
              </Button>
              <Button size="small" disabled={busy} onClick={rotate} aria-label={`${w.platforms.rotate}: ${one.url}`}>
                {w.platforms.rotate}
              </Button>
              <Button size="small" color="error" onClick={onRemove} aria-label={`${w.remove}: ${one.url}`}>
                {w.remove}
              </Button>
            </>
          )}
        </Box>
      </TableCell>
    </TableRow>
  );
}

/** Where platforms hear of events, and how that goes. */
export function Webhooks() {
  const { w } = useWords();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<DeskWebhook | null>(null);
  const [removing, setRemoving] = useState<DeskWebhook | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const { data, error } = useQuery({
    queryKey: ['webhooks'],
    queryFn: () => get<{ data: DeskWebhook[] }>('/v1/desk/webhooks'),
    refetchInterval: 10_000,
  });
  const open = data?.data.find(({ id }) => id === shown);
  const heads = [w.platforms.url, w.makers.tenant, w.platforms.events, w.platforms.state, w.actions];
  return (
    <>
      <Fault error={error} />
      {secret?.secret && (
        <Secret text={w.platforms.secretOnce(secret.url)} value={secret.secret} onClose={() => setSecret(null)} />
      )}
      <Panel
        title={w.platforms.webhooks}
        aside={
          may('webhook.edit') && (
            <Button variant="contained" onClick={() => setAdding(true)}>
              {w.platforms.newWebhook}
            </Button>
          )
        }
      >
        {data?.data.length === 0 && <Alert severity="info">{w.platforms.noWebhooks}</Alert>}
        {data && data.data.length > 0 && (
          <Grid label={w.platforms.webhooks} heads={heads}>
            {data.data.map((one) => (
              <Row
                key={one.id}
                one={one}
                shown={one.id === shown}
                onShow={() => setShown(one.id === shown ? null : one.id)}
                onRemove={() => setRemoving(one)}
                onSecret={setSecret}
              />
            ))}
          </Grid>
        )}
      </Panel>
      {open && <Deliveries endpoint={open} />}
      {adding && <AddDialog onClose={() => setAdding(false)} onMade={setSecret} />}
      {removing && <RemoveDialog one={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}
