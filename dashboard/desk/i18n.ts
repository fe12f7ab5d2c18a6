import { useLocaleState } from 'react-admin';
import polyglotI18nProvider from 'ra-i18n-polyglot';
import englishMessages from 'ra-language-english';
import frenchMessages from 'ra-language-french';
import type { Lang } from '../shared/language.js';
import { chosenLang } from '../shared/language.js';
import { currentSession, takeSession } from './session.js';
import { post } from './wire.js';
import { en, type Words } from './words/en.js';
import { fr } from './words/fr.js';
import type { StaffSessionView } from '#contracts';

/** Our own words; react-admin brings those of its parts. */
export const WORDS: Record<Lang, Words> = { en, fr };

const named = ({ resources }: Words) => ({
  resources: Object.fromEntries(
    Object.entries(resources).map(([name, { title, ...fields }]) => [name, { name: title, fields }]),
  ),
});

const MESSAGES = {
  en: { ...englishMessages, ...named(en) },
  fr: { ...frenchMessages, ...named(fr) },
};

const provider = polyglotI18nProvider(
  (locale) => MESSAGES[locale as Lang],
  chosenLang('', navigator.languages),
  [
    { locale: 'en', name: 'English' },
    { locale: 'fr', name: 'Français' },
  ],
  { allowMissing: true },
);

/** The language is the person's: it is kept with who they are, not with the browser. */
export const i18nProvider: typeof provider = {
  ...provider,
  async changeLocale(locale: string) {
    await provider.changeLocale(locale);
    document.documentElement.lang = locale;
    const session = currentSession();
    if (!session || session.staff.locale === locale) return;
    const changed = await post<StaffSessionView>('/v1/staff/locale', { locale }).catch(() => null);
    if (changed) takeSession(changed);
  },
};

/** Words and language of the console. */
export function useWords(): { w: Words; lang: Lang } {
  const [locale] = useLocaleState();
  const lang: Lang = locale === 'fr' ? 'fr' : 'en';
  return { w: WORDS[lang], lang };
}
