import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Card } from '../../shared/card.js';
import { asFault, type Fault } from '../../shared/fault.js';
import { FaultCard, FaultLine } from '../../shared/fault-card.js';
import { Field, Tick } from '../../shared/field.js';
import { useWords } from '../language.js';
import { accept } from '../wire.js';
import { Loading } from './loading.js';

interface Props {
  token: string;
  /** Goes on where there is one already. */
  session: string | null;
  accepted: (secret: string | null, lasting: boolean) => void;
  /** Away from an invitation that does not work; null where there is nothing else. */
  giveUp: (() => void) | null;
}

/**
 * Hands the token in without a name: an address that only reopens a link needs none, one that is over says so at once,
 * and an invitation answers that it wants a name.
 */
function useFirstTry({ token, session, accepted }: Props): 'asking' | 'wanted' | Fault {
  const [answer, setAnswer] = useState<'asking' | 'wanted' | Fault>('asking');
  const sent = useRef(false);
  useEffect(() => {
    // A token is good once.
    if (sent.current) return;
    sent.current = true;
    accept(session, { token }).then(
      ({ secret }) => accepted(secret, false),
      (e: unknown) => {
        const fault = asFault(e);
        setAnswer(fault.code === 'name_required' ? 'wanted' : fault);
      },
    );
  }, [token, session, accepted]);
  return answer;
}

function Meaning() {
  const say = useWords().words.accept;
  return (
    <>
      <p className="next">{say.lead}</p>
      <ol className="tips">
        {say.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </>
  );
}

/** What an invitation means, and its acceptance. */
export function Accept(props: Props) {
  const { token, session, accepted, giveUp } = props;
  const first = useFirstTry(props);
  const { words } = useWords();
  const say = words.accept;
  const [name, setName] = useState('');
  const [keep, setKeep] = useState(false);
  const [tried, setTried] = useState(false);
  const [state, setState] = useState<{ busy: boolean; fault: Fault | null }>({ busy: false, fault: null });
  const send = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    setTried(true);
    if (!name.trim()) return e.currentTarget.querySelector('input')?.focus();
    setState({ busy: true, fault: null });
    await accept(session, { token, name: name.trim() }).then(
      ({ secret }) => accepted(secret, keep),
      (e: unknown) => setState({ busy: false, fault: asFault(e) }),
    );
  };
  if (first === 'asking') return <Loading />;
  const over = first !== 'wanted' ? first : state.fault?.kind === 'unknown' ? state.fault : null;
  if (over)
    return (
      <>
        <FaultCard fault={over} words={words.faults} again={() => location.reload()} reload={() => location.reload()} />
        {giveUp && (
          <p>
            <button type="button" onClick={giveUp}>
              {words.list.title}
            </button>
          </p>
        )}
      </>
    );
  return (
    <Card title={say.title} focus kind="narrow">
      <Meaning />
      <form noValidate onSubmit={(e) => void send(e)}>
        <fieldset className="stack" disabled={state.busy}>
          <Field label={say.name} hint={say.nameHint} error={tried && !name.trim() ? say.noName : null}>
            {(parts) => (
              <input
                {...parts}
                type="text"
                autoComplete="name"
                maxLength={80}
                required
                value={name}
                onChange={(e) => setName(e.target.value)}
              />
            )}
          </Field>
          {!session && (
            <div>
              <Tick label={say.keep} checked={keep} onChange={setKeep} />
              <p className="hint">{say.keepHint}</p>
            </div>
          )}
          <FaultLine fault={state.fault} words={words.faults} />
          <div className="buttons">
            <button type="submit">{state.busy ? say.busy : say.go}</button>
          </div>
          {state.busy && <progress aria-label={say.busy} />}
        </fieldset>
      </form>
    </Card>
  );
}
