import { Button, Chip, TableCell, TableRow, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import type { DeskWebhook, WebhookDeliveryView } from '#contracts';
import { when } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { Grid } from '../parts/grid.js';
import { Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { may } from '../session.js';
import { get, post } from '../wire.js';

const COLOURS = { pending: 'warning', delivered: 'success', given_up: 'error', cancelled: 'default' } as const;

function Row({ endpoint, one }: { endpoint: string; one: WebhookDeliveryView }) {
  const { w, lang } = useWords();
  const { busy, change } = useChange('deliveries', 'webhooks');
  const again = () =>
    void change(() => post(`/v1/desk/webhooks/${endpoint}/deliveries/${one.id}/again`), w.platforms.sentAgain);
  return (
    <TableRow>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{when(one.created_at, lang)}</TableCell>
      <TableCell>{one.type}</TableCell>
      <TableCell sx={{ overflowWrap: 'anywhere' }}>
        <code>{one.subject}</code>
      </TableCell>
      <TableCell>
        <Chip
          size="small"
          variant="outlined"
          color={COLOURS[one.state]}
          label={w.platforms.deliveryStates[one.state]}
        />
      </TableCell>
      <TableCell align="right">{one.attempts}</TableCell>
      <TableCell>{one.last_status ?? one.last_error ?? '–'}</TableCell>
      <TableCell>{one.next_at ? when(one.next_at, lang) : '–'}</TableCell>
      <TableCell>
        {may('webhook.edit') && (
          <Button
            size="small"
            disabled={busy || one.state === 'pending'}
            onClick={again}
            aria-label={`${w.platforms.sendAgain} ${one.event_id}`}
          >
            {w.platforms.sendAgain}
          </Button>
        )}
      </TableCell>
    </TableRow>
  );
}

/** What was sent to an endpoint lately and how it went. */
export function Deliveries({ endpoint }: { endpoint: DeskWebhook }) {
  const { w } = useWords();
  const { data, error } = useQuery({
    queryKey: ['deliveries', endpoint.id],
    queryFn: () => get<{ data: WebhookDeliveryView[] }>(`/v1/desk/webhooks/${endpoint.id}/deliveries`),
    refetchInterval: ({ state }) => (state.data?.data.some((one) => one.state === 'pending') ? 2_000 : 10_000),
  });
  const heads = [
    ...[w.audit.at, w.platforms.event, w.platforms.subject, w.platforms.state, w.platforms.attempts],
    ...[w.platforms.answer, w.platforms.nextAt, w.actions],
  ];
  return (
    <Panel title={w.platforms.deliveriesOf(endpoint.url)}>
      <Fault error={error} />
      {data?.data.length === 0 && <Typography variant="body2">{w.platforms.noDeliveries}</Typography>}
      {data && data.data.length > 0 && (
        <Grid label={w.platforms.deliveries} heads={heads} right={[4]}>
          {data.data.map((one) => (
            <Row key={one.id} endpoint={endpoint.id} one={one} />
          ))}
        </Grid>
      )}
      <Typography variant="caption" color="textSecondary" component="p" sx={{ mt: 1 }}>
        {w.platforms.signatureHelp}
      </Typography>
    </Panel>
  );
}
