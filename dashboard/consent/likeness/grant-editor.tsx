import { useEffect, useState, type FormEvent } from 'react';
import type { Me } from '#contracts';
import { Adder, Chips } from '../../shared/chips.js';
import { countries, countryName } from '../../shared/countries.js';
import { asFault, type Fault } from '../../shared/fault.js';
import { FaultLine } from '../../shared/fault-card.js';
import { Choices, Field, Tick } from '../../shared/field.js';
import { CONTENT, dayOf, faultsIn, formOf, grantOf, sameGrant, type GrantForm } from './grant.js';
import { useWords } from './language.js';
import { putApproved, putGrant } from '../wire.js';
import { Audiences } from './audiences.js';

interface Part {
  form: GrantForm;
  change: (part: Partial<GrantForm>) => void;
  wrong: ReturnType<typeof faultsIn>;
}

function Approved({ form, change }: Part) {
  const { likeness } = useWords();
  const { who } = likeness;
  return (
    <div className="stack nested">
      <h3>{who.listTitle}</h3>
      <Chips
        items={form.approved}
        nameOf={(name) => name}
        label={who.listTitle}
        removeLabel={who.remove}
        remove={(name) => change({ approved: form.approved.filter((other) => other !== name) })}
      />
      {form.approved.length === 0 && <p className="hint">{who.empty}</p>}
      <Adder
        label={who.addName}
        hint={who.listHint}
        button={who.add}
        max={256}
        add={(name) => change({ approved: [...new Set([...form.approved, name])] })}
      />
    </div>
  );
}

function Content({ form, change, wrong }: Part) {
  const { likeness } = useWords();
  const { what } = likeness;
  return (
    <div className="stack">
      <fieldset>
        <legend>
          <h2 className="card-title">{what.title}</h2>
        </legend>
        <div className="ticks">
          {CONTENT.map((kind) => (
            <Tick
              key={kind}
              label={what.no[kind]}
              checked={form.no.includes(kind)}
              onChange={(on) => change({ no: on ? [...form.no, kind] : form.no.filter((other) => other !== kind) })}
            />
          ))}
        </div>
      </fieldset>
      <Field label={what.never} hint={what.neverHint} error={wrong.never && what[wrong.never]}>
        {(parts) => (
          <textarea {...parts} rows={3} value={form.never} onChange={(e) => change({ never: e.target.value })} />
        )}
      </Field>
    </div>
  );
}

function When({ form, change, wrong }: Part) {
  const { likeness } = useWords();
  const { when } = likeness;
  return (
    <div className="stack">
      <Choices
        legend={<h2 className="card-title">{when.title}</h2>}
        name="ends"
        value={form.ends}
        onChange={(ends) => change({ ends })}
        choices={[
          ['open', when.open],
          ['day', when.day],
        ]}
      />
      {form.ends === 'day' && (
        <Field label={when.dayLabel} error={wrong.day ? when.past : null}>
          {(parts) => (
            <input
              {...parts}
              type="date"
              min={dayOf(new Date())}
              value={form.day}
              onChange={(e) => change({ day: e.target.value })}
            />
          )}
        </Field>
      )}
    </div>
  );
}

function Where({ form, change, wrong }: Part) {
  const { likeness, lang } = useWords();
  const { where, who } = likeness;
  return (
    <div className="stack">
      <Choices
        legend={<h2 className="card-title">{where.title}</h2>}
        name="where"
        value={form.where}
        onChange={(choice) => change({ where: choice })}
        choices={[
          ['everywhere', where.everywhere],
          ['only', where.only],
        ]}
      />
      <p className="hint">{where.hint}</p>
      {form.where === 'only' && (
        <>
          <Chips
            items={form.places}
            nameOf={(code) => countryName(code, lang)}
            label={where.only}
            removeLabel={who.remove}
            remove={(code) => change({ places: form.places.filter((other) => other !== code) })}
          />
          <Field label={where.add} error={wrong.places ? where.none : null}>
            {(parts) => (
              <select
                {...parts}
                value=""
                onChange={(e) => change({ places: [...new Set([...form.places, e.target.value])] })}
              >
                <option value="" disabled>
                  …
                </option>
                {countries(lang).map(({ code, name }) => (
                  <option key={code} value={code}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </>
      )}
    </div>
  );
}

/** Leaving with changes that were not saved is asked about by the browser. */
function useLeaveWarning(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return;
    const ask = (e: BeforeUnloadEvent) => e.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [unsaved]);
}

/** Who may use the likeness, for what, until when and where. */
export function GrantEditor({ me, secret, saved }: { me: Me; secret: string; saved: () => Promise<void> }) {
  const { words, likeness } = useWords();
  const [form, setForm] = useState(() => formOf(me));
  const [state, setState] = useState<{ at: 'open' | 'saving' | 'saved'; fault: Fault | null }>({
    at: 'open',
    fault: null,
  });
  const now = formOf(me);
  const unsaved = !sameGrant(form, now);
  useLeaveWarning(unsaved);
  const wrong = faultsIn(form, new Date());
  const part: Part = {
    form,
    wrong,
    change: (change) => {
      setForm((before) => ({ ...before, ...change }));
      setState({ at: 'open', fault: null });
    },
  };
  const save = async (e: FormEvent) => {
    e.preventDefault();
    if (wrong.never || wrong.day || wrong.places) return;
    setState({ at: 'saving', fault: null });
    try {
      // The list first: a wider audience must never stand with a list that was to be shorter.
      if (String([...form.approved].sort()) !== String([...now.approved].sort()))
        await putApproved(secret, form.approved);
      await putGrant(secret, grantOf(form));
      await saved();
      setState({ at: 'saved', fault: null });
    } catch (e) {
      setState({ at: 'open', fault: asFault(e) });
    }
  };
  const ended = me.grant?.until && new Date(me.grant.until) <= new Date();
  return (
    <form className="card grant" noValidate onSubmit={(e) => void save(e)}>
      {ended && <p className="review">{likeness.now.ended}</p>}
      <Audiences value={form.audience} onChange={(audience) => part.change({ audience })} />
      {form.audience === 'approved' && <Approved {...part} />}
      {form.audience !== 'only_me' && (
        <>
          <Content {...part} />
          <div className="pair">
            <When {...part} />
            <Where {...part} />
          </div>
        </>
      )}
      <div className="buttons save">
        <button type="submit" disabled={state.at === 'saving' || !unsaved}>
          {likeness.save}
        </button>
        <span role="status" className="hint">
          {state.at === 'saving' && likeness.saving}
          {state.at === 'saved' && !unsaved && likeness.saved}
          {state.at === 'open' && unsaved && likeness.unsaved}
        </span>
      </div>
      <FaultLine fault={state.fault} words={words.faults} />
    </form>
  );
}
