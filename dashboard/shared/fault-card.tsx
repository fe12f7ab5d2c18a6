import { Card } from './card.js';
import type { Fault, FaultKind } from './fault.js';
import { Foreign } from './foreign.js';
import { useShared } from './reading.js';
import { useWait } from './use-wait.js';

/** Faults after which the same request can succeed. */
const WORTH_AGAIN: readonly FaultKind[] = ['offline', 'rate', 'busy', 'service'];

/** Why a request failed, and what to do next. @param words what happened and what to do, by kind */
export function FaultCard(props: {
  fault: Fault;
  words: Record<FaultKind, [string, string]> & { title: string; reload: string };
  again: () => void;
  reload: () => void;
}) {
  const { shared } = useShared();
  const { fault, words } = props;
  const wait = useWait(fault.retryAfterS);
  const [what, next] = words[fault.kind];
  const worth = WORTH_AGAIN.includes(fault.kind);
  return (
    <Card
      focus
      kind="fault"
      title={
        <>
          <span className="over">{words.title}</span> {what}
        </>
      }
    >
      <p className="next">{next}</p>
      {wait > 0 && <p>{shared.wait(wait)}</p>}
      {fault.said && fault.kind !== 'unknown' && (
        <p className="hint">
          {shared.said} <Foreign text={fault.said} max={300} />
        </p>
      )}
      {fault.kind !== 'unknown' && (
        <div className="buttons">
          {worth && (
            <button type="button" disabled={wait > 0} onClick={props.again}>
              {shared.again}
            </button>
          )}
          {!worth && (
            <button type="button" onClick={props.reload}>
              {words.reload}
            </button>
          )}
        </div>
      )}
    </Card>
  );
}

/** A fault in one line, beside what was tried. */
export function FaultLine({ fault, words }: { fault: Fault | null; words: Record<FaultKind, [string, string]> }) {
  return (
    <p role="alert" className="wrong">
      {fault &&
        (fault.kind === 'refused' && fault.said ? (
          <Foreign text={fault.said} max={300} />
        ) : (
          words[fault.kind].join(' ')
        ))}
    </p>
  );
}
