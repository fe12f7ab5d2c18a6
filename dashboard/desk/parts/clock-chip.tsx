import AlarmIcon from '@mui/icons-material/Alarm';
import AlarmOnIcon from '@mui/icons-material/AlarmOn';
import { Chip } from '@mui/material';
import type { CaseClock } from '#contracts';
import { span, when } from '../format.js';
import { useWords } from '../i18n.js';
import { useNow } from './now.js';

/** How long there is for a case: in words, with a sign of its own when it is late. */
export function ClockChip({ clock, size = 'small' }: { clock: CaseClock; size?: 'small' | 'medium' }) {
  const { w, lang } = useWords();
  const left = (Date.parse(clock.due_at) - useNow(10_000)) / 1000;
  if (clock.state === 'stopped') return <Chip size={size} variant="outlined" label={w.clock.stopped} />;
  const late = left < 0;
  const near = late || Date.parse(clock.warn_at) < Date.now();
  return (
    <Chip
      size={size}
      variant={late ? 'filled' : 'outlined'}
      color={late ? 'error' : near ? 'warning' : 'default'}
      icon={near ? <AlarmIcon /> : <AlarmOnIcon />}
      title={`${w.clock.kinds[clock.kind]}, ${when(clock.due_at, lang)}`}
      label={late ? w.clock.late(span(left, lang)) : w.clock.left(span(left, lang))}
    />
  );
}
