import { useState, type FormEvent } from 'react';
import type { GuardianTeen } from '#contracts';
import { asFault, type Fault } from '../../shared/fault.js';
import { FaultLine } from '../../shared/fault-card.js';
import { Choices, Field, Tick } from '../../shared/field.js';
import { useWords } from '../language.js';
import { BLOCKABLE, faultsIn, formOf, limitsOf, timeZones, type LimitsForm } from '../limits-form.js';
import { putLimits } from '../wire.js';

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

interface Part {
  form: LimitsForm;
  change: (part: Partial<LimitsForm>) => void;
  wrong: ReturnType<typeof faultsIn>;
}

function Daily({ form, change, wrong }: Part) {
  const { words } = useWords();
  const { limits } = words;
  return (
    <div className="stack tight">
      <Choices
        legend={limits.daily}
        name="daily"
        value={form.daily}
        onChange={(daily) => change({ daily })}
        choices={[
          ['unlimited', limits.unlimited],
          ['atMost', limits.atMost],
        ]}
      />
      {form.daily === 'atMost' && (
        <Field label={limits.number} error={wrong.number ? limits.wrongNumber : null}>
          {(parts) => (
            <input
              {...parts}
              type="number"
              inputMode="numeric"
              min={0}
              max={1000}
              step={1}
              value={form.number}
              onChange={(e) => change({ number: e.target.value })}
            />
          )}
        </Field>
      )}
    </div>
  );
}

function Quiet({ form, change, wrong }: Part) {
  const { words } = useWords();
  const { limits } = words;
  return (
    <div className="stack tight">
      <Tick label={limits.quiet} checked={form.quiet} onChange={(quiet) => change({ quiet })} />
      {form.quiet && (
        <div className="nested stack">
          <div className="hours">
            {(['from', 'to'] as const).map((end) => (
              <Field key={end} label={limits[end]}>
                {(parts) => (
                  <input
                    {...parts}
                    type="time"
                    required
                    value={form[end]}
                    onChange={(e) => change({ [end]: e.target.value })}
                  />
                )}
              </Field>
            ))}
          </div>
          <p className="wrong" role="alert">
            {wrong.hours && limits.wrongHours}
          </p>
          {!wrong.hours && form.from > form.to && <p className="hint">{limits.overnight(form.from, form.to)}</p>}
          <Field label={limits.zone}>
            {(parts) => (
              <select {...parts} value={form.zone} onChange={(e) => change({ zone: e.target.value })}>
                {timeZones(form.zone).map((zone) => (
                  <option key={zone} value={zone}>
                    {zone.replaceAll('_', ' ')}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
      )}
    </div>
  );
}

function Categories({ form, change }: Part) {
  const { words } = useWords();
  const { limits } = words;
  const { categories } = form;
  return (
    <fieldset aria-describedby="categories-hint">
      <legend className="label">{limits.categories}</legend>
      <p id="categories-hint" className="hint">
        {limits.categoriesHint}
      </p>
      <div className="ticks">
        {BLOCKABLE.map((category) => (
          <Tick
            key={category}
            label={limits.names[category]}
            checked={categories.includes(category)}
            onChange={(on) =>
              change({ categories: on ? [...categories, category] : categories.filter((other) => other !== category) })
            }
          />
        ))}
      </div>
    </fieldset>
  );
}

/** What the young person may do; the gate holds them, not this page. */
export function Limits({
  teen,
  secret,
  changed,
}: {
  teen: GuardianTeen;
  secret: string;
  changed: () => Promise<void>;
}) {
  const { words } = useWords();
  const { limits } = words;
  const [form, setForm] = useState(() => formOf(teen.limits, HERE));
  const [state, setState] = useState<{ at: 'open' | 'saving' | 'saved'; fault: Fault | null }>({
    at: 'open',
    fault: null,
  });
  const never = !teen.limits?.version;
  const unsaved = never || JSON.stringify(limitsOf(form)) !== JSON.stringify(limitsOf(formOf(teen.limits, HERE)));
  const wrong = faultsIn(form);
  const part: Part = {
    form,
    wrong,
    change: (change) => {
      setForm((now) => ({ ...now, ...change }));
      setState({ at: 'open', fault: null });
    },
  };
  const save = async (e: FormEvent) => {
    e.preventDefault();
    if (wrong.number || wrong.hours) return;
    setState({ at: 'saving', fault: null });
    await putLimits(secret, teen.id, limitsOf(form))
      .then(changed)
      .then(
        () => setState({ at: 'saved', fault: null }),
        (e: unknown) => setState({ at: 'open', fault: asFault(e) }),
      );
  };
  return (
    <form className="card limits" noValidate onSubmit={(e) => void save(e)}>
      <div>
        <h2>{limits.title}</h2>
        <p>{limits.lead}</p>
      </div>
      <div>
        <Tick label={limits.cameo} checked={form.cameo} onChange={(cameo) => part.change({ cameo })} />
        <Tick label={limits.remix} checked={form.remix} onChange={(remix) => part.change({ remix })} />
      </div>
      <Daily {...part} />
      <Quiet {...part} />
      <Categories {...part} />
      <div className="buttons save">
        <button type="submit" disabled={state.at === 'saving' || !unsaved}>
          {limits.save}
        </button>
        <span role="status" className="hint">
          {state.at === 'saving' && limits.saving}
          {state.at === 'saved' && !unsaved && limits.saved}
          {state.at === 'open' && unsaved && !never && limits.unsaved}
        </span>
      </div>
      <FaultLine fault={state.fault} words={words.faults} />
    </form>
  );
}
