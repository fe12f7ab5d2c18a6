import { useEffect, useMemo, useRef, useState } from 'react';
import type { CaseView } from '#contracts';
import { useWords } from '../i18n.js';
import { useWellness } from '../wellness.js';
import { press, START, type Act, type Choices, type Flow } from './keys.js';
import { reasonsFor, suggestedCategory } from './reasons.js';
import { useUndo } from './undo-toast.js';
import { useKeys } from './use-keys.js';
import type { LookControls } from './use-looking.js';

/** The decision as far as it is, moved on by keys; and where the focus goes meanwhile. */
export function useDeciding(view: CaseView, mine: boolean, look: LookControls, send: (flow: Flow) => Promise<void>) {
  const { w } = useWords();
  const [wellness] = useWellness();
  const [flow, setFlow] = useState<Flow>(START);
  const [help, setHelp] = useState(false);
  const noteField = useRef<HTMLInputElement>(null);
  const reasonField = useRef<HTMLInputElement>(null);
  const board = useRef<HTMLDivElement>(null);
  const { undoLast } = useUndo();
  const choices: Choices = useMemo(
    () => ({
      outcomes: mine ? view.may.outcomes : [],
      suggested: suggestedCategory(view),
      reasons: (outcome, category) => reasonsFor(w, outcome, category),
    }),
    [mine, view, w],
  );
  const write = () => {
    setFlow((before) => ({ ...before, step: 'ready' }));
    setTimeout(() => {
      reasonField.current?.focus();
      reasonField.current?.select();
    });
  };
  const act = (done: Act, given: Flow) => {
    if (done.do === 'jump') return look.jump(done.nth);
    const acts: Record<Exclude<Act['do'], 'jump'>, () => void> = {
      submit: () => void send(given),
      play: look.play,
      note: () => noteField.current?.focus(),
      undo: () => void undoLast(),
      help: () => setHelp(true),
      write,
      back: () => look.step(-1),
      forward: () => look.step(1),
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
  return { flow, setFlow, choices, help, setHelp, write, board, noteField, reasonField };
}
