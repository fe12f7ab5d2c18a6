import { useId, useState } from 'react';
import { Foreign } from './foreign.js';

/** Things on a list, each with a way off it. */
export function Chips({
  items,
  nameOf,
  remove,
  removeLabel,
  label,
}: {
  items: readonly string[];
  nameOf: (item: string) => string;
  remove: (item: string) => void;
  removeLabel: (name: string) => string;
  label: string;
}) {
  if (items.length === 0) return null;
  return (
    <ul className="chips" aria-label={label}>
      {items.map((item) => (
        <li key={item}>
          <Foreign text={nameOf(item)} max={60} />
          <button type="button" aria-label={removeLabel(nameOf(item))} onClick={() => remove(item)}>
            <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A text that is put on a list. */
export function Adder(props: {
  label: string;
  hint: string;
  button: string;
  max: number;
  add: (text: string) => void;
}) {
  const [text, setText] = useState('');
  const id = useId();
  const add = () => {
    const plain = text.trim();
    if (plain) props.add(plain);
    setText('');
  };
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <p id={`${id}-hint`} className="hint">
        {props.hint}
      </p>
      <div className="line">
        <input
          id={id}
          type="text"
          aria-describedby={`${id}-hint`}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={props.max}
          value={text}
          onChange={(e) => setText(e.target.value)}
          onKeyDown={(e) => {
            // The form around it would be sent.
            if (e.key !== 'Enter') return;
            e.preventDefault();
            add();
          }}
        />
        <button type="button" className="second" onClick={add}>
          {props.button}
        </button>
      </div>
    </div>
  );
}
