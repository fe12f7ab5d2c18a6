import { AppError } from '#kernel';
import type { LocalText, Signal } from '#contracts';
import type { WatchSummary } from '#engines/media';

/** What a clip's own file can be at fault for, in words for the person who has to decide. */
const FILE_FAULTS: Readonly<Record<string, LocalText>> = {
  media_unreadable: {
    en: 'The file could not be read as a video, so nothing in it was looked at.',
    fr: 'Le fichier n’a pas pu être lu comme une vidéo ; rien n’y a été examiné.',
  },
  media_empty: {
    en: 'Not one picture of the video could be decoded; it may be cut off or damaged.',
    fr: 'Aucune image de la vidéo n’a pu être décodée ; elle est peut-être tronquée ou endommagée.',
  },
  media_no_video: {
    en: 'The file holds no pictures, only sound or nothing.',
    fr: 'Le fichier ne contient pas d’images, seulement du son ou rien.',
  },
  media_too_large: {
    en: 'The picture is larger than this service examines.',
    fr: 'L’image est plus grande que ce que ce service examine.',
  },
  media_too_long: {
    en: 'The video is longer than this service examines.',
    fr: 'La vidéo est plus longue que ce que ce service examine.',
  },
  sandbox_timeout: {
    en: 'Looking at the clip took longer than allowed, so not all of it was seen.',
    fr: 'L’examen du clip a dépassé le temps permis ; tout n’a donc pas été vu.',
  },
  sandbox_memory: {
    en: 'Looking at the clip took more memory than allowed, so not all of it was seen.',
    fr: 'L’examen du clip a dépassé la mémoire permise ; tout n’a donc pas été vu.',
  },
  sandbox_crashed: {
    en: 'The program that looks at clips was ended by this file; it may be damaged or hostile.',
    fr: 'Le programme d’examen s’est arrêté sur ce fichier ; il est peut-être endommagé ou malveillant.',
  },
};

const OTHER_FAULT: LocalText = {
  en: 'The clip could not be examined because of a fault in this service.',
  fr: 'Le clip n’a pas pu être examiné à cause d’une panne de ce service.',
};

/** Why a clip could not be examined at all, for people. */
export function faultNote(error: unknown): LocalText {
  return (error instanceof AppError ? FILE_FAULTS[error.code] : undefined) ?? OTHER_FAULT;
}

/** What a part of the inspection looks for, for the note that it could not. */
const PARTS: Readonly<Record<string, LocalText>> = {
  'vision.nsfw': { en: 'nudity', fr: 'la nudité' },
  'vision.motion.fight': { en: 'motion', fr: 'les mouvements' },
  'vision.objects.blade': { en: 'objects', fr: 'les objets' },
  'vision.zeroshot': { en: 'the operator’s own categories', fr: 'les catégories propres à l’exploitant' },
  'face.apparent_minor': { en: 'faces', fr: 'les visages' },
  'likeness.face': { en: 'persons who have to agree', fr: 'les personnes dont l’accord est requis' },
  'ocr.text': { en: 'words on the screen', fr: 'les textes à l’écran' },
  'speech.transcriber': { en: 'the words spoken', fr: 'les paroles' },
  'speech.sound': { en: 'the sound', fr: 'le son' },
  'remote.frames': { en: 'what the remote moderation judges', fr: 'ce que juge la modération distante' },
  'fingerprint.banks': { en: 'known pictures', fr: 'les images connues' },
  'fingerprint.video': { en: 'its fingerprint', fr: 'son empreinte' },
};

function noteOf(detector: string): LocalText | undefined {
  const part = PARTS[detector];
  return (
    part && {
      en: `This clip could not be examined for ${part.en}.`,
      fr: `Ce clip n’a pas pu être examiné pour ${part.fr}.`,
    }
  );
}

/** The finding with a note for people, where it could not tell and says so in one language only. */
export function noted(signal: Signal): Signal {
  const note = signal.state === 'unable' && !signal.note ? noteOf(signal.detector) : undefined;
  return note ? { ...signal, note } : signal;
}

/** A part of the inspection that failed: `unable`, with a note that says which. */
export function unablePart(
  detector: string,
  what: Pick<Signal, 'category' | 'source'> & Partial<Pick<Signal, 'shadow'>>,
  reason: string,
): Signal {
  const note = noteOf(detector);
  const model = { name: detector, version: 'none' };
  return { detector, ...what, state: 'unable', score: null, reason, ...(note && { note }), coverage: 'none', model };
}

const s = (seconds: number, locale: 'en' | 'fr') => seconds.toLocaleString(locale, { maximumFractionDigits: 1 });

/**
 * A clip of which a part was not seen is no clean clip: `media.integrity` is `unable`, and the note says why.
 * Nothing when all of it was decoded.
 */
export function integritySignals(
  seen: Pick<WatchSummary, 'damaged' | 'complete' | 'capped' | 'durationS' | 'claimedS' | 'sound'>,
): Signal[] {
  const { damaged, complete, capped, durationS, claimedS, sound } = seen;
  const notes: LocalText[] = [];
  if (damaged > 0) {
    notes.push({
      en: `The video is damaged: ${damaged} of its packets or pictures could not be decoded.`,
      fr: `La vidéo est endommagée : ${damaged} de ses paquets ou images n’ont pas pu être décodés.`,
    });
  }
  if (!complete && damaged === 0) {
    notes.push({
      en: `The file is cut off, or claims more pictures than could be decoded (${s(claimedS, 'en')} s claimed, ${s(durationS, 'en')} s seen).`,
      fr: `Le fichier est tronqué, ou annonce plus d’images qu’il n’a été possible d’en décoder (${s(claimedS, 'fr')} s annoncées, ${s(durationS, 'fr')} s vues).`,
    });
  }
  if (capped) {
    notes.push({
      en: 'The picture changes so often that not every moment was looked at.',
      fr: 'L’image change si souvent que tous les moments n’ont pas été examinés.',
    });
  }
  if (sound.damaged > 0) {
    notes.push({
      en: `The sound is damaged: ${sound.damaged} of its packets could not be decoded.`,
      fr: `Le son est endommagé : ${sound.damaged} de ses paquets n’ont pas pu être décodés.`,
    });
  }
  if (notes.length === 0) return [];
  const note = { en: notes.map(({ en }) => en).join(' '), fr: notes.map(({ fr }) => fr).join(' ') };
  const model = { name: 'imprimatur-media', version: '1', provider: 'js' };
  const base = { detector: 'media.integrity', category: 'other', source: 'frames' } as const;
  return [{ ...base, state: 'unable', score: null, reason: note.en, note, coverage: 'none', model }];
}
