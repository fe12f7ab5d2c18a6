import ArrowBackIcon from '@mui/icons-material/ArrowBack';
import GroupIcon from '@mui/icons-material/Group';
import LockClockIcon from '@mui/icons-material/LockClock';
import { Box, Button, Chip, Paper, Typography } from '@mui/material';
import { LinkBase } from 'react-admin';
import type { CaseView } from '#contracts';
import { countdown, decimal, shortId } from '../format.js';
import { useWords } from '../i18n.js';
import { ClockChip } from '../parts/clock-chip.js';
import { useNow } from '../parts/now.js';
import type { Lease } from './use-lease.js';

/** The lease as a countdown; not read out every second. */
function LeaseChip({ lease }: { lease: Lease }) {
  const { w } = useWords();
  const now = useNow();
  if (lease.lost) return <Chip size="small" color="error" icon={<LockClockIcon />} label={w.review.leaseLost} />;
  if (!lease.mine || !lease.until) return null;
  return (
    <Chip
      size="small"
      variant="outlined"
      icon={<LockClockIcon />}
      label={<span aria-hidden>{w.review.lease(countdown(Date.parse(lease.until) - now))}</span>}
      title={w.review.leaseHelp}
    />
  );
}

/** Priority with its parts. */
function Priority({ view: { priority: p } }: { view: CaseView }) {
  const { w, lang } = useWords();
  const n = (value: number) => decimal(value, lang);
  return (
    <Typography variant="body2" title={w.review.priorityHelp} sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}>
      {w.review.priority} <strong>{n(p.score)}</strong> = {w.review.severity} {n(p.severity)} × {w.review.reach}{' '}
      {n(p.reach)} × {w.review.doubt} {n(p.doubt)} × {w.review.timeLeft} {n(p.time_left)}
    </Typography>
  );
}

/** What stands above a case: which it is, how long there is, who else looks. */
export function TopBar({ view, lease }: { view: CaseView; lease: Lease }) {
  const { w } = useWords();
  return (
    <Paper
      component="header"
      square
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 1,
        px: 2,
        py: 0.75,
        borderBottom: 1,
        borderColor: 'divider',
        flexWrap: 'wrap',
      }}
    >
      <Button component={LinkBase} to="/" size="small" startIcon={<ArrowBackIcon />}>
        {w.shift.title}
      </Button>
      <Typography variant="h1" sx={{ fontSize: '1rem' }} title={view.id}>
        {w.review.case} {shortId(view.id)}
      </Typography>
      <Chip size="small" label={w.kinds[view.kind]} />
      {view.stage !== 'first' && <Chip size="small" color="secondary" label={w.stages[view.stage]} />}
      <Chip size="small" variant="outlined" label={view.queue.name} />
      <ClockChip clock={view.clock} />
      <LeaseChip lease={lease} />
      <Chip size="small" variant="outlined" icon={<GroupIcon />} label={w.review.looking(lease.viewers)} />
      <Box sx={{ flexGrow: 1 }} />
      <Priority view={view} />
    </Paper>
  );
}
