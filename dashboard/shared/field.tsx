import { useId, type ReactElement, type ReactNode } from 'react';

/** What an input of a {@link Field} has to carry. */
export interface FieldParts {
  id: string;
  'aria-describedby': string;
  'aria-invalid': boolean;
}

/** An input with its label, its hint and what is wrong with it. */
export function Field(props: {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | null;
  children: (parts: FieldParts) => ReactElement;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      {props.hint && (
        <p id={`${id}-hint`} className="hint">
          {props.hint}
        </p>
      )}
      {props.children({ id, 'aria-describedby': `${id}-hint ${id}-wrong`, 'aria-invalid': Boolean(props.error) })}
      <p id={`${id}-wrong`} className="wrong">
        {props.error}
      </p>
    </div>
  );
}

/** A box to tick, with its words. */
export function Tick({
  label,
  checked,
  onChange,
  disabled = false,
}: {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  return (
    <label className="tick">
      <input type="checkbox" checked={checked} disabled={disabled} onChange={(e) => onChange(e.target.checked)} />
      <span>{label}</span>
    </label>
  );
}

/** Choices of which one holds. */
export function Choices<T extends string>({
  legend,
  name,
  choices,
  value,
  onChange,
}: {
  legend: ReactNode;
  name: string;
  choices: readonly (readonly [T, ReactNode])[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      {choices.map(([choice, label]) => (
        <label key={choice} className="tick">
          <input type="radio" name={name} checked={choice === value} onChange={() => onChange(choice)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
