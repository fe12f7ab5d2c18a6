import { useId } from 'react';
import type { VerifyReport } from '#contracts';
import { useWords } from '../language.js';

/** Forms, so that nothing is told by colour alone. There is none that praises. */
export type Shape = 'full' | 'half' | 'empty' | 'crossed' | 'open';

const CREDENTIALS: Record<VerifyReport['credentials']['state'], Shape> = {
  ours: 'full',
  other_trusted: 'half',
  unknown_signer: 'half',
  mismatch: 'crossed',
  damaged: 'crossed',
  none: 'empty',
  unable: 'open',
};
const WATERMARK: Record<VerifyReport['watermark']['state'], Shape> = { found: 'full', none: 'empty', unable: 'open' };
const REGISTER: Record<VerifyReport['registry']['state'], Shape> = {
  same_bytes: 'full',
  known: 'full',
  withdrawn: 'crossed',
  unknown: 'empty',
  unable: 'open',
};

/** One of the five forms. */
export function Disc({ shape, size = 56 }: { shape: Shape; size?: number }) {
  return (
    <svg className="disc" data-shape={shape} viewBox="0 0 56 56" width={size} height={size} aria-hidden="true">
      <circle className="ring" cx="28" cy="28" r="22" />
      {shape === 'full' && <circle className="fill" cx="28" cy="28" r="15" />}
      {shape === 'half' && <path className="fill" d="M28 13a15 15 0 0 0 0 30z" />}
      {shape === 'crossed' && <path className="stroke" d="M19 19l18 18M37 19l-18 18" />}
      {shape === 'open' && (
        <path className="stroke thin" d="M22.5 23a5.5 5.5 0 1 1 8.6 4.6c-2 1.3-3.1 2.2-3.1 4.4M28 36.6v.4" />
      )}
    </svg>
  );
}

interface LampWords {
  name: string;
  what: string;
}

function Lamp({ words, shape, state }: { words: LampWords; shape: Shape; state: string[] }) {
  return (
    <li className="lamp">
      <Disc shape={shape} />
      <div>
        <h4>
          {words.name} <span className="what">{words.what}</span>
        </h4>
        <p>
          <strong>{state[0]}</strong>
          <span className="unseen">. </span>
          <span className="more">{state[1]}</span>
        </p>
      </div>
    </li>
  );
}

/** Credentials, watermark and register, each with a form and words. */
export function Lamps({ report: { credentials, watermark, registry } }: { report: VerifyReport }) {
  const { words } = useWords();
  const { lamps } = words;
  const id = useId();
  const revoked = credentials.revocation === 'revoked';
  return (
    <section className="lamps" aria-labelledby={id}>
      <h3 id={id}>{words.result.signs}</h3>
      <ul>
        <Lamp
          words={lamps.credentials}
          shape={revoked ? 'crossed' : CREDENTIALS[credentials.state]}
          state={revoked ? lamps.credentials.revoked : lamps.credentials.states[credentials.state]}
        />
        <Lamp
          words={lamps.watermark}
          shape={WATERMARK[watermark.state]}
          state={lamps.watermark.states[watermark.state]}
        />
        <Lamp words={lamps.register} shape={REGISTER[registry.state]} state={lamps.register.states[registry.state]} />
      </ul>
      <details className="legend">
        <summary>{lamps.legend}</summary>
        <ul>
          {(Object.keys(lamps.shapes) as Shape[]).map((shape) => (
            <li key={shape}>
              <Disc shape={shape} size={24} /> {lamps.shapes[shape]}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
