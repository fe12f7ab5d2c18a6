import type { FaultKind } from './fault.js';
import type { Lang } from './language.js';

type FaultWords = Record<Exclude<FaultKind, 'unknown'>, [string, string]> & { title: string; reload: string };

/** Why a request failed and what to do next, in the same words on every page; what an unknown link means is the page's own. */
export const FAULTS: Record<Lang, FaultWords> = {
  en: {
    title: 'This did not work',
    offline: ['The service cannot be reached.', 'Check your connection, then try again.'],
    rate: ['Too many requests came from your network.', 'Wait a moment, then try again.'],
    busy: ['The service is busy.', 'Try again in a minute.'],
    service: ['The service made an error.', 'Try again. If it fails again, tell the platform.'],
    changed: ['It was changed somewhere else meanwhile.', 'Look at it as it is now, then try again.'],
    refused: ['The service did not accept this.', 'Correct it and try again.'],
    reload: 'Load again',
  },
  fr: {
    title: 'Cela n’a pas marché',
    offline: ['Le service est injoignable.', 'Vérifiez votre connexion, puis réessayez.'],
    rate: ['Trop de demandes sont venues de votre réseau.', 'Attendez un instant, puis réessayez.'],
    busy: ['Le service est occupé.', 'Réessayez dans une minute.'],
    service: ['Le service a fait une erreur.', 'Réessayez. Si cela se répète, prévenez la plateforme.'],
    changed: ['Cela a été changé ailleurs entre-temps.', 'Regardez où cela en est, puis réessayez.'],
    refused: ['Le service n’a pas accepté cela.', 'Corrigez et réessayez.'],
    reload: 'Charger de nouveau',
  },
};

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
