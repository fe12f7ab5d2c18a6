import { useEffect, useRef } from 'react';
import { limit } from '../../shared/format.js';
import { Foreign } from '../../shared/foreign.js';
import { useShared } from '../../shared/reading.js';
import { useWait } from '../../shared/use-wait.js';
import { useWords } from '../language.js';
import type { Phase, Session } from '../session.js';

/** Faults after which the same submission can succeed. */
const WORTH_AGAIN = ['rate', 'offline', 'busy', 'service', 'address_failed'];

/** Why there is no result, and what to do next. */
export function FaultNotice({
  phase: { fault, again },
  maxBytes,
  session,
}: {
  phase: Extract<Phase, { at: 'fault' }>;
  maxBytes: number;
  session: Session;
}) {
  const { words, lang } = useWords();
  const { faults } = words;
  const { shared } = useShared();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [fault]);
  const wait = useWait(fault.retryAfterS);
  const [what, next] = faults[fault.kind];
  return (
    <section className="fault" aria-labelledby="fault">
      <h2 id="fault" tabIndex={-1} ref={heading}>
        <span className="over">{faults.title}</span> {what}
      </h2>
      <p className="next">{next}</p>
      {fault.kind === 'too_large' && Number.isFinite(maxBytes) && <p>{faults.limit(limit(maxBytes, lang))}</p>}
      {wait > 0 && <p>{shared.wait(wait)}</p>}
      {fault.said && (
        <p className="hint">
          {shared.said} <Foreign text={fault.said} max={300} />
        </p>
      )}
      <div className="buttons">
        {again && WORTH_AGAIN.includes(fault.kind) && (
          <button type="button" disabled={wait > 0} onClick={() => session.examine(again)}>
            {shared.again}
          </button>
        )}
        <button type="button" className="second" onClick={session.leave}>
          {faults.restart}
        </button>
      </div>
    </section>
  );
}
