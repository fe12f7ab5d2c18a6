import { useEffect, useRef, useState } from 'react';
import type { GuardianTeen } from '#contracts';
import { Card } from '../../shared/card.js';
import { Confirm } from '../../shared/confirm.js';
import { asFault, type Fault } from '../../shared/fault.js';
import { FaultLine } from '../../shared/fault-card.js';
import { Foreign } from '../../shared/foreign.js';
import { useWords } from '../language.js';
import { end } from '../wire.js';
import { Alerts } from './alerts.js';
import { Limits } from './limits.js';
import { Summary } from './summary.js';

interface Props {
  teen: GuardianTeen;
  secret: string;
  changed: () => Promise<void>;
}

function EndLink({ teen, secret, changed }: Props) {
  const { words } = useWords();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const yes = async () => {
    setBusy(true);
    await end(secret, teen.id)
      .then(changed)
      .catch((e: unknown) => {
        setFault(asFault(e));
        setBusy(false);
      });
  };
  return (
    <Card title={words.end.title}>
      <p>{words.end.lead}</p>
      <div className="buttons">
        <button type="button" className="second" onClick={() => setOpen(true)}>
          {words.end.open}
        </button>
      </div>
      {open && (
        <Confirm
          title={words.end.sure(teen.maker)}
          yes={words.end.yes}
          no={words.end.no}
          busy={busy}
          onYes={() => void yes()}
          onNo={() => setOpen(false)}
        >
          <p>{words.end.text}</p>
          <FaultLine fault={fault} words={words.faults} />
        </Confirm>
      )}
    </Card>
  );
}

/** One young person: alerts first, then numbers, limits and the end. */
export function Teen({ teen, secret, changed }: Props) {
  const { words } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <h2 className="who" tabIndex={-1} ref={heading}>
        <Foreign text={teen.maker} max={60} />{' '}
        <span className="hint">
          <Foreign text={words.list.on(teen.platform)} max={80} />
        </span>
      </h2>
      <div className="board">
        <Alerts teen={teen} secret={secret} changed={changed} />
        <Summary teen={teen} secret={secret} />
        <Limits teen={teen} secret={secret} changed={changed} />
        <EndLink teen={teen} secret={secret} changed={changed} />
      </div>
    </>
  );
}
