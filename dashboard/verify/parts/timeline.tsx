import { useId, type MouseEvent } from 'react';
import type { VerifyReport } from '#contracts';
import { clock } from '../../shared/format.js';
import { useWords } from '../language.js';
import { barsOf, type Bars, type Part } from '../timeline.js';

/** Goes to a second of the clip that is shown; null where none is. */
type Seek = ((second: number) => void) | null;

function Bar({
  bars,
  parts,
  position,
  seek,
  label,
}: {
  bars: Bars;
  parts: Part[];
  position: number | null;
  seek: Seek;
  label: string;
}) {
  const press = (e: MouseEvent<HTMLDivElement>) => {
    const { left, width } = e.currentTarget.getBoundingClientRect();
    seek?.(((e.clientX - left) / width) * bars.durationS);
  };
  // For the mouse only: the table has a button for each part.
  return (
    <div className="bar" role="img" aria-label={label} data-seek={seek !== null} {...(seek && { onClick: press })}>
      {parts.map((part, i) => (
        <span
          key={i}
          className="part"
          data-state={part.state}
          style={{ left: `${part.from * 100}%`, width: `${part.width * 100}%` }}
        >
          {part.letter}
        </span>
      ))}
      {position !== null && <span className="needle" style={{ left: `${(position / bars.durationS) * 100}%` }} />}
    </div>
  );
}

function Table({ bars, seek }: { bars: Bars; seek: Seek }) {
  const { words, lang } = useWords();
  const { time } = words;
  const parts = bars.tracks.flatMap((track) => track.parts);
  const at = (second: number) => clock(second, lang, true);
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={time.table}>
      <table>
        <thead>
          <tr>
            {Object.entries(time.head).map(([key, name]) => (
              <th key={key} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parts.map((part, i) => (
            <tr key={i}>
              <th scope="row">{time.tracks[part.track]}</th>
              <td>
                {seek ? (
                  <button
                    type="button"
                    className="link"
                    aria-label={time.seek(at(part.startS))}
                    onClick={() => seek(part.startS)}
                  >
                    {at(part.startS)}
                  </button>
                ) : (
                  at(part.startS)
                )}
              </td>
              <td>{at(part.endS)}</td>
              <td>{time.states[part.state]}</td>
              <td>
                {part.letter && <b>{part.letter} </b>}
                {part.releaseId && <code>{part.releaseId}</code>}
                {part.releaseStartS !== null && <span className="hint"> {time.releaseAt(at(part.releaseStartS))}</span>}
              </td>
              <td>{part.by.map((by) => time.by[by]).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Which seconds of picture and sound point to a release of ours. */
export function Timeline({ report, position, seek }: { report: VerifyReport; position: number | null; seek: Seek }) {
  const { words, lang } = useWords();
  const { time } = words;
  const id = useId();
  const bars = barsOf(report);
  const label = (track: string, parts: Part[]) =>
    parts
      .map((p) => time.part(track, clock(p.startS, lang, true), clock(p.endS, lang, true), time.states[p.state]))
      .join('. ');
  return (
    <section className="time" aria-labelledby={id}>
      <h3 id={id}>{time.title}</h3>
      {!bars && <p className="hint">{time.none}</p>}
      {bars && (
        <>
          <div className="bars">
            {bars.tracks.map(({ track, parts }) => (
              <div className="track" key={track}>
                <span aria-hidden="true">{time.tracks[track]}</span>
                <Bar {...{ bars, parts, position, seek }} label={label(time.tracks[track], parts)} />
              </div>
            ))}
            <p className="axis" aria-hidden="true">
              {[0, 0.5, 1].map((share) => (
                <span key={share}>{clock(bars.durationS * share, lang)}</span>
              ))}
            </p>
          </div>
          <ul className="keys">
            {(['ours', 'other', 'unable'] as const).map((state) => (
              <li key={state}>
                <span className="part" data-state={state} aria-hidden="true" /> {time.states[state]}
              </li>
            ))}
          </ul>
          {seek && <p className="hint">{time.hint}</p>}
          <details>
            <summary>{time.table}</summary>
            <Table bars={bars} seek={seek} />
          </details>
        </>
      )}
    </section>
  );
}
