import type { EnrolmentFault, LivenessText } from '#contracts';

/** Why a recording was refused, for the person who made it. */
export const FAULT_TEXTS: Record<EnrolmentFault, LivenessText> = {
  liveness_failed: {
    en: 'The recording does not show beyond doubt that you are there in person. The list says what to do differently.',
    fr: 'L’enregistrement ne montre pas avec certitude que vous êtes là en personne. La liste dit ce qu’il faut changer.',
  },
  face_not_usable: {
    en: 'Your face cannot be seen well enough. Come closer, into more light, and hold the camera still.',
    fr: 'Votre visage ne se voit pas assez bien. Approchez-vous, cherchez plus de lumière et tenez l’appareil immobile.',
  },
  age_not_confirmed: {
    en: 'Somebody in the recording looks too young to enrol. If you are an adult, write to the platform.',
    fr: 'Une personne dans l’enregistrement paraît trop jeune. Si vous êtes adulte, écrivez à la plateforme.',
  },
  face_already_enrolled: {
    en: 'This face is enrolled here already, from another account. Write to the platform if that is not you.',
    fr: 'Ce visage est déjà inscrit ici, par un autre compte. Écrivez à la plateforme si ce n’est pas vous.',
  },
  face_protected: {
    en: 'This face is protected here and cannot be enrolled. Write to the platform if it is yours.',
    fr: 'Ce visage est protégé ici et ne peut pas être inscrit. Écrivez à la plateforme si c’est le vôtre.',
  },
  handle_taken: {
    en: 'Somebody else took this handle meanwhile. Record once more, and you get another one.',
    fr: 'Quelqu’un d’autre a pris cet identifiant entre-temps. Enregistrez encore une fois : vous en aurez un autre.',
  },
  not_checked: {
    en: 'The recording could not be checked. Record it once more; if that happens again, write to the platform.',
    fr: 'L’enregistrement n’a pas pu être vérifié. Recommencez ; si cela se reproduit, écrivez à la plateforme.',
  },
};
