import { useCallback, useEffect, useRef, useState } from 'react';
import type { LivenessChallenge } from '#contracts';
import { Card } from '../../shared/card.js';
import { Tick } from '../../shared/field.js';
import { limit, moment, number } from '../../shared/format.js';
import { cueAt } from '../cues.js';
import type { Enrolling } from '../enrolling.js';
import { useWords } from '../language.js';
import { Cues, Digits, useElapsed } from './cues.js';

interface Row {
  from: number;
  to: number;
  what: string;
}

function useRows(challenge: LivenessChallenge): Row[] {
  const { words } = useWords();
  let at = 0;
  return challenge.steps.flatMap((step) => {
    const before = { from: at, to: step.fromS, what: words.file.straight };
    at = step.toS;
    const row = { from: step.fromS, to: step.toS, what: words.camera.actions[step.action] };
    return before.to > before.from ? [before, row] : [row];
  });
}

/** The instructions in time, for whoever films with another device. */
function Player({ challenge }: { challenge: LivenessChallenge }) {
  const { words } = useWords();
  const [began, setBegan] = useState<number | null>(null);
  const elapsed = useCallback(() => (began === null ? 0 : (performance.now() - began) / 1000), [began]);
  const at = useElapsed(began === null ? null : elapsed);
  const over = began !== null && at > 0 && cueAt(challenge, at).kind === 'done';
  useEffect(() => {
    if (over) setBegan(null);
  }, [over]);
  // Three seconds are counted down before the first.
  const left = Math.ceil(-at);
  return (
    <div className="player">
      {began !== null &&
        (at < 0 ? (
          <p className="cue count" aria-live="assertive">
            {words.camera.in(left)}
          </p>
        ) : (
          <Cues challenge={challenge} at={at} />
        ))}
      <button
        type="button"
        className="second"
        onClick={() => setBegan((now) => (now === null ? performance.now() + 3000 : null))}
      >
        {began === null ? words.file.play : words.file.stop}
      </button>
      <p className="hint">{words.file.playHint}</p>
    </div>
  );
}

function Chooser({ maxBytes, take }: { maxBytes: number; take: (file: File) => void }) {
  const { words, lang } = useWords();
  const { file: say } = words;
  const [wrong, setWrong] = useState<'empty' | 'large' | 'kind' | null>(null);
  const look = (file: File | undefined) => {
    if (!file) return;
    if (file.size === 0) return setWrong('empty');
    if (file.size > maxBytes) return setWrong('large');
    if (file.type !== '' && !file.type.startsWith('video/')) return setWrong('kind');
    take(file);
  };
  const size = limit(Math.min(maxBytes, 1e12), lang);
  // `capture` opens the camera of a phone at once; elsewhere it would be a second way to the same chooser.
  const phone = matchMedia('(pointer: coarse)').matches;
  return (
    <>
      <div className="buttons">
        {[...(phone ? ['capture' as const] : []), 'choose' as const].map((how) => (
          <label key={how} className="choose">
            <input
              type="file"
              accept="video/*"
              aria-label={say[how]}
              {...(how === 'capture' && { capture: 'user' as const })}
              onChange={(e) => look(e.target.files?.[0])}
            />
            <span aria-hidden="true">{say[how]}</span>
          </label>
        ))}
      </div>
      {Number.isFinite(maxBytes) && <p className="hint">{say.limit(size)}</p>}
      <p role="alert" className="wrong">
        {wrong === 'large' ? say.large(size) : wrong && say[wrong]}
      </p>
    </>
  );
}

/** The challenge for another camera, and where its recording is handed in. */
export function FileIntake(props: { challenge: LivenessChallenge; enrolling: Enrolling; maxBytes: number }) {
  const { challenge, enrolling, maxBytes } = props;
  const { words, lang } = useWords();
  const { file: say } = words;
  const [mirrored, setMirrored] = useState(false);
  const mirroredNow = useRef(mirrored);
  mirroredNow.current = mirrored;
  const rows = useRows(challenge);
  const seconds = (at: number) => number(at, lang);
  return (
    <Card title={say.title} focus kind="shoot">
      <p className="next">{say.lead}</p>
      <div className="pair">
        <table className="timeline">
          <thead>
            <tr>
              <th scope="col">{say.from}</th>
              <th scope="col">{say.what}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.from} data-quiet={row.what === say.straight}>
                <td>{say.seconds(seconds(row.from), seconds(row.to))}</td>
                <td>{row.what}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <div className="stack">
          <Digits code={challenge.code} />
          <Player challenge={challenge} />
        </div>
      </div>
      <Tick label={say.mirrored} checked={mirrored} onChange={setMirrored} />
      <Chooser maxBytes={maxBytes} take={(file) => enrolling.hand({ file, mirrored: mirroredNow.current })} />
      <p className="hint">{say.until(moment(challenge.expiresAt, lang))}</p>
      <p>
        <button type="button" className="link" onClick={() => enrolling.turn('camera')}>
          {say.camera}
        </button>
      </p>
    </Card>
  );
}
