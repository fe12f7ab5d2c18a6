import { Alert, Box, Button } from '@mui/material';
import { useEffect, useMemo, useRef, useState } from 'react';
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
import { DecisionBar } from './decision-bar.js';
import { Help } from './help.js';
import { press, START, type Act, type Choices, type Flow } from './keys.js';
import { giveBack } from './leases.js';
import { Rail } from './rail.js';
import { reasonsFor, suggestedCategory } from './reasons.js';
import { stillAt, Storyboard } from './storyboard.js';
import { Lines, Moments, Summary, Why } from './summary.js';
import { Timeline } from './timeline.js';
import { TopBar } from './top-bar.js';
import { useUndo } from './undo-toast.js';
import { useKeys } from './use-keys.js';
import { useLease } from './use-lease.js';
import { useLooking } from './use-looking.js';
import { useSubmit } from './use-submit.js';
import { Viewer } from './viewer.js';

/** Why nothing can be decided here, with the way out where there is one. */
function Standing({ view, lease }: { view: CaseView; lease: ReturnType<typeof useLease> }) {
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

/** One case: looked at and decided. The page of one case is never used for another. */
export function Board({ view, queue, reload }: { view: CaseView; queue: string | null; reload: () => void }) {
  const { w, lang } = useWords();
  const [wellness] = useWellness();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [flow, setFlow] = useState<Flow>(START);
  const [help, setHelp] = useState(false);
  const noteField = useRef<HTMLInputElement>(null);
  const reasonField = useRef<HTMLInputElement>(null);
  const board = useRef<HTMLDivElement>(null);
  const look = useLooking(view, wellness);
  const lease = useLease(view, look.watch, reload);
  const submit = useSubmit(view, queue, look.watch);
  const { undoLast } = useUndo();
  usePageTitle(`${w.review.case} ${shortId(view.id)}`);
  const choices: Choices = useMemo(
    () => ({
      outcomes: lease.mine ? view.may.outcomes : [],
      suggested: suggestedCategory(view),
      reasons: (outcome, category) => reasonsFor(w, outcome, category),
    }),
    [lease.mine, view, w],
  );
  const write = () => {
    setFlow((before) => ({ ...before, step: 'ready' }));
    setTimeout(() => {
      reasonField.current?.focus();
      reasonField.current?.select();
    });
  };
  const act = (done: Act, given: Flow) => {
    const acts: Record<Act['do'], () => void> = {
      submit: () => void submit.send(given),
      play: look.play,
      note: () => noteField.current?.focus(),
      undo: () => void undoLast(),
      help: () => setHelp(true),
      write,
      back: () => look.step(-1),
      forward: () => look.step(1),
      blurred: () => look.hold(false),
      jump: () => look.jump((done as { nth: number }).nth),
    };
    acts[done.do]();
  };
  useKeys({
    letters: wellness.keys,
    onHold: look.hold,
    onKey: (key) => {
      const step = press(flow, key, choices);
      if (!step) return false;
      setFlow(step.flow);
      if (step.act) act(step.act, step.flow);
      return true;
    },
  });
  // Back at the beginning, the keys are for looking again, and a screen reader is where the case is.
  useEffect(() => {
    if (flow.step === 'look') board.current?.focus({ preventScroll: true });
  }, [flow.step]);
  const leave = async () => {
    await giveBack(view.id).catch(() => undefined);
    navigate('/');
  };
  const { looking } = look;
  return (
    <Box
      sx={{
        height: { md: '100vh' },
        display: 'flex',
        flexDirection: 'column',
        bgcolor: 'background.default',
        color: 'text.primary',
      }}
    >
      <TopBar view={view} lease={lease} />
      <Box
        component="main"
        ref={board}
        tabIndex={-1}
        aria-label={`${w.review.case} ${view.id}`}
        sx={{ flexGrow: 1, minHeight: 0, display: 'grid', gridTemplateColumns: { md: '3fr 2fr' }, outline: 'none' }}
      >
        <Box tabIndex={0} role="region" aria-label={w.review.clipRegion} sx={{ overflow: 'auto', p: 1.5 }}>
          <Standing view={view} lease={lease} />
          <Fault error={lease.error ?? submit.error} />
          {view.conflict && (
            <Alert severity="warning">
              {w.review.conflict(
                (w.clipStates as Partial<Record<string, string>>)[view.conflict.state] ?? view.conflict.state,
              )}
            </Alert>
          )}
          <Why view={view} />
          <Box
            sx={{
              display: 'grid',
              gridTemplateColumns: { sm: 'minmax(0, max-content) minmax(200px, 1fr)' },
              gap: 1.5,
              mb: 1,
            }}
          >
            <Box sx={{ order: { sm: 2 } }}>
              <Summary view={view} />
              <Moments view={view} onJump={look.jump} />
            </Box>
            <Viewer
              {...{ view, looking, wellness }}
              watch={look.watch}
              video={look.video}
              playing={look.playing}
              onHold={look.hold}
              onPlay={look.play}
              onTime={look.setSecond}
              onPlaying={look.setPlaying}
            />
          </Box>
          <Storyboard
            view={view}
            current={looking.still?.id ?? null}
            wellness={wellness}
            onChoose={(still) => look.seek(still.atS)}
          />
          <Box sx={{ mt: 1 }}>
            <Timeline view={view} second={look.second} onSeek={look.seek} />
          </Box>
          {(view.texts.length > 0 || (view.speech?.utterances.length ?? 0) > 0) && (
            <Box sx={{ mt: 1 }}>
              <Panel title={w.review.transcript}>
                <Lines view={view} onSeek={look.seek} />
              </Panel>
            </Box>
          )}
        </Box>
        <Box tabIndex={0} role="region" aria-label={w.review.around} sx={{ overflow: 'auto', p: 1.5, pl: { md: 0 } }}>
          <Rail view={view} noteField={noteField} onView={(next) => client.setQueryData(['case', view.id], next)} />
        </Box>
      </Box>
      <DecisionBar
        {...{ flow, choices, reasonField }}
        busy={submit.busy}
        onFlow={setFlow}
        onSubmit={() => void submit.send(flow)}
        onWrite={write}
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
