import { useCallback, useState } from 'react';
import type { GuardianAlert, GuardianTeen } from '#contracts';
import { Card } from '../../shared/card.js';
import { asFault, type Fault } from '../../shared/fault.js';
import { FaultLine } from '../../shared/fault-card.js';
import { moment } from '../../shared/format.js';
import { useShared } from '../../shared/reading.js';
import { useWords } from '../language.js';
import { useFetched } from '../use-fetched.js';
import { alerts as fetchAlerts, markSeen } from '../wire.js';

function Alert({ alert, seen }: { alert: GuardianAlert; seen: () => void }) {
  const { words, lang } = useWords();
  const say = words.alerts;
  return (
    <li className="alert" data-seen={alert.seen_at !== null} data-kind={alert.kind}>
      <p>
        {!alert.seen_at && <span className="badge">{say.isNew}</span>} <strong>{say.kinds[alert.kind]}</strong>{' '}
        <span className="hint">
          {moment(alert.last_at, lang)}
          {alert.count > 1 && `, ${say.times(alert.count)}`}
        </span>
      </p>
      <p>{alert.text[lang]}</p>
      {say.help[alert.kind] && <p className="help">{say.help[alert.kind]}</p>}
      {alert.seen_at ? (
        <p className="hint">{say.seenAt(moment(alert.seen_at, lang))}</p>
      ) : (
        <button type="button" className="small second" onClick={seen}>
          {say.seen}
          <span className="unseen">: {say.kinds[alert.kind]}</span>
        </button>
      )}
    </li>
  );
}

/** What the guardian should hear of, newest first. */
export function Alerts({
  teen,
  secret,
  changed,
}: {
  teen: GuardianTeen;
  secret: string;
  changed: () => Promise<void>;
}) {
  const { words } = useWords();
  const { shared } = useShared();
  const fetch = useCallback(() => fetchAlerts(secret, teen.id), [secret, teen.id]);
  const { value, fault, busy, again } = useFetched(fetch);
  const [failed, setFailed] = useState<Fault | null>(null);
  const seen = (alert: GuardianAlert) => {
    setFailed(null);
    markSeen(secret, alert.id).then(
      () => {
        again();
        void changed();
      },
      (e: unknown) => setFailed(asFault(e)),
    );
  };
  return (
    <Card title={words.alerts.title} kind="alerts">
      {value?.length === 0 && <p>{words.alerts.none}</p>}
      {busy && !value && <progress aria-label={words.alerts.title} />}
      <ul>
        {(value ?? []).map((alert) => (
          <Alert key={alert.id} alert={alert} seen={() => seen(alert)} />
        ))}
      </ul>
      <FaultLine fault={fault ?? failed} words={words.faults} />
      {fault && (
        <p>
          <button type="button" className="second small" onClick={again}>
            {shared.again}
          </button>
        </p>
      )}
    </Card>
  );
}
