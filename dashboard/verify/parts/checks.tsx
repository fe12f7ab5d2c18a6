import { useId } from 'react';
import type { VerifyReport } from '#contracts';
import { plain } from '../../shared/plain.js';
import { useWords } from '../language.js';

/** What was checked, what was not, and which check failed. */
export function Checks({ report }: { report: VerifyReport }) {
  const { words } = useWords();
  const { checks } = words;
  const id = useId();
  const groups = [
    ['checked', checks.checked, report.checked],
    ['not-checked', checks.notChecked, report.not_checked],
    ['failed', checks.failed, report.failed],
  ] as const;
  return (
    <section className="checks" aria-labelledby={id}>
      <h3 id={id}>{checks.title}</h3>
      <dl>
        {groups.map(([key, title, names]) => (
          <div key={key} data-group={key}>
            <dt>{title}</dt>
            {names.length === 0 && <dd className="hint">{checks.none}</dd>}
            {names.map((name) => (
              <dd key={name}>{checks.names[name] ?? plain(name.replaceAll('_', ' '), 60)}</dd>
            ))}
          </div>
        ))}
      </dl>
    </section>
  );
}
