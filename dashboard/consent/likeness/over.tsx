import { useEffect, useState } from 'react';
import type { ErasureReceipt, Me, Revocation } from '#contracts';
import { Card } from '../../shared/card.js';
import { asFault, type Fault } from '../../shared/fault.js';
import { FaultLine } from '../../shared/fault-card.js';
import { moment } from '../../shared/format.js';
import { Progress } from '../../shared/progress.js';
import { saveJson } from '../../shared/save-file.js';
import { pause } from '../../shared/wire.js';
import { useWords } from './language.js';
import { receipt as fetchReceipt } from '../wire.js';

const POLL_MS = 1500;

/** The receipt, asked for until the key is gone. */
function useReceipt(id: string | null): { receipt: ErasureReceipt | null; fault: Fault | null } {
  const [state, setState] = useState<{ receipt: ErasureReceipt | null; fault: Fault | null }>({
    receipt: null,
    fault: null,
  });
  useEffect(() => {
    if (!id) return;
    const controller = new AbortController();
    const { signal } = controller;
    const ask = async () => {
      for (let receipt: ErasureReceipt | null = null; !receipt && !signal.aborted;) {
        try {
          receipt = await fetchReceipt(id);
          if (!signal.aborted) setState({ receipt, fault: null });
        } catch (e) {
          setState({ receipt: null, fault: asFault(e) });
        }
        if (!receipt) await pause(POLL_MS, signal);
      }
    };
    ask().catch(() => undefined);
    return () => controller.abort();
  }, [id]);
  return state;
}

function Receipt({ receipt }: { receipt: ErasureReceipt }) {
  const { likeness, lang } = useWords();
  const { over } = likeness;
  const { receipt: said } = receipt;
  return (
    <>
      <h3>{over.receipt}</h3>
      <dl className="points">
        {(
          [
            [over.id, said.id],
            [over.revoked, moment(said.revoked_at, lang)],
            [over.at, moment(said.erased_at, lang)],
            [over.destroyed, said.destroyed.map((thing) => over.things[thing] ?? thing).join(', ')],
          ] as const
        ).map(([term, text]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p className="hint">{over.receiptHint}</p>
      <div className="buttons">
        <button type="button" onClick={() => saveJson(`imprimatur-${said.id}.json`, receipt)}>
          {over.save}
        </button>
      </div>
    </>
  );
}

/** After the end: that it holds, the receipt, and what it concerned. */
export function Over({ me, revocation }: { me: Me; revocation: Revocation | null }) {
  const { words, likeness } = useWords();
  const { over, uses } = likeness;
  const { receipt, fault } = useReceipt(revocation?.receipt ?? me.receipt);
  const affected = revocation?.affected ?? [];
  return (
    <>
      <Card title={over.title} focus>
        <p className="next">{over.lead}</p>
        {receipt ? <Receipt receipt={receipt} /> : <Progress what={over.erasing} share={null} />}
        <FaultLine fault={receipt ? null : fault} words={words.faults} />
      </Card>
      {affected.length > 0 && (
        <Card title={over.affected}>
          <ul className="dashes">
            {affected.map(({ clip_id, state, withdraws }) => (
              <li key={clip_id}>
                <code>{clip_id}</code>: {uses.states[state][0]}
                {withdraws && `, ${over.goes}`}
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}
