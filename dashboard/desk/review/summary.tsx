import PsychologyAltIcon from '@mui/icons-material/PsychologyAlt';
import { Alert, Box, Button, Typography } from '@mui/material';
import type { CaseView } from '#contracts';
import { clock } from '../../shared/format.js';
import { Foreign } from '../../shared/foreign.js';
import { percent } from '../format.js';
import { useWords } from '../i18n.js';

/** Why the case is here, in one line: signal, rule, policy and version. */
export function Why({ view }: { view: CaseView }) {
  const { w, lang } = useWords();
  const synthetic = view.why.rules.some((rule) => rule.synthetic);
  const sayers: Partial<Record<string, string>> = w.review.sayers;
  return (
    <Alert
      icon={<PsychologyAltIcon />}
      severity={view.why.rules.some(({ outcome }) => outcome === 'refuse') ? 'error' : 'warning'}
      variant="outlined"
      sx={{ py: 0, mb: 1 }}
    >
      <Typography component="p" variant="body2">
        <strong>{w.review.why}</strong> {view.why.line[lang]}
        {synthetic && ` ${w.review.rehearsal}`}
      </Typography>
      {view.statement && !view.why.line[lang].includes(view.statement.text) && (
        <Typography variant="body2" sx={{ mt: 0.5 }}>
          {w.review.saidBy(sayers[view.statement.by] ?? view.statement.by, view.statement.reports)} «{' '}
          <Foreign text={view.statement.text} max={600} /> »
        </Typography>
      )}
    </Alert>
  );
}

/** What is to be seen and heard, in words, before any picture. */
export function Summary({ view }: { view: CaseView }) {
  const { w, lang } = useWords();
  const over = view.bars.filter(({ score, threshold }) => score !== null && threshold !== null && score >= threshold);
  const loud = over.length ? over : view.bars.filter(({ score }) => (score ?? 0) >= 0.5);
  const unable = view.bars.filter(({ state }) => state === 'unable');
  const lines = [
    loud.length
      ? loud
          .slice(0, 4)
          .map(({ category, score, source }) =>
            w.review.found(
              w.categories[category],
              percent(score!, lang),
              (w.review.sources as Partial<Record<string, string>>)[source] ?? source,
            ),
          )
          .join(' ')
      : w.review.nothingLoud,
    unable.length > 0 &&
      w.review.unableAt([...new Set(unable.map(({ category }) => w.categories[category]))].join(', ')),
    view.speech && w.review.heard[view.speech.state](view.speech.utterances.length),
    view.texts.length > 0 && w.review.read(view.texts.length),
    view.faces.length > 0 && w.review.seenFaces(view.faces.length),
    view.matches.length > 0 && w.review.matched(view.matches.length),
  ].filter(Boolean);
  return (
    <Box component="section" aria-label={w.review.inWords}>
      <Typography variant="h2" sx={{ mb: 0.5 }}>
        {w.review.inWords}
      </Typography>
      {lines.map((line) => (
        <Typography key={String(line)} variant="body2" sx={{ mb: 0.5 }}>
          {line}
        </Typography>
      ))}
    </Box>
  );
}

/** Seconds worth looking at, each with its key. */
export function Moments({ view, onJump }: { view: CaseView; onJump: (nth: number) => void }) {
  const { w, lang } = useWords();
  if (!view.flagged.length) return null;
  return (
    <Box role="group" aria-label={w.review.moments} sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, mt: 1 }}>
      {view.flagged.map(({ at_s: moment, category, score }, i) => (
        <Button key={i} size="small" variant="outlined" onClick={() => onJump(i)} sx={{ py: 0, px: 0.75 }}>
          <Box component="kbd" sx={{ mr: 0.75, fontWeight: 700 }}>
            {i + 1}
          </Box>
          {clock(moment, lang, true)} {w.categories[category]} {percent(score, lang)}
        </Button>
      ))}
    </Box>
  );
}

/** What was said and written, each with its second. */
export function Lines({ view, onSeek }: { view: CaseView; onSeek: (second: number) => void }) {
  const { w, lang } = useWords();
  const lines = [
    ...(view.speech?.utterances ?? []).map(({ fromS, text }) => ({
      at: fromS,
      kind: w.review.speech,
      text: text ?? w.review.notUnderstood,
    })),
    ...view.texts.map(({ fromS, text }) => ({ at: fromS, kind: w.review.onScreen, text })),
  ].sort((a, b) => a.at - b.at);
  if (!lines.length) return null;
  return (
    <Box component="ul" aria-label={w.review.transcript} sx={{ m: 0, p: 0, listStyle: 'none' }}>
      {lines.map((line, i) => (
        <Box component="li" key={i} sx={{ display: 'flex', gap: 1, alignItems: 'baseline' }}>
          <Button
            size="small"
            onClick={() => onSeek(line.at)}
            sx={{ minWidth: 0, p: 0 }}
            aria-label={w.review.goTo(clock(line.at, lang, true))}
          >
            {clock(line.at, lang, true)}
          </Button>
          <Typography variant="body2">
            <Box component="span" sx={{ color: 'text.secondary' }}>
              {line.kind}:
            </Box>{' '}
            <Foreign text={line.text} max={300} />
          </Typography>
        </Box>
      ))}
    </Box>
  );
}
