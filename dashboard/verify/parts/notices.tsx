import { useId } from 'react';
import { useWords } from '../language.js';

function Points({ title, points }: { title: string; points: string[] }) {
  const id = useId();
  return (
    <section className="notice" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul>
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </section>
  );
}

/** What happens with the file, and what the page cannot tell. */
export function Notices() {
  const { words } = useWords();
  return (
    <div className="notices">
      <Points {...words.kept} />
      <Points {...words.not} />
    </div>
  );
}

/** What the page cannot tell, beside a result. */
export function Limits() {
  const { words } = useWords();
  return <Points {...words.not} />;
}
