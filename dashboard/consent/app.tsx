import { lazy, Suspense } from 'react';
import { Card } from '../shared/card.js';
import { Frame } from '../shared/frame.js';
import { useSecret } from '../shared/secret.js';
import { Enrolment } from './enrolment.js';
import { WORDS, useWords } from './language.js';

// Whoever enrols does not need it yet.
const Likeness = lazy(() => import('./likeness/likeness.js').then(({ Likeness: page }) => ({ default: page })));

const PAGES = { en: WORDS.en.enrol.page, fr: WORDS.fr.enrol.page };

function NoSecret() {
  const { words } = useWords();
  return (
    <Card title={words.none.title} focus>
      <p className="next">{words.none.text}</p>
    </Card>
  );
}

/** The page of a person who is asked for consent, or who gave it. @param maxBytes largest recording that is sent */
export function App({ maxBytes }: { maxBytes: number }) {
  const [secret] = useSecret('consent');
  if (secret?.startsWith('prs_'))
    return (
      <Suspense>
        <Likeness key={secret} secret={secret} />
      </Suspense>
    );
  if (secret) return <Enrolment key={secret} secret={secret} maxBytes={maxBytes} />;
  return (
    <Frame
      pages={PAGES}
      phase="none"
      title={(lang) => WORDS[lang].enrol.small}
      small
      foot={(lang) => <p>{WORDS[lang].footer}</p>}
    >
      <NoSecret />
    </Frame>
  );
}
