import { useEffect, useRef } from 'react';
import { Foreign } from '../../shared/foreign.js';
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
  // A screen reader hears each quarter, not each step.
  const heard = share === null ? what : `${what}, ${work.percent(Math.floor(share * 4) / 4)}`;
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
      <div className="line">
        <progress aria-label={what} max={1} {...(share !== null && { value: share })} />
        <span className="percent" aria-hidden="true">
          {share !== null && work.percent(share)}
        </span>
      </div>
      <p className="hint">{work.note}</p>
      <p role="status" className="unseen">
        {heard}
      </p>
      <button type="button" className="second" onClick={leave}>
        {work.cancel}
      </button>
    </section>
  );
}
