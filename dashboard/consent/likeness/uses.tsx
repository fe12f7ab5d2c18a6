import { useCallback, useEffect, useState } from 'react';
import type { Me, Use } from '#contracts';
import { Card } from '../../shared/card.js';
import { Confirm } from '../../shared/confirm.js';
import { asFault, type Fault } from '../../shared/fault.js';
import { FaultLine } from '../../shared/fault-card.js';
import { Foreign } from '../../shared/foreign.js';
import { moment } from '../../shared/format.js';
import { useWords } from './language.js';
import { still, uses as fetchUses, withdraw } from '../wire.js';

/** A picture of the clip, fetched when it is asked for: every look is on record. */
function Still({ use, secret }: { use: Use; secret: string }) {
  const { likeness } = useWords();
  const { uses } = likeness;
  const [state, setState] = useState<'none' | 'loading' | 'failed' | { url: string }>('none');
  const url = typeof state === 'object' ? state.url : null;
  useEffect(() => () => (url ? URL.revokeObjectURL(url) : undefined), [url]);
  const first = use.stills[0];
  if (!first) return <p className="still hint">{uses.noStill}</p>;
  if (url) return <img className="still" src={url} alt={uses.still(use.clip_id)} />;
  const look = () => {
    setState('loading');
    still(secret, use.clip_id, first).then(
      (made) => setState({ url: made }),
      () => setState('failed'),
    );
  };
  return (
    <div className="still">
      <button type="button" className="small second" disabled={state === 'loading'} onClick={look}>
        {uses.look}
      </button>
      <p role="status" className="hint">
        {state === 'loading' && uses.looking}
        {state === 'failed' && uses.noLook}
      </p>
    </div>
  );
}

function UseCard({ use, secret, ask }: { use: Use; secret: string; ask: (use: Use) => void }) {
  const { likeness, lang } = useWords();
  const { uses } = likeness;
  const [name, text] = uses.states[use.state];
  return (
    <li className="use" data-state={use.state}>
      <Still use={use} secret={secret} />
      <div>
        <p>
          <strong className="state">{name}</strong> <span className="hint">{text}</span>
        </p>
        <p>{use.by ? <Foreign text={uses.by(use.by)} max={80} /> : uses.byNobody}</p>
        <p className="hint">
          {uses.asked(moment(use.at, lang))}; {uses.how[use.how]}. <code>{use.clip_id}</code>
        </p>
        {use.can_withdraw && (
          <button type="button" className="small second" onClick={() => ask(use)}>
            {use.state === 'released' ? uses.withdraw : uses.stop}
            <span className="unseen"> {use.clip_id}</span>
          </button>
        )}
      </div>
    </li>
  );
}

interface Listed {
  list: Use[];
  more: boolean;
  fault: Fault | null;
  busy: boolean;
}

function useUses(secret: string) {
  const [state, setState] = useState<Listed>({ list: [], more: false, fault: null, busy: true });
  const load = useCallback(
    async (after: string | null) => {
      setState((now) => ({ ...now, busy: true, fault: null }));
      await fetchUses(secret, after).then(
        ({ data, has_more }) =>
          setState((now) => ({
            list: after ? [...now.list, ...data] : data,
            more: has_more,
            fault: null,
            busy: false,
          })),
        (e: unknown) => setState((now) => ({ ...now, fault: asFault(e), busy: false })),
      );
    },
    [secret],
  );
  useEffect(() => void load(null), [load]);
  return { ...state, load };
}

function WithdrawDialog({ use, secret, done, no }: { use: Use; secret: string; done: () => void; no: () => void }) {
  const { words, likeness } = useWords();
  const { uses, stop } = likeness;
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const out = use.state === 'released';
  const yes = async () => {
    setBusy(true);
    await withdraw(secret, use.clip_id).then(done, (e: unknown) => {
      setFault(asFault(e));
      setBusy(false);
    });
  };
  return (
    <Confirm
      title={out ? uses.sure : uses.sureStop}
      yes={out ? uses.withdraw : uses.stop}
      no={stop.cancel}
      busy={busy}
      onYes={() => void yes()}
      onNo={no}
    >
      <p>{out ? uses.sureText : uses.sureStopText}</p>
      <FaultLine fault={fault} words={words.faults} />
    </Confirm>
  );
}

/** Every clip with the person, drafts too. */
export function Uses({ me, secret, changed }: { me: Me; secret: string; changed: () => Promise<void> }) {
  const { words, likeness } = useWords();
  const { uses } = likeness;
  const { list, more, fault, busy, load } = useUses(secret);
  const [asked, setAsked] = useState<Use | null>(null);
  const [said, setSaid] = useState('');
  const { counts } = me;
  const done = () => {
    setAsked(null);
    setSaid(uses.done);
    void load(null);
    void changed();
  };
  return (
    <Card title={uses.title} kind="uses">
      <p>
        {counts.uses === 0 ? uses.empty : uses.counts(counts.uses, counts.drafts, counts.released, counts.withdrawn)}
      </p>
      <p role="status" className="hint">
        {said}
      </p>
      {busy && list.length === 0 && <progress aria-label={uses.title} />}
      <ul>
        {list.map((use) => (
          <UseCard key={use.clip_id} use={use} secret={secret} ask={setAsked} />
        ))}
      </ul>
      <FaultLine fault={fault} words={words.faults} />
      {(more || fault) && (
        <p>
          <button
            type="button"
            className="second"
            disabled={busy}
            onClick={() => void load(list.at(-1)?.clip_id ?? null)}
          >
            {uses.more}
          </button>
        </p>
      )}
      {asked && <WithdrawDialog use={asked} secret={secret} done={done} no={() => setAsked(null)} />}
    </Card>
  );
}
