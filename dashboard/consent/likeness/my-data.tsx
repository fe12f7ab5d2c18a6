import { useState } from 'react';
import type { Me } from '#contracts';
import { Card } from '../../shared/card.js';
import { asFault, type Fault } from '../../shared/fault.js';
import { FaultLine } from '../../shared/fault-card.js';
import { moment } from '../../shared/format.js';
import { saveJson } from '../../shared/save-file.js';
import { useWords } from './language.js';
import { exported } from '../wire.js';
import { Paragraphs } from '../parts/notice.js';

/** What is kept, and all of it as a file. */
export function MyData({ me, secret }: { me: Me; secret: string }) {
  const { words, likeness, lang } = useWords();
  const { data } = likeness;
  const [state, setState] = useState<'open' | 'busy' | 'done'>('open');
  const [fault, setFault] = useState<Fault | null>(null);
  const kept = (['face', 'voice', 'portrait'] as const).filter((what) => me.kept[what]);
  const save = async () => {
    setState('busy');
    setFault(null);
    await exported(secret).then(
      (all) => {
        saveJson(`imprimatur-${me.id}.json`, all);
        setState('done');
      },
      (e: unknown) => {
        setFault(asFault(e));
        setState('open');
      },
    );
  };
  return (
    <Card title={data.title}>
      <p>
        {data.kept} {[data.name, ...kept.map((what) => data[what])].join(', ')}.
      </p>
      <p className="hint">{data.until(moment(me.keep_until, lang))}</p>
      {me.notice.text && (
        <details>
          <summary>{data.notice}</summary>
          <Paragraphs text={me.notice.text[lang]} />
        </details>
      )}
      <div className="buttons">
        <button type="button" className="second" disabled={state === 'busy'} onClick={() => void save()}>
          {data.export}
        </button>
      </div>
      {state === 'busy' && <progress aria-label={data.exporting} />}
      <p role="status" className="hint">
        {state === 'busy' && data.exporting}
        {state === 'done' && data.exported}
      </p>
      <FaultLine fault={fault} words={words.faults} />
    </Card>
  );
}
