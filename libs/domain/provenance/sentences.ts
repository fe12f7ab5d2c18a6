import type { LocalText, VerdictCode } from '#contracts';
import type { RegisteredRelease } from './signals.js';

/** What a sentence needs to know beside its code. */
export interface Subject {
  /** The release that the sentence is about; null where it is about none. */
  release: RegisteredRelease | null;
  /** Which tracks were found to be near the release by fingerprint. */
  alike: { picture: boolean; sound: boolean };
  /** Whether the pictures were compared with those of the release at all. */
  compared: boolean;
  /** Whether the signer is another one who is on a trust list. */
  listed: boolean;
}

type Sentence = (id: string, day: string, subject: Subject) => LocalText;

/** UTC day of an ISO time, YYYY-MM-DD. */
const dayOf = (iso: string) => iso.slice(0, 10);

const SENTENCES: Record<VerdictCode, Sentence> = {
  released_exact: (id, day) => ({
    en: `Bit-exact copy of release ${id}, generated through this service and released on ${day}.`,
    fr: `Copie identique, octet pour octet, de la diffusion ${id}, générée par ce service et diffusée le ${day}.`,
  }),
  released_repackaged: (id, day) => ({
    en: `Generated through this service and released on ${day} as ${id}. Picture and sound are unchanged since signing; the bytes around them differ.`,
    fr: `Générée par ce service et diffusée le ${day} sous le numéro ${id}. L’image et le son n’ont pas changé depuis la signature ; les octets qui les entourent diffèrent.`,
  }),
  signed_but_not_registered: () => ({
    en: 'Signed with a key of this service, but its records do not support the signature. No statement of origin is made; treat the file as suspect.',
    fr: 'Signée avec une clé de ce service, mais ses registres ne confirment pas cette signature. Aucune origine n’est affirmée ; ce fichier doit être considéré comme suspect.',
  }),
  derived: (id, day, { compared }) =>
    compared
      ? {
          en: `Derived from release ${id} (${day}): its identifier was found in the pictures, and the pictures match those of the release. The file has no credentials of ours that fit it: they were removed, replaced or damaged, and later changes were not assessed.`,
          fr: `Dérivée de la diffusion ${id} (${day}) : son identifiant a été trouvé dans les images, et les images correspondent à celles de la diffusion. Le fichier n’a pas de certificat de notre part qui lui corresponde : il a été retiré, remplacé ou endommagé, et les modifications ultérieures n’ont pas été évaluées.`,
        }
      : {
          en: `The pictures carry the identifier of release ${id} (${day}). The file has no credentials of ours that fit it: they were removed, replaced or damaged, and later changes were not assessed. Identifiers can be copied; the pictures were not compared with the release.`,
          fr: `Les images portent l’identifiant de la diffusion ${id} (${day}). Le fichier n’a pas de certificat de notre part qui lui corresponde : il a été retiré, remplacé ou endommagé, et les modifications ultérieures n’ont pas été évaluées. Un identifiant peut être copié ; les images n’ont pas été comparées à celles de la diffusion.`,
        },
  identifier_on_other_pictures: (id, day) => ({
    en: `The file carries the identifier of release ${id} (${day}), but the pictures differ from those of the release. Identifiers can be copied. Inconclusive; two people must examine it.`,
    fr: `Le fichier porte l’identifiant de la diffusion ${id} (${day}), mais les images diffèrent de celles de la diffusion. Un identifiant peut être copié. Aucune conclusion ; deux personnes doivent l’examiner.`,
  }),
  resembles: (id, day, { alike }) => {
    const en =
      alike.picture && alike.sound
        ? 'Picture and sound resemble'
        : alike.sound
          ? 'The sound resembles'
          : 'The pictures resemble';
    const fr =
      alike.picture && alike.sound
        ? 'L’image et le son ressemblent'
        : alike.sound
          ? 'Le son ressemble'
          : 'Les images ressemblent';
    return {
      en: `${en} release ${id} (${day}). Resemblance alone does not show origin. Two people must examine it.`,
      fr: `${fr} à la diffusion ${id} (${day}). Une ressemblance ne montre pas à elle seule l’origine. Deux personnes doivent l’examiner.`,
    };
  },
  credentials_do_not_match_content: (id, day, { compared }) =>
    compared
      ? {
          en: `Credentials tampered: the content changed after release. The credentials are those of release ${id} (${day}), and the content derives from it: the pictures match those of the release.`,
          fr: `Certificat altéré : le contenu a changé après la diffusion. Le certificat est celui de la diffusion ${id} (${day}), et le contenu en dérive : les images correspondent à celles de la diffusion.`,
        }
      : {
          en: `The credentials of release ${id} (${day}) are attached and its identifier was found in the pictures, but the content changed after it was signed. The pictures were not compared with the release.`,
          fr: `Le certificat de la diffusion ${id} (${day}) est joint et son identifiant se trouve dans les images, mais le contenu a changé après la signature. Les images n’ont pas été comparées à celles de la diffusion.`,
        },
  credentials_on_other_content: (id, day, { compared }) =>
    compared
      ? {
          en: `The credentials of release ${id} (${day}) are attached to different content: its identifier was not found in these pictures, and they are not near those of the release.`,
          fr: `Le certificat de la diffusion ${id} (${day}) est joint à un autre contenu : son identifiant n’a pas été trouvé dans ces images, et elles ne sont pas proches de celles de la diffusion.`,
        }
      : {
          en: `The credentials of release ${id} (${day}) are attached to content other than what was signed, and its identifier was not found in these pictures. They were not compared with the release; whether they derive from it is not established.`,
          fr: `Le certificat de la diffusion ${id} (${day}) est joint à un contenu autre que celui qui a été signé, et son identifiant n’a pas été trouvé dans ces images. Elles n’ont pas été comparées à la diffusion ; il n’est pas établi qu’elles en dérivent.`,
        },
  conflicting: () => ({
    en: 'Conflicting signs of origin: what was found does not point to one release, or the records of this service contradict it. No conclusion; two people must examine it.',
    fr: 'Indices d’origine contradictoires : ils ne désignent pas une seule et même diffusion, ou les registres de ce service les contredisent. Aucune conclusion ; deux personnes doivent examiner ce fichier.',
  }),
  contains_ours: (id, day) => ({
    en: `Contains material generated through this service (release ${id}, ${day}), later changed by another signer, as the credentials of that signer state.`,
    fr: `Contient des éléments générés par ce service (diffusion ${id}, ${day}), modifiés ensuite par un autre signataire, selon le certificat de ce dernier.`,
  }),
  signed_by_other: (_id, _day, { listed }) => ({
    en: `The file carries credentials of another signer, ${listed ? 'who is on the trust list' : 'who is not on the trust list'}; they are shown as stated. No evidence that it was generated through this service.`,
    fr: `Le fichier porte le certificat d’un autre signataire, ${listed ? 'qui figure sur la liste de confiance' : 'qui ne figure pas sur la liste de confiance'} ; il est présenté tel quel. Rien n’indique que ce fichier a été généré par ce service.`,
  }),
  credentials_damaged: () => ({
    en: 'Credentials are present but damaged, and no identifier was found. No conclusion.',
    fr: 'Un certificat est présent mais endommagé, et aucun identifiant n’a été trouvé. Aucune conclusion.',
  }),
  no_evidence: () => ({
    en: 'No evidence that it was generated through this service. This says nothing about how it was made, with or without AI.',
    fr: 'Rien n’indique que ce fichier a été généré par ce service. Cela ne dit rien de la façon dont il a été fait, avec ou sans IA.',
  }),
  unable: () => ({
    en: 'The file could not be examined completely, so no statement is made. The failed checks are listed.',
    fr: 'Le fichier n’a pas pu être examiné complètement : aucune affirmation n’est faite. Les contrôles en échec sont listés.',
  }),
};

/** The public sentence of a code, provenance research section 4.1. Holds no text from the file. */
export function sentenceOf(code: VerdictCode, subject: Subject): LocalText {
  const { release } = subject;
  return SENTENCES[code](release?.id ?? '', release ? dayOf(release.releasedAt) : '', subject);
}

/**
 * Row 13, which stands before every other sentence.
 * @param id release, or null where only the log says that the release which was found is withdrawn
 * @param at ISO time, or null where it is not known
 */
export function withdrawnSentence(id: string | null, at: string | null): LocalText {
  const [en, fr] = at
    ? [` on ${dayOf(at)}.`, ` le ${dayOf(at)}.`]
    : ['; the day is not known here.', ' ; le jour n’est pas connu ici.'];
  return {
    en: `${id ? `Release ${id}` : 'A release that this file points to'} was withdrawn by this service${en}`,
    fr: `${id ? `La diffusion ${id}` : 'Une diffusion que ce fichier désigne'} a été retirée par ce service${fr}`,
  };
}

/** Stretches that one sentence tells; the reasons tell more. */
const MOST_STRETCHES = 6;

/**
 * What stands behind a sentence that names a release when only some seconds of the pictures point to it.
 * @param stretches seconds of the file, in order
 */
export function partSentence(stretches: readonly { startS: number; endS: number }[]): LocalText {
  const shown = (to: string, point: string) =>
    stretches
      .slice(0, MOST_STRETCHES)
      .map(({ startS, endS }) => `${secondsIn(startS, point)} ${to} ${secondsIn(endS, point)}`)
      .join(', ') + (stretches.length > MOST_STRETCHES ? ', …' : '');
  return {
    en: `Only a part of the pictures points to it: seconds ${shown('to', '.')}.`,
    fr: `Seule une partie des images la désigne : secondes ${shown('à', ',')}.`,
  };
}

const secondsIn = (seconds: number, point: string) => seconds.toFixed(1).replace('.', point);
