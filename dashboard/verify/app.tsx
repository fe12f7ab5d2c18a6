import { useEffect, useState } from 'react';
import { chosenLang, type Lang } from '../shared/language.js';
import { Reading, WORDS } from './language.js';
import { FaultNotice } from './parts/fault-notice.js';
import { Intake } from './parts/intake.js';
import { Result } from './parts/result.js';
import { Work } from './parts/work.js';
import { useSession } from './session.js';

/** The language, kept in the address so that a link to the page keeps it. */
function useLang(): [Lang, (lang: Lang) => void] {
  const [lang, setLang] = useState<Lang>(() => chosenLang(location.search, navigator.languages));
  useEffect(() => {
    document.documentElement.lang = lang;
    document.title = `${WORDS[lang].page} · Imprimatur`;
  }, [lang]);
  const choose = (next: Lang) => {
    const query = new URLSearchParams(location.search);
    query.set('lang', next);
    history.replaceState(null, '', `${location.pathname}?${query}${location.hash}`);
    setLang(next);
  };
  return [lang, choose];
}

const LANGS: [Lang, string][] = [
  ['en', 'English'],
  ['fr', 'Français'],
];

function Header({ lang, choose }: { lang: Lang; choose: (lang: Lang) => void }) {
  return (
    <header className="top">
      <a className="skip" href="#main" onClick={(e) => (e.preventDefault(), document.getElementById('main')?.focus())}>
        {WORDS[lang].skip}
      </a>
      <p className="brand">
        <img src={new URL('./mark.svg', import.meta.url).href} alt="" width="28" height="28" />
        Imprimatur
      </p>
      <nav aria-label={WORDS[lang].language}>
        {LANGS.map(([code, name]) => (
          <button
            key={code}
            type="button"
            lang={code}
            className="lang"
            aria-pressed={code === lang}
            onClick={() => choose(code)}
          >
            {name}
          </button>
        ))}
      </nav>
    </header>
  );
}

/** The public page on which anybody examines a file. @param maxBytes largest file that the service takes */
export function App({ maxBytes }: { maxBytes: number }) {
  const [lang, choose] = useLang();
  const session = useSession(maxBytes);
  const { phase } = session;
  const words = WORDS[lang];
  return (
    <Reading value={lang}>
      <Header lang={lang} choose={choose} />
      <main id="main" tabIndex={-1} data-phase={phase.at}>
        <h1 className={phase.at === 'start' ? 'title' : 'title small'}>{words.title}</h1>
        {phase.at === 'start' && <Intake maxBytes={maxBytes} examine={session.examine} />}
        {(phase.at === 'sending' || phase.at === 'waiting') && <Work phase={phase} leave={session.leave} />}
        {phase.at === 'fault' && <FaultNotice phase={phase} maxBytes={maxBytes} session={session} />}
        {phase.at === 'done' && <Result phase={phase} session={session} />}
      </main>
      <footer>
        <p>{words.footer.who}</p>
        <p>
          <a href="/docs">{words.footer.api}</a>
        </p>
      </footer>
    </Reading>
  );
}
