import { Box, Button, Chip, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import type { StaffSessionItem } from '#contracts';
import { when } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { call, get } from '../wire.js';

/** Where one is signed in, and how to end that. */
export function SessionsPanel() {
  const { w, lang } = useWords();
  const { busy, change } = useChange('sessions');
  const { data, error } = useQuery({
    queryKey: ['sessions'],
    queryFn: () => get<{ data: StaffSessionItem[] }>('/v1/staff/sessions'),
  });
  const others = data?.data.filter(({ current }) => !current).length ?? 0;
  return (
    <Panel title={w.settings.sessions}>
      <Fault error={error} />
      {data?.data.map(({ device, ...one }) => (
        <Box key={one.id} sx={{ display: 'flex', gap: 1, alignItems: 'center', mb: 0.5 }}>
          <Typography variant="body2" sx={{ flexGrow: 1 }}>
            {device === 'other' ? w.settings.otherDevice : device}, {one.network} · {w.settings.methods[one.method]} ·{' '}
            {w.settings.seen(when(one.last_seen_at, lang))}
          </Typography>
          {one.current ? (
            <Chip size="small" label={w.settings.here} />
          ) : (
            <Button
              size="small"
              color="error"
              disabled={busy}
              aria-label={`${w.settings.end} ${device}`}
              onClick={() => void change(() => call('DELETE', `/v1/staff/sessions/${one.id}`))}
            >
              {w.settings.end}
            </Button>
          )}
        </Box>
      ))}
      {others > 0 && (
        <Button
          variant="outlined"
          color="error"
          disabled={busy}
          onClick={() => void change(() => call('DELETE', '/v1/staff/sessions'))}
        >
          {w.settings.endOthers}
        </Button>
      )}
    </Panel>
  );
}
