import type { ReactNode } from 'react';
import type { Lang } from './language.js';
import { Reading, useLang } from './reading.js';
import { SHARED } from './words.js';

const LANGS: [Lang, string][] = [
  ['en', 'English'],
  ['fr', 'Français'],
];

function Header({ lang, choose }: { lang: Lang; choose: (lang: Lang) => void }) {
  return (
    <header className="top">
      <a className="skip" href="#main" onClick={(e) => (e.preventDefault(), document.getElementById('main')?.focus())}>
        {SHARED[lang].skip}
      </a>
      <p className="brand">
        <img src={new URL('./mark.svg', import.meta.url).href} alt="" width="28" height="28" />
        Imprimatur
      </p>
      <nav aria-label={SHARED[lang].language}>
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

/**
 * Head, content and foot of a page, in the language that is chosen in the head.
 * @param pages title of the browser's window in each language
 * @param phase what the page is doing, for style and tests
 */
export function Frame(props: {
  pages: Record<Lang, string>;
  phase: string;
  title: (lang: Lang) => ReactNode;
  small: boolean;
  foot: (lang: Lang) => ReactNode;
  children: ReactNode;
}) {
  const [lang, choose] = useLang(props.pages);
  return (
    <Reading value={lang}>
      <Header lang={lang} choose={choose} />
      <main id="main" tabIndex={-1} data-phase={props.phase}>
        <h1 className={props.small ? 'title small' : 'title'}>{props.title(lang)}</h1>
        {props.children}
      </main>
      <footer>{props.foot(lang)}</footer>
    </Reading>
  );
}
