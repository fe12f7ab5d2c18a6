import { useEffect, useId, useState } from 'react';
import type { Verification, VerifyReport } from '#contracts';
import { time } from '../../shared/format.js';
import { useWords } from '../language.js';
import { jobPath } from '../wire.js';
import { CopyButton } from '../../shared/copy-button.js';

/** The report as a file made here, where the service keeps none. */
function useReportAddress(report: VerifyReport, wanted: boolean): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!wanted) return setAddress(null);
    const made = URL.createObjectURL(new Blob([JSON.stringify(report, null, 2)], { type: 'application/json' }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [report, wanted]);
  return address;
}

interface Props {
  report: VerifyReport;
  job: Verification | null;
  kept: boolean;
  /** The service still makes its files. */
  coming: boolean;
  forget: () => Promise<void>;
}

function Forget({ forget }: Pick<Props, 'forget'>) {
  const { words } = useWords();
  const [failed, setFailed] = useState(false);
  return (
    <p>
      <button type="button" className="second" onClick={() => void forget().catch(() => setFailed(true))}>
        {words.report.forget}
      </button>
      <span role="alert" className="said">
        {failed && words.report.forgetFailed}
      </span>
    </p>
  );
}

/** The report to take along, how long the service keeps it, and a way to end that now. */
export function ReportFiles({ report, job, kept, coming, forget }: Props) {
  const { words, lang } = useWords();
  const { report: said } = words;
  const id = useId();
  const files = kept ? (job?.files ?? null) : null;
  const local = useReportAddress(report, !files?.json && !coming);
  const link = (href: string, name: string) => (
    <li>
      <a href={href} download>
        {name}
      </a>
    </li>
  );
  return (
    <section className="files" aria-labelledby={id}>
      <h3 id={id}>{said.title}</h3>
      <ul>
        {job && files?.pdf && link(jobPath(job.id, 'report.pdf'), said.pdf)}
        {job && files?.json && link(jobPath(job.id, 'report.json'), said.json)}
        {local && (
          <li>
            <a href={local} download={`${report.id}.json`}>
              {said.json}
            </a>
          </li>
        )}
        {job && files?.bundle && link(jobPath(job.id, 'bundle.zip'), said.bundle)}
      </ul>
      {job && kept && (
        <>
          <p>
            {said.until(time(job.expires_at, lang))} {said.linkNote}
          </p>
          <p>
            <CopyButton text={location.href} label={said.link} />
          </p>
          <Forget forget={forget} />
        </>
      )}
      <p role="status">{coming ? said.coming : !kept && (job ? said.forgotten : said.notKept)}</p>
    </section>
  );
}
