import type { Lang } from './language.js';

/** What the frame of every page says. */
export const SHARED = {
  en: {
    language: 'Language',
    skip: 'Skip to the content',
    copy: 'Copy',
    copied: 'Copied',
    copyFailed: 'Select the text and copy it',
    percent: (share: number) => `${Math.round(share * 100)} %`,
    again: 'Try again',
    said: 'The service said:',
    wait: (seconds: number) => `You can try again in ${seconds} s.`,
  },
  fr: {
    language: 'Langue',
    skip: 'Aller au contenu',
    copy: 'Copier',
    copied: 'Copié',
    copyFailed: 'Sélectionnez le texte et copiez-le',
    percent: (share: number) => `${Math.round(share * 100)} %`,
    again: 'Réessayer',
    said: 'Réponse du service :',
    wait: (seconds: number) => `Vous pourrez réessayer dans ${seconds} s.`,
  },
} satisfies Record<Lang, unknown>;
