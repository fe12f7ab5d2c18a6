import { useState } from 'react';
import type { Me, Revocation } from '#contracts';
import { Card } from '../../shared/card.js';
import { Confirm } from '../../shared/confirm.js';
import { asFault, type Fault } from '../../shared/fault.js';
import { FaultLine } from '../../shared/fault-card.js';
import { Choices } from '../../shared/field.js';
import { useWords } from './language.js';
import { revoke } from '../wire.js';

/** The end of everything: what it does is said first, then one button. */
export function StopAll({ me, secret, revoked }: { me: Me; secret: string; revoked: (what: Revocation) => void }) {
  const { words, likeness } = useWords();
  const { stop } = likeness;
  const [open, setOpen] = useState(false);
  const [withdraw, setWithdraw] = useState<'none' | 'all'>('none');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const yes = async () => {
    setBusy(true);
    setFault(null);
    await revoke(secret, { withdraw }).then(revoked, (e: unknown) => {
      setFault(asFault(e));
      setBusy(false);
    });
  };
  return (
    <Card title={stop.title} kind="stop">
      <p>{stop.lead}</p>
      <div className="buttons">
        <button type="button" className="danger" onClick={() => setOpen(true)}>
          {stop.open}
        </button>
      </div>
      {open && (
        <Confirm
          title={stop.title}
          yes={busy ? stop.doing : stop.confirm}
          no={stop.cancel}
          busy={busy}
          onYes={() => void yes()}
          onNo={() => setOpen(false)}
        >
          <h3>{stop.effects}</h3>
          <ul className="dashes">
            {stop.list(me.counts.drafts).map((effect) => (
              <li key={effect}>{effect}</li>
            ))}
          </ul>
          {me.counts.released > 0 && (
            <Choices
              legend={stop.released(me.counts.released)}
              name="withdraw"
              value={withdraw}
              onChange={setWithdraw}
              choices={[
                ['none', stop.keep],
                ['all', stop.all],
              ]}
            />
          )}
          <p>
            <strong>{stop.final}</strong>
          </p>
          {busy && <progress aria-label={stop.doing} />}
          <FaultLine fault={fault} words={words.faults} />
        </Confirm>
      )}
    </Card>
  );
}
