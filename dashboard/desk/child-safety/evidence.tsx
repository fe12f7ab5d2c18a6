import { Box, Button, TableCell, TableRow, Typography } from '@mui/material';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { DeskSafetyCase, Evidence, Signal } from '#contracts';
import { Foreign } from '../../shared/foreign.js';
import { decimal, when } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { Grid } from '../parts/grid.js';
import { Facts, Panel } from '../parts/panel.js';
import type { Shown } from '../review/shown.js';
import { Storyboard } from '../review/storyboard.js';
import { useKeys } from '../review/use-keys.js';
import { useLooking } from '../review/use-looking.js';
import { Viewer } from '../review/viewer.js';
import { useWellness, type Wellness } from '../wellness.js';
import { get, getText } from '../wire.js';
import { addressOf } from './address.js';

/** Here nobody can choose to see things clearly by themselves. */
const gentle = (own: Wellness): Wellness => ({ ...own, grey: true, mute: true, blur: own.blur === 2 ? 2 : 1 });

function shownOf(one: DeskSafetyCase, evidence: Evidence): Shown {
  const at = `${addressOf(one.id)}/evidence`;
  const stills = one.sealed ? (evidence.inspection?.stills ?? []) : [];
  const [first] = stills;
  return {
    ...{ id: one.id, stills, flagged: [], effective_prompt: evidence.effective_prompt },
    clip: {
      size: first ? `${first.width}x${first.height}` : '1280x720',
      has_video: one.sealed && evidence.files.some(({ name }) => name === 'source'),
    },
    may: { watch: true },
    from: { stills: `${at}/stills`, film: `${at}/files/source` },
  };
}

function Pictures({ shown }: { shown: Shown }) {
  const { w } = useWords();
  const [own] = useWellness();
  const wellness = gentle(own);
  const look = useLooking(shown, wellness);
  const onKey = (key: string) => {
    if (key === 'ArrowRight' || key === 'ArrowLeft') look.step(key === 'ArrowRight' ? 1 : -1);
    else if (key === 'p' && shown.clip.has_video) look.play();
    else return false;
    return true;
  };
  useKeys({ onKey, onHold: look.hold, letters: own.keys });
  return (
    <Panel title={w.safety.pictures}>
      <Typography variant="body2" color="textSecondary" sx={{ mb: 1 }}>
        {w.safety.keys}
      </Typography>
      <Viewer {...{ look, wellness }} view={shown} />
      <Box sx={{ mt: 1 }}>
        <Storyboard
          view={shown}
          wellness={wellness}
          current={look.looking.still?.id ?? null}
          onChoose={(still) => look.seek(still.atS)}
        />
      </Box>
    </Panel>
  );
}

function FactsPanel({ evidence }: { evidence: Evidence }) {
  const { w, lang } = useWords();
  const { prompt, effective_prompt: whole, maker, files } = evidence;
  return (
    <Panel title={w.safety.facts}>
      <Facts
        facts={[
          [w.safety.words, <Foreign key="w" text={prompt} max={4000} />],
          ...(whole === prompt ? [] : [[w.safety.wholeWords, <Foreign key="e" text={whole} max={8000} />] as const]),
          [w.safety.maker, maker === null ? '–' : <Foreign key="m" text={maker} max={256} />],
          [w.safety.model, evidence.model],
          [w.safety.requested, when(evidence.requested_at, lang)],
          ...files.map(
            ({ name, sha256, bytes }) =>
              [
                w.safety.fileNames[name],
                <span key={name}>
                  <code>{sha256}</code>
                  {bytes !== null && ` · ${w.safety.bytes(decimal(bytes, lang))}`}
                </span>,
              ] as const,
          ),
        ]}
      />
    </Panel>
  );
}

function Findings({ signals }: { signals: readonly Signal[] }) {
  const { w, lang } = useWords();
  const { detector, source, score } = w.review;
  return (
    <Panel title={w.safety.findings}>
      {signals.length === 0 && <Typography variant="body2">{w.safety.noFindings}</Typography>}
      {signals.length > 0 && (
        <Grid label={w.safety.findings} heads={[detector, w.category, source, score]} right={[3]}>
          {signals.map((signal, i) => (
            <TableRow key={i}>
              <TableCell>{signal.detector}</TableCell>
              <TableCell>{w.categories[signal.category]}</TableCell>
              <TableCell>
                {w.review.sources[signal.source]}
                {signal.synthetic && ` · ${w.safety.rehearsal}`}
              </TableCell>
              <TableCell align="right">
                {signal.score === null ? w.review.unable : decimal(signal.score, lang)}
              </TableCell>
            </TableRow>
          ))}
        </Grid>
      )}
    </Panel>
  );
}

/** One element a line. */
const legible = (xml: string) => xml.replaceAll('><', '>\n<');

/** The report as it would be sent now; each look is on record, so it is read when somebody asks for it. */
function Draft({ id, files }: { id: string; files: Evidence['files'] }) {
  const { w } = useWords();
  const [xml, setXml] = useState('');
  const [error, setError] = useState<unknown>(null);
  const names = ['report', ...files.map(({ name }) => name)].filter((name) => name !== 'stills');
  const read = async (name: string) => {
    try {
      setXml(await getText(`${addressOf(id)}/report${name === 'report' ? '' : `?file=${name}`}`));
      setError(null);
    } catch (e) {
      setError(e);
    }
  };
  return (
    <Panel title={w.safety.draft}>
      <Typography variant="body2" color="textSecondary">
        {w.safety.draftHelp}
      </Typography>
      <Box sx={{ display: 'flex', gap: 1, my: 1, flexWrap: 'wrap' }}>
        {names.map((name) => (
          <Button key={name} size="small" variant="outlined" onClick={() => void read(name)}>
            {w.safety.drafts[name as keyof typeof w.safety.drafts]}
          </Button>
        ))}
      </Box>
      <Fault error={error} />
      {xml && (
        <Box
          component="pre"
          tabIndex={0}
          role="region"
          aria-label={w.safety.report}
          sx={{
            m: 0,
            p: 1,
            fontSize: 12,
            bgcolor: 'action.hover',
            overflow: 'auto',
            maxHeight: 420,
            whiteSpace: 'pre-wrap',
          }}
        >
          {legible(xml)}
        </Box>
      )}
    </Panel>
  );
}

/** What lies under the seal that this person opened. */
export function EvidencePanels({ one }: { one: DeskSafetyCase }) {
  const { w } = useWords();
  const { data, error } = useQuery({
    queryKey: ['safety-evidence', one.id],
    queryFn: () => get<Evidence>(`${addressOf(one.id)}/evidence`),
    // Each look is on record, and nothing of it stays in this page's memory when it is left.
    refetchOnWindowFocus: false,
    gcTime: 0,
    staleTime: Infinity,
  });
  if (!data) return error ? <Fault error={error} /> : <Typography>{w.loading}</Typography>;
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { md: '1fr 1fr' }, columnGap: 1.5, alignItems: 'start' }}>
      <Box>
        <Pictures shown={shownOf(one, data)} />
      </Box>
      <Box sx={{ minWidth: 0 }}>
        <FactsPanel evidence={data} />
        <Findings signals={data.signals as Signal[]} />
        <Draft id={one.id} files={data.files} />
      </Box>
    </Box>
  );
}
