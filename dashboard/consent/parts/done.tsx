import { useId } from 'react';
import { Card } from '../../shared/card.js';
import { CopyButton } from '../../shared/copy-button.js';
import { Foreign } from '../../shared/foreign.js';
import { useWords } from '../language.js';

/** The handle, and the way to the person's own page. */
export function Done({ person }: { person: { handle: string; manage_url: string } }) {
  const { words } = useWords();
  const { done } = words;
  const id = useId();
  return (
    <Card title={done.title} focus>
      <p className="next">{done.lead}</p>
      <p>
        {done.handle}:{' '}
        <strong className="handle">
          @<Foreign text={person.handle} max={40} />
        </strong>
      </p>
      <div className="key">
        <p>{done.link}</p>
        <label htmlFor={id} className="unseen">
          {done.linkLabel}
        </label>
        <input id={id} type="text" readOnly value={person.manage_url} onFocus={(e) => e.target.select()} />
        <p>
          <CopyButton text={person.manage_url} label={done.copy} />
        </p>
      </div>
      <p>
        <a className="button" href={person.manage_url}>
          {done.open}
        </a>
      </p>
    </Card>
  );
}
