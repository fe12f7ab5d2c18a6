import type { Locale, LocalText, Restored } from '#contracts';
import type { Policy } from './types.js';

/** What became of an appeal. */
export interface AppealAnswer {
  outcome: 'upheld' | 'overturned';
  /** The words of the person who decided. */
  reason: string;
  restored: Restored | null;
}

const RESTORED: Readonly<Record<Restored, LocalText>> = {
  queued: { en: 'The clip is being made.', fr: 'Le clip est en cours de production.' },
  marking: { en: 'The clip goes on to its release.', fr: 'Le clip poursuit son chemin vers la publication.' },
  remade: { en: 'The clip is released anew.', fr: 'Le clip est publié à nouveau.' },
  unlimited: { en: 'The limits are lifted.', fr: 'Les limites sont levées.' },
  account: { en: 'The account is open again.', fr: 'Le compte est rouvert.' },
  gone: {
    en: 'The files of the clip are gone, so it cannot be released: what it cost is given back, and it may be asked for anew.',
    fr: 'Les fichiers du clip n’existent plus ; il ne peut donc pas être publié : son coût est remboursé et il peut être demandé à nouveau.',
  },
};

/** The answer to an appeal in English and French, with its reasons and what else can be done (DSA, article 20(5)). */
export function appealText(policy: Policy, { outcome, reason, restored }: AppealAnswer): LocalText {
  const { redress } = policy.wording;
  const after = restored ? RESTORED[restored] : null;
  const first =
    outcome === 'upheld'
      ? { en: 'Appeal: the decision stands.', fr: 'Recours : la décision est maintenue.' }
      : {
          en: 'Appeal: the decision is overturned and no longer counts.',
          fr: 'Recours : la décision est annulée et ne compte plus.',
        };
  const who = {
    en: 'A person who took no part in it examined the appeal.',
    fr: 'Une personne étrangère à la décision a examiné le recours.',
  };
  const join = (locale: Locale, label: string) =>
    [`${first[locale]} ${who[locale]}`, `${label}${reason}`, after?.[locale], redress[locale]]
      .filter((part): part is string => Boolean(part))
      .map((part) => part.trim())
      .join('\n');
  return { en: join('en', 'Reasons: '), fr: join('fr', 'Motifs : ') };
}
