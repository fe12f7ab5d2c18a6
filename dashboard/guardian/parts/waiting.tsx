import type { GuardianTeen } from '#contracts';
import { Card } from '../../shared/card.js';
import { Foreign } from '../../shared/foreign.js';
import { moment } from '../../shared/format.js';
import { useWords } from '../language.js';

/** The number that the teen has to type; the page goes on by itself. */
export function Waiting({ teen }: { teen: GuardianTeen }) {
  const { words, lang } = useWords();
  const { waiting } = words;
  return (
    <Card title={waiting.title} focus kind="narrow waiting">
      <p className="next">
        <Foreign text={waiting.tell(teen.maker)} max={120} />
      </p>
      {teen.number !== null && (
        <p className="number">
          <span aria-hidden="true">{teen.number}</span>
          <span className="unseen">{waiting.digits(teen.number)}</span>
        </p>
      )}
      <p>
        <Foreign text={waiting.lead(teen.platform)} max={300} />
      </p>
      <progress aria-label={waiting.polling} />
      <p role="status" className="hint">
        {waiting.polling}
      </p>
      {teen.expires_at && <p className="hint">{waiting.until(moment(teen.expires_at, lang))}</p>}
    </Card>
  );
}
