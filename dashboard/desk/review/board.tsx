import { Alert, Box, Button } from '@mui/material';
import { useNavigate } from 'react-admin';
import { useQueryClient } from '@tanstack/react-query';
import type { CaseView } from '#contracts';
import { clock } from '../../shared/format.js';
import { shortId } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { usePageTitle } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { useWellness } from '../wellness.js';
import { useAhead } from './ahead.js';
import { DecisionBar } from './decision-bar.js';
import { Help } from './help.js';
import { giveBack } from './leases.js';
import { Rail } from './rail.js';
import { stillAt, Storyboard } from './storyboard.js';
import { Lines, Moments, Summary, Why } from './summary.js';
import { Timeline } from './timeline.js';
import { TopBar } from './top-bar.js';
import { useDeciding } from './use-deciding.js';
import { useLease, type Lease } from './use-lease.js';
import { useLooking, type LookControls } from './use-looking.js';
import { useSubmit } from './use-submit.js';
import { Viewer } from './viewer.js';

/** Why nothing can be decided here, with the way out where there is one. */
function Standing({ view, lease }: { view: CaseView; lease: Lease }) {
  const { w } = useWords();
  if (lease.mine) return null;
  const { why_not: why } = view.may;
  if (!lease.lost && why) return <Alert severity="info">{w.review.whyNot[why]}</Alert>;
  return (
    <Alert
      severity={lease.lost ? 'warning' : 'info'}
      action={<Button onClick={() => void lease.take()}>{w.review.take}</Button>}
    >
      {lease.lost ? w.review.lostHelp : w.review.takeFirst}
    </Alert>
  );
}

const FRAME = {
  ...{ height: { md: '100vh' }, display: 'flex', flexDirection: 'column' },
  ...{ bgcolor: 'background.default', color: 'text.primary' },
} as const;

/** The left side: why, words, pictures, what is when. */
function Looked({ view, look, lease, error }: { view: CaseView; look: LookControls; lease: Lease; error: unknown }) {
  const { w } = useWords();
  const [wellness] = useWellness();
  const state = view.conflict?.state;
  const lines = view.texts.length + (view.speech?.utterances.length ?? 0);
  return (
    <Box tabIndex={0} role="region" aria-label={w.review.clipRegion} sx={{ overflow: 'auto', p: 1.5 }}>
      <Standing view={view} lease={lease} />
      <Fault error={error} />
      {state && (
        <Alert severity="warning">
          {w.review.conflict((w.clipStates as Partial<Record<string, string>>)[state] ?? state)}
        </Alert>
      )}
      <Why view={view} />
      <Box
        sx={{
          ...{ display: 'grid', gap: 1.5, mb: 1 },
          gridTemplateColumns: { sm: 'minmax(0, max-content) minmax(200px, 1fr)' },
        }}
      >
        <Box sx={{ order: { sm: 2 } }}>
          <Summary view={view} />
          <Moments view={view} onJump={look.jump} />
        </Box>
        <Viewer {...{ view, look, wellness }} />
      </Box>
      <Storyboard
        {...{ view, wellness }}
        current={look.looking.still?.id ?? null}
        onChoose={(still) => look.seek(still.atS)}
      />
      <Box sx={{ my: 1 }}>
        <Timeline view={view} second={look.second} onSeek={look.seek} />
      </Box>
      {lines > 0 && (
        <Panel title={w.review.transcript}>
          <Lines view={view} onSeek={look.seek} />
        </Panel>
      )}
    </Box>
  );
}

/** One case: looked at and decided. The page of one case is never used for another. */
export function Board({ view, queue, reload }: { view: CaseView; queue: string | null; reload: () => void }) {
  const { w, lang } = useWords();
  const [wellness] = useWellness();
  const client = useQueryClient();
  const navigate = useNavigate();
  const look = useLooking(view, wellness);
  const lease = useLease(view, look.watch, reload);
  const submit = useSubmit(view, queue, look.watch);
  const deciding = useDeciding(view, lease.mine, look, submit.send);
  useAhead(view.id, queue, lease.mine, deciding.flow.step !== 'look');
  const { board, noteField, reasonField, help, setHelp } = deciding;
  usePageTitle(`${w.review.case} ${shortId(view.id)}`);
  const leave = async () => {
    await giveBack(view.id).catch(() => undefined);
    navigate('/');
  };
  return (
    <Box sx={FRAME}>
      <TopBar view={view} lease={lease} />
      <Box
        component="main"
        ref={board}
        tabIndex={-1}
        aria-label={`${w.review.case} ${view.id}`}
        sx={{ flexGrow: 1, minHeight: 0, display: 'grid', gridTemplateColumns: { md: '3fr 2fr' }, outline: 'none' }}
      >
        <Looked {...{ view, look, lease }} error={lease.error ?? submit.error} />
        <Box tabIndex={0} role="region" aria-label={w.review.around} sx={{ overflow: 'auto', p: 1.5, pl: { md: 0 } }}>
          <Rail view={view} noteField={noteField} onView={(next) => client.setQueryData(['case', view.id], next)} />
        </Box>
      </Box>
      <DecisionBar
        {...{ reasonField, flow: deciding.flow, choices: deciding.choices, busy: submit.busy }}
        onFlow={deciding.setFlow}
        onSubmit={() => void submit.send(deciding.flow)}
        onWrite={deciding.write}
        onHelp={() => setHelp(true)}
      >
        {lease.mine && (
          <Button color="inherit" onClick={() => void leave()}>
            {w.review.giveBack}
          </Button>
        )}
      </DecisionBar>
      <Help open={help} onClose={() => setHelp(false)} />
      <div className="said" role="status">
        {look.said && w.review.nowAt(clock(look.second, lang, true), stillAt(view.stills, look.second) !== null)}
      </div>
    </Box>
  );
}
