import { useState } from 'react';
import type { EnrolView } from '#contracts';
import { Card } from '../../shared/card.js';
import { Tick } from '../../shared/field.js';
import type { Enrolling } from '../enrolling.js';
import { useWords } from '../language.js';

/** What is about to happen, before the camera can be opened. */
export function Ready({ view, enrolling }: { view: EnrolView; enrolling: Enrolling }) {
  const { words } = useWords();
  const { ready } = words;
  const [calm, setCalm] = useState(false);
  const [busy, setBusy] = useState(false);
  const begin = (how: 'camera' | 'file') => {
    setBusy(true);
    enrolling.begin(how, calm);
  };
  return (
    <Card title={ready.title} focus>
      <p className="next">{ready.lead}</p>
      <ol className="tips">
        {ready.tips.map((tip) => (
          <li key={tip}>{tip}</li>
        ))}
      </ol>
      <Tick label={ready.calm} checked={calm} onChange={setCalm} />
      <div className="buttons">
        <button type="button" disabled={busy} onClick={() => begin('camera')}>
          {ready.open}
        </button>
        <button type="button" className="second" disabled={busy} onClick={() => begin('file')}>
          {ready.file}
        </button>
      </div>
      <p className="hint">
        {ready.mirror} {ready.triesLeft(view.tries_left)}
      </p>
    </Card>
  );
}
