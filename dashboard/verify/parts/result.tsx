import { useEffect, useId, useRef, useState } from 'react';
import { time } from '../../shared/format.js';
import { useWords } from '../language.js';
import type { Phase, Session } from '../session.js';
import { Checks } from './checks.js';
import { Clip } from './clip.js';
import { Details } from './details.js';
import { Feedback } from './feedback.js';
import { Lamps } from './lamps.js';
import { LineageGraph } from './lineage.js';
import { Limits } from './notices.js';
import { ReportFiles } from './report-files.js';
import { Timeline } from './timeline.js';

/** Ids and days, which must not be broken over two lines. */
const WHOLE = /(\b(?:[0-9a-f]{16}|\d{4}-\d{2}-\d{2})\b)/;

function Sentence({ text }: { text: string }) {
  return text.split(WHOLE).map((piece, i) =>
    i % 2 ? (
      <span key={i} className="whole">
        {piece}
      </span>
    ) : (
      piece
    ),
  );
}

/** The sentence, what it rests on, and what can be done with it. */
export function Result({ phase, session }: { phase: Extract<Phase, { at: 'done' }>; session: Session }) {
  const { words, lang, read } = useWords();
  const { report, job, file, kept, coming } = phase;
  const heading = useRef<HTMLHeadingElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [position, setPosition] = useState<number | null>(null);
  const why = useId();
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: 'nearest' });
  }, [report]);
  const seek = (second: number) => {
    if (video.current) video.current.currentTime = second;
  };
  return (
    <article className="result">
      <header className="verdict">
        <h2 tabIndex={-1} ref={heading}>
          <span className="over">{words.result.title}</span>
          <span className="unseen">: </span>
          <span className="sentence">
            <Sentence text={read(report.verdict.text)} />
          </span>
        </h2>
        {report.verdict.needsReview && <p className="review">{words.result.review}</p>}
        <p className="hint">{words.result.examined(time(report.at, lang))}</p>
        <p role="status" className="unseen">
          {words.result.ready}
        </p>
      </header>
      <div className="columns">
        <Lamps report={report} />
        <div className="seen">
          <Clip report={report} file={file} video={video} onTime={setPosition} />
          <Timeline report={report} position={position} seek={position === null ? null : seek} />
        </div>
        <div className="grounds">
          <section aria-labelledby={why}>
            <h3 id={why}>{words.result.why}</h3>
            <ul className="why">
              {report.verdict.why.map((reason, i) => (
                <li key={i}>
                  <Sentence text={read(reason)} />
                </li>
              ))}
            </ul>
          </section>
          <Checks report={report} />
          <LineageGraph lineage={report.lineage} />
        </div>
      </div>
      <div className="after">
        <ReportFiles report={report} job={job} kept={kept} coming={coming} forget={session.forget} />
        {job && kept && <Feedback id={job.id} />}
      </div>
      <Limits />
      <Details report={report} custody={job?.custody ?? report.custody} />
      <p>
        <button type="button" onClick={session.leave}>
          {words.result.another}
        </button>
      </p>
    </article>
  );
}
