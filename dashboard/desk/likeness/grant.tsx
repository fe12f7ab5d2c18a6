import { Typography } from '@mui/material';
import type { Grant } from '#contracts';
import { Foreign } from '../../shared/foreign.js';
import { when } from '../format.js';
import { useWords } from '../i18n.js';

/** Who may use a likeness, for what not, where and until when. @param lead where nothing around it says that it is a leave */
export function GrantWords({
  grant,
  lead = false,
}: {
  grant: Pick<Grant, 'audience' | 'limits' | 'places' | 'until'>;
  lead?: boolean;
}) {
  const { w, lang } = useWords();
  const { audience, limits, places, until } = grant;
  const told = [
    lead ? w.people.given(w.people.audiences[audience]) : w.people.audiences[audience],
    ...(places.length > 0 ? [w.people.only(places.join(', '))] : []),
    ...(until ? [w.people.until(when(until, lang))] : []),
    ...(limits.no.length > 0 ? [w.people.never(limits.no.map((one) => w.people.content[one]).join(', '))] : []),
  ];
  return (
    <Typography variant="body2" color="textSecondary" component="div">
      {told.join(' · ')}
      {limits.never.map((line) => (
        <span key={line}>
          {' · '}
          {w.people.neverMe} <Foreign text={line} max={200} />
        </span>
      ))}
    </Typography>
  );
}
