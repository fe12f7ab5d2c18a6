import PlayArrowIcon from '@mui/icons-material/PlayArrow';
import SelfImprovementIcon from '@mui/icons-material/SelfImprovement';
import {
  Alert,
  Box,
  Button,
  Card,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  LinearProgress,
  TableCell,
  TableRow,
  Typography,
} from '@mui/material';
import { useEffect, useState, type ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-admin';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueueView, ShiftView } from '#contracts';
import { percent, span } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { Grid } from '../parts/grid.js';
import { useNow } from '../parts/now.js';
import { Page } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { caseUrl, takeNext } from '../review/leases.js';
import { may } from '../session.js';
import { get } from '../wire.js';

function Figure({ name, value, help, children }: { name: string; value: string; help?: string; children?: ReactNode }) {
  return (
    <Card sx={{ p: 1.5, minWidth: 180, flex: '1 1 180px' }}>
      <Typography variant="body2" color="textSecondary">
        {name}
      </Typography>
      <Typography sx={{ fontSize: '1.6rem', fontWeight: 650, fontVariantNumeric: 'tabular-nums' }}>{value}</Typography>
      {children}
      {help && (
        <Typography variant="caption" color="textSecondary">
          {help}
        </Typography>
      )}
    </Card>
  );
}

function Figures({ shift }: { shift: ShiftView }) {
  const { w, lang } = useWords();
  const { unblurred_s: seen, budget_s: budget, take_a_break: enough } = shift.exposure;
  const agreed = (share: number | null) => (share === null ? w.shift.tooFew : percent(share, lang));
  return (
    <Box sx={{ display: 'flex', gap: 1.5, flexWrap: 'wrap', mb: 2 }}>
      <Figure
        name={w.shift.decided}
        value={String(shift.decided_today)}
        help={shift.median_decision_s === null ? undefined : w.shift.median(span(shift.median_decision_s, lang))}
      />
      <Figure
        name={w.shift.exposure}
        value={span(seen, lang)}
        help={enough ? w.shift.enough : w.shift.budget(span(budget, lang))}
      >
        <LinearProgress
          variant="determinate"
          aria-label={w.shift.exposure}
          value={Math.min(100, (seen / (budget || 1)) * 100)}
          color={enough ? 'warning' : 'primary'}
          sx={{ my: 0.5 }}
        />
      </Figure>
      <Figure name={w.shift.golden} value={agreed(shift.golden.agreed)} help={w.shift.items(shift.golden.items)} />
      <Figure
        name={w.shift.second}
        value={agreed(shift.second.agreed)}
        help={w.shift.readings(shift.second.readings)}
      />
    </Box>
  );
}

function QueueRow({ queue, onStart }: { queue: QueueView; onStart: () => void }) {
  const { w, lang } = useWords();
  const now = useNow(30_000);
  const left = queue.next_due_at ? (Date.parse(queue.next_due_at) - now) / 1000 : null;
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        {queue.name}
        {queue.is_default && ` (${w.queues.default})`}
      </TableCell>
      <TableCell align="right">{queue.open}</TableCell>
      <TableCell align="right">{queue.leased}</TableCell>
      <TableCell>{queue.oldest_at ? span((now - Date.parse(queue.oldest_at)) / 1000, lang) : '–'}</TableCell>
      <TableCell>
        {left === null ? '–' : left < 0 ? <strong>{w.clock.late(span(left, lang))}</strong> : span(left, lang)}
        {queue.breached > 0 && ` · ${w.queues.breached(queue.breached)}`}
      </TableCell>
      <TableCell align="right">
        {may('case.take') && (
          <Button
            size="small"
            variant="outlined"
            disabled={queue.open - queue.leased <= 0}
            onClick={onStart}
            aria-label={w.shift.startIn(queue.name)}
          >
            {w.shift.start}
          </Button>
        )}
      </TableCell>
    </TableRow>
  );
}

function BreakDialog({ open, onRest, onGoOn }: { open: boolean; onRest: () => void; onGoOn: () => void }) {
  const { w } = useWords();
  return (
    <Dialog open={open} onClose={onRest} aria-labelledby="break-title">
      <DialogTitle id="break-title" sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
        <SelfImprovementIcon aria-hidden /> {w.shift.break}
      </DialogTitle>
      <DialogContent>
        <Typography>{w.shift.breakHelp}</Typography>
      </DialogContent>
      <DialogActions>
        <Button onClick={onGoOn}>{w.shift.goOn}</Button>
        <Button variant="contained" onClick={onRest} autoFocus>
          {w.shift.rest}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** Takes the next case and goes to it, or says that there is none. */
function useStart() {
  const navigate = useNavigate();
  const { search } = useLocation();
  const none = new URLSearchParams(search).has('empty');
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [empty, setEmpty] = useState(none);
  const start = async (queue?: string) => {
    setError(null);
    setEmpty(false);
    try {
      const next = await takeNext(client, queue);
      if (next) navigate(caseUrl(next, queue));
      else setEmpty(true);
    } catch (e) {
      setError(e);
    }
  };
  useEffect(() => {
    if (none) setEmpty(true);
  }, [none]);
  return { start, error, empty };
}

/** How the day stands, and the button that begins the work. */
export function Shift() {
  const { w } = useWords();
  const navigate = useNavigate();
  const { search } = useLocation();
  const resting = new URLSearchParams(search).has('break');
  const { start, error, empty } = useStart();
  const shift = useQuery({ queryKey: ['shift'], queryFn: () => get<ShiftView>('/v1/desk/shift') });
  const { data } = shift;
  const holding = data?.holding;
  const actions = may('case.take') && data && (
    <Button
      size="large"
      variant="contained"
      startIcon={<PlayArrowIcon />}
      onClick={() => (holding ? navigate(caseUrl(holding.case_id)) : void start())}
    >
      {holding ? w.shift.resume : w.shift.startAll}
    </Button>
  );
  return (
    <Page title={w.shift.title} actions={actions}>
      <Fault error={error ?? shift.error} />
      <div role="status">
        {empty && (
          <Alert severity="success" sx={{ mb: 2 }}>
            {w.shift.empty}
          </Alert>
        )}
      </div>
      {data && <Figures shift={data} />}
      {data && (
        <Panel title={w.shift.queues}>
          {data.queues.length === 0 ? (
            <Typography>{w.shift.noQueues}</Typography>
          ) : (
            <Grid
              label={w.shift.queues}
              right={[1, 2]}
              heads={[
                ...[w.queues.name, w.queues.open, w.queues.leased, w.queues.oldest, w.queues.breachIn],
                <span key="start" className="said">
                  {w.shift.start}
                </span>,
              ]}
            >
              {data.queues.map((queue) => (
                <QueueRow key={queue.id} queue={queue} onStart={() => void start(queue.id)} />
              ))}
            </Grid>
          )}
        </Panel>
      )}
      <BreakDialog open={resting} onRest={() => navigate('/')} onGoOn={() => void start()} />
    </Page>
  );
}
