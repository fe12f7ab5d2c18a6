import type { EnrolView } from '#contracts';
import { Card } from '../../shared/card.js';
import { useWords } from '../language.js';

/** What was not passed, and how to do better. */
export function Failed({ view, again }: { view: EnrolView; again: () => void }) {
  const { words, lang } = useWords();
  const { failed } = words;
  const checks = view.result?.checks ?? [];
  const bad = checks.filter((check) => check.state !== 'passed');
  const good = checks.filter((check) => check.state === 'passed');
  const reason = view.result?.reason?.[lang];
  return (
    <Card title={failed.title} focus kind="fault">
      {reason && <p className="next">{reason}</p>}
      {bad.length > 0 && (
        <>
          <p>{failed.lead}</p>
          <dl className="verdicts">
            {bad.map((check) => (
              <div key={check.name}>
                <dt>{failed.checks[check.name][0]}</dt>
                <dd>{check.reason[lang]}</dd>
                <dd className="better">{failed.checks[check.name][1]}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {good.length > 0 && (
        <p className="hint">
          {failed.passed}: {good.map((check) => failed.checks[check.name][0].toLocaleLowerCase(lang)).join(', ')}.
        </p>
      )}
      <div className="buttons">
        <button type="button" onClick={again}>
          {failed.again}
        </button>
        <span className="hint">{failed.left(view.tries_left)}</span>
      </div>
    </Card>
  );
}

/** Nothing more can be done with this invitation. */
export function Over({ view }: { view: EnrolView }) {
  const { words, lang } = useWords();
  const { failed } = words;
  const ended = view.state === 'expired';
  const told = view.state === 'done';
  const reason = view.state === 'failed' ? view.result?.reason?.[lang] : null;
  return (
    <Card title={told ? failed.told : ended ? failed.expired : failed.over} focus kind="fault">
      {reason && <p className="next">{reason}</p>}
      <p className="next">{told ? failed.toldText : ended ? failed.expiredText : failed.overText}</p>
    </Card>
  );
}
