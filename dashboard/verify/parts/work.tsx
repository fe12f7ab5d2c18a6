import { useEffect, useRef } from 'react';
import { Foreign } from '../../shared/foreign.js';
import { Progress } from '../../shared/progress.js';
import { useWords } from '../language.js';
import type { Phase } from '../session.js';

/** What runs, how far it is, and the way out of it. */
export function Work({ phase, leave }: { phase: Extract<Phase, { at: 'sending' | 'waiting' }>; leave: () => void }) {
  const { words } = useWords();
  const { work } = words;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const job = phase.at === 'waiting' ? phase.job : null;
  const share = phase.at === 'sending' ? phase.share : job?.status === 'examining' ? job.progress / 100 : null;
  const what = phase.at === 'sending' ? work.sending : job?.status === 'examining' ? work.examining : work.waiting;
  return (
    <section className="work" aria-labelledby="work">
      <h2 id="work" tabIndex={-1} ref={heading}>
        {what}
      </h2>
      {phase.name && (
        <p className="file-name">
          <Foreign text={phase.name} max={90} />
        </p>
      )}
      <Progress what={what} share={share} />
      <p className="hint">{work.note}</p>
      <button type="button" className="second" onClick={leave}>
        {work.cancel}
      </button>
    </section>
  );
}
