import { useEffect, useLayoutEffect, useState } from 'react';
import type { LivenessAction, LivenessChallenge } from '#contracts';
import { cueAt } from '../cues.js';
import { useWords } from '../language.js';

/** Strokes of each sign; as in a mirror, left is on the left. */
const SIGNS: Record<LivenessAction | 'straight', string> = {
  straight: 'M32 8v10M32 46v10M8 32h10M46 32h10M32 30a2 2 0 1 0 0.01 0z',
  turn_left: 'M54 32H12M28 14L10 32l18 18',
  turn_right: 'M10 32h42M36 14l18 18-18 18',
  look_up: 'M32 54V12M14 28L32 10l18 18',
  look_down: 'M32 10v42M14 36l18 18 18-18',
  blink_once: 'M8 28c12 16 36 16 48 0M16 38l-5 8M32 42v9M48 38l5 8',
  blink_twice: 'M12 14c10 12 30 12 40 0M12 38c10 12 30 12 40 0M32 24v7M32 48v7',
};

/** The sign of a movement. The words stand beside it. */
export function Sign({ action }: { action: LivenessAction | 'straight' }) {
  return (
    <svg className="sign" viewBox="0 0 64 64" aria-hidden="true">
      <path d={SIGNS[action]} />
    </svg>
  );
}

/** The seconds since something began, ten times a second. @param elapsed null while nothing runs */
export function useElapsed(elapsed: (() => number) | null): number {
  const [at, setAt] = useState(0);
  useLayoutEffect(() => {
    if (!elapsed) return;
    setAt(elapsed());
    const timer = setInterval(() => setAt(elapsed()), 100);
    return () => {
      clearInterval(timer);
      setAt(0);
    };
  }, [elapsed]);
  return at;
}

/** What is to be done now, in a sign, in words, for the ear, and how far all is. */
export function Cues({ challenge, at }: { challenge: LivenessChallenge; at: number }) {
  const { words } = useWords();
  const { camera } = words;
  const cue = cueAt(challenge, at);
  const all = challenge.steps.length;
  const action = cue.kind === 'step' ? challenge.steps[cue.index]!.action : 'straight';
  const what = action === 'straight' ? (cue.index >= all ? camera.end : camera.straight) : camera.actions[action];
  useEffect(() => {
    // Felt by whoever looks away or has the eyes shut; not every device can.
    navigator.vibrate?.(60);
  }, [action]);
  return (
    <div className="cues" data-cue={action}>
      <p className="cue">
        <Sign action={action} />
        <span aria-live="assertive">{what}</span>
      </p>
      <div className="segments" aria-hidden="true">
        {challenge.steps.map((step, i) => (
          <span key={i} className="segment">
            <meter
              aria-hidden="true"
              max={1}
              value={Math.min(1, Math.max(0, (at - step.fromS) / (step.toS - step.fromS)))}
            />
          </span>
        ))}
      </div>
      <p className="hint">{camera.movement(Math.min(cue.index + 1, all), all)}</p>
    </div>
  );
}

/** The digits, large and one by one. */
export function Digits({ code }: { code: string }) {
  const { words } = useWords();
  return (
    <div className="digits">
      <p>{words.camera.code}</p>
      <p className="code">
        <span aria-hidden="true">
          {[...code].map((digit, i) => (
            <span key={i}>{digit}</span>
          ))}
        </span>
        <span className="unseen">{[...code].join(' ')}</span>
      </p>
    </div>
  );
}
