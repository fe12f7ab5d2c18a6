import { useState, type FormEvent } from 'react';
import type { EnrolView } from '#contracts';
import { Card } from '../../shared/card.js';
import { asFault, type Fault } from '../../shared/fault.js';
import { FaultLine } from '../../shared/fault-card.js';
import { Field, Tick } from '../../shared/field.js';
import { Foreign } from '../../shared/foreign.js';
import { moment } from '../../shared/format.js';
import type { Enrolling } from '../enrolling.js';
import { useWords } from '../language.js';
import { faultsOf, type Answers } from '../release.js';

/** A text of which empty lines part the paragraphs. */
export function Paragraphs({ text }: { text: string }) {
  return (
    <div className="prose">
      {text.split(/\n\s*\n/).map((paragraph, i) => (
        <p key={i}>{paragraph}</p>
      ))}
    </div>
  );
}

function InShort({ view }: { view: EnrolView }) {
  const { words, lang } = useWords();
  const { points, whole, version } = words.notice;
  const short = [points.what, points.kept, points.long(view.notice.keep_days), points.back];
  return (
    <Card title={words.notice.title}>
      <dl className="points">
        {short.map(([term, text]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <h3 className="whole-notice">{whole}</h3>
      <div className="scroll-text" tabIndex={0} role="group" aria-label={whole}>
        <Paragraphs text={view.notice.text[lang]} />
        <p className="hint">{version(view.notice.version)}</p>
      </div>
    </Card>
  );
}

interface Part {
  view: EnrolView;
  answers: Answers;
  change: (part: Partial<Answers>) => void;
  said: (field: 'name' | 'birth' | 'handle' | 'confirm') => string | null;
}

function AboutYou({ view, answers, change, said }: Part) {
  const { notice } = useWords().words;
  return (
    <>
      <div data-field="name">
        <Field label={notice.name} hint={notice.nameHint} error={said('name')}>
          {(parts) => (
            <input
              {...parts}
              type="text"
              autoComplete="name"
              maxLength={100}
              required
              value={answers.name}
              onChange={(e) => change({ name: e.target.value })}
            />
          )}
        </Field>
      </div>
      <div data-field="birth">
        <Field label={notice.birth} hint={notice.birthHint(view.minimum_age)} error={said('birth')}>
          {(parts) => (
            <input
              {...parts}
              type="date"
              autoComplete="bday"
              required
              value={answers.birth}
              onChange={(e) => change({ birth: e.target.value })}
            />
          )}
        </Field>
      </div>
      <div data-field="handle">
        <Field label={notice.handle} hint={notice.handleHint} error={said('handle')}>
          {(parts) => (
            <input
              {...parts}
              type="text"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={31}
              value={answers.handle}
              onChange={(e) => change({ handle: e.target.value })}
            />
          )}
        </Field>
      </div>
    </>
  );
}

function Confirmations({ view, answers, change, said }: Part) {
  const { notice } = useWords().words;
  return (
    <div data-field="confirm" role="group" aria-labelledby="confirm">
      <p id="confirm" className="label">
        {notice.confirm}
      </p>
      <Tick label={notice.isMe} checked={answers.isMe} onChange={(isMe) => change({ isMe })} />
      <Tick
        label={notice.isAdult(view.minimum_age)}
        checked={answers.isAdult}
        onChange={(isAdult) => change({ isAdult })}
      />
      <Tick label={notice.accept} checked={answers.accept} onChange={(accept) => change({ accept })} />
      <p className="wrong" role="alert">
        {said('confirm')}
      </p>
    </div>
  );
}

function ReleaseForm({ view, enrolling }: { view: EnrolView; enrolling: Enrolling }) {
  const { words } = useWords();
  const { notice } = words;
  const [answers, setAnswers] = useState<Answers>({
    name: '',
    birth: '',
    handle: view.handle ?? '',
    isMe: false,
    isAdult: false,
    accept: false,
  });
  const [tried, setTried] = useState(false);
  const [state, setState] = useState<{ busy: boolean; fault: Fault | null }>({ busy: false, fault: null });
  const change = (some: Partial<Answers>) => setAnswers((now) => ({ ...now, ...some }));
  const wrong = faultsOf(answers, view.minimum_age, new Date());
  const said = (field: keyof typeof wrong) => {
    if (!tried || !wrong[field]) return null;
    if (wrong[field] === 'young') return notice.errors.young(view.minimum_age);
    return notice.errors[field];
  };
  const part: Part = { view, answers, change, said };
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    setTried(true);
    const first = (['name', 'birth', 'handle', 'confirm'] as const).find((field) => wrong[field]);
    if (first) return e.currentTarget.querySelector<HTMLInputElement>(`[data-field=${first}] input`)?.focus();
    setState({ busy: true, fault: null });
    const handle = answers.handle.trim().replace(/^@/, '').toLowerCase();
    await enrolling
      .agree({
        accept: true,
        notice_sha256: view.notice.sha256,
        name: answers.name.trim(),
        birth_date: answers.birth,
        attest: { is_me: true, is_adult: true },
        ...(handle && { handle }),
      })
      .catch((e: unknown) => setState({ busy: false, fault: asFault(e) }));
  };
  return (
    <form className="card" noValidate onSubmit={(e) => void submit(e)}>
      <fieldset disabled={state.busy} className="stack">
        <legend className="card-title">{notice.about}</legend>
        <AboutYou {...part} />
        <Confirmations {...part} />
        <FaultLine fault={state.fault} words={words.faults} />
        <div className="buttons">
          <button type="submit">{notice.agree}</button>
          <button type="button" className="second" onClick={enrolling.decline}>
            {notice.decline}
          </button>
        </div>
      </fieldset>
    </form>
  );
}

/** Who asks, what for, and the release, before anything can be recorded. */
export function Notice({ view, enrolling }: { view: EnrolView; enrolling: Enrolling }) {
  const { words, lang } = useWords();
  const [before, after] = words.enrol.lead('\u0000').split('\u0000');
  return (
    <>
      <p className="lead">
        {before}
        <strong>
          <Foreign text={view.platform} max={60} />
        </strong>
        {after}
      </p>
      <p className="hint">{words.enrol.expires(moment(view.expires_at, lang))}</p>
      <div className="pair">
        <InShort view={view} />
        <ReleaseForm view={view} enrolling={enrolling} />
      </div>
    </>
  );
}

/** The person did not agree. */
export function Declined({ back }: { back: () => void }) {
  const { words } = useWords();
  return (
    <Card title={words.declined.title} focus>
      <p className="next">{words.declined.text}</p>
      <div className="buttons">
        <button type="button" className="second" onClick={back}>
          {words.declined.back}
        </button>
      </div>
    </Card>
  );
}
