import type { Stage } from '../enrolling.js';
import { useWords } from '../language.js';

/** Which of the three steps each stage belongs to; the others stand outside of them. */
const STEP: Partial<Record<Stage['at'], number>> = {
  notice: 0,
  ready: 1,
  camera: 1,
  file: 1,
  sending: 1,
  checking: 1,
  failed: 1,
  done: 2,
};

/** Where in the three steps the person is. */
export function Steps({ at }: { at: Stage['at'] }) {
  const { words } = useWords();
  const now = STEP[at];
  const { steps, step } = words.enrol;
  if (now === undefined) return null;
  return (
    <ol className="steps" aria-label={step(now + 1, steps.length)}>
      {steps.map((name, i) => (
        <li
          key={name}
          data-state={i < now ? 'past' : i === now ? 'now' : 'next'}
          aria-current={i === now ? 'step' : undefined}
        >
          {name}
        </li>
      ))}
    </ol>
  );
}
