import { type LivenessAction, type LivenessChallenge, type LivenessLocale, type LivenessText } from '#contracts';

/** What is asked, in plain words. Each sentence stands alone, so that it can be read out. */
export const ACTION_WORDS: Record<LivenessAction, LivenessText> = {
  turn_left: {
    en: 'Turn your head to your left, then look straight ahead again.',
    fr: 'Tournez la tête vers votre gauche, puis regardez de nouveau droit devant vous.',
  },
  turn_right: {
    en: 'Turn your head to your right, then look straight ahead again.',
    fr: 'Tournez la tête vers votre droite, puis regardez de nouveau droit devant vous.',
  },
  look_up: {
    en: 'Lift your chin and look up, then look straight ahead again.',
    fr: 'Levez le menton et regardez en haut, puis regardez de nouveau droit devant vous.',
  },
  look_down: {
    en: 'Lower your chin and look down, then look straight ahead again.',
    fr: 'Baissez le menton et regardez en bas, puis regardez de nouveau droit devant vous.',
  },
  blink_once: {
    en: 'Close both eyes for half a second, once, then keep them open.',
    fr: 'Fermez les deux yeux une demi-seconde, une fois, puis gardez-les ouverts.',
  },
  blink_twice: {
    en: 'Close both eyes for half a second, twice, then keep them open.',
    fr: 'Fermez les deux yeux une demi-seconde, deux fois, puis gardez-les ouverts.',
  },
};

/** How the code is asked for. */
export function codeWords(code: string): LivenessText {
  const spaced = [...code].join(' ');
  return {
    en: `Say these digits, or hold them up in writing: ${spaced}.`,
    fr: `Dites ces chiffres, ou montrez-les par écrit : ${spaced}.`,
  };
}

/** The instructions of a challenge in another language than it was made in. */
export function instructionsOf(
  challenge: LivenessChallenge,
  locale: LivenessLocale,
): { steps: string[]; code: string } {
  return {
    steps: challenge.steps.map(({ action }) => ACTION_WORDS[action][locale]),
    code: codeWords(challenge.code)[locale],
  };
}

/** Why a check ended as it did. Sentences a person can act on; the numbers stand beside them. */
export const REASONS = {
  framesOk: { en: 'The recording is long enough.', fr: 'L’enregistrement est assez long.' },
  noFrames: { en: 'No picture could be read from the recording.', fr: 'Aucune image n’a pu être lue.' },
  tooFew: {
    en: 'There are too few pictures per second, or some are missing. Record again without pausing.',
    fr: 'Il y a trop peu d’images par seconde, ou il en manque. Recommencez sans interrompre.',
  },
  tooShort: {
    en: 'The recording ends before the last instruction does.',
    fr: 'L’enregistrement s’arrête avant la fin de la dernière consigne.',
  },
  tooLong: {
    en: 'The recording goes on long after the last instruction.',
    fr: 'L’enregistrement continue bien après la dernière consigne.',
  },
  faceOk: { en: 'One face is seen throughout.', fr: 'Un seul visage est visible du début à la fin.' },
  noFace: {
    en: 'No face is seen clearly enough throughout. Use more light and keep your face in the picture.',
    fr: 'Le visage n’est pas assez visible tout du long. Éclairez-vous mieux et restez dans l’image.',
  },
  twoFaces: {
    en: 'More than one face is seen. Record alone.',
    fr: 'Plusieurs visages sont visibles. Enregistrez-vous seul.',
  },
  sizeOk: { en: 'The face is large enough.', fr: 'Le visage est assez grand.' },
  tooSmall: {
    en: 'The face is too small. Come nearer to the camera.',
    fr: 'Le visage est trop petit. Approchez-vous de la caméra.',
  },
  cutsOk: { en: 'The recording runs without a break.', fr: 'L’enregistrement est continu.' },
  cut: { en: 'The recording has a cut or a jump.', fr: 'L’enregistrement contient une coupure ou un saut.' },
  timeOk: {
    en: 'The recording was handed in while the challenge was valid.',
    fr: 'L’enregistrement a été remis à temps.',
  },
  timeBad: {
    en: 'The recording was not made between the challenge and its expiry. Ask for a new challenge.',
    fr: 'L’enregistrement n’a pas été fait entre la demande et son expiration. Demandez une nouvelle épreuve.',
  },
  otherChallenge: {
    en: 'The recording was made for another challenge.',
    fr: 'L’enregistrement répond à une autre épreuve.',
  },
  codeOk: { en: 'The digits are the right ones.', fr: 'Les chiffres sont les bons.' },
  codeWrong: {
    en: 'The digits asked for were not said or shown.',
    fr: 'Les chiffres demandés n’ont été ni dits ni montrés.',
  },
  codeUnable: {
    en: 'Nobody could read or hear the digits in this recording.',
    fr: 'Les chiffres n’ont pu être ni lus ni entendus.',
  },
  personOk: { en: 'The same person is seen throughout.', fr: 'La même personne est visible du début à la fin.' },
  otherPerson: {
    en: 'Another person is seen in part of the recording.',
    fr: 'Une autre personne apparaît par moments.',
  },
  personUnable: {
    en: 'The face could not be compared at enough moments of the recording.',
    fr: 'Le visage n’a pas pu être comparé à assez de moments.',
  },
  actionsOk: {
    en: 'The movements are the ones asked for, in order and in time.',
    fr: 'Les mouvements demandés ont été faits, dans l’ordre et à temps.',
  },
  actionsBad: {
    en: 'The movements were not the ones asked for, or not in order, or not in time.',
    fr: 'Les mouvements n’étaient pas ceux demandés, ou pas dans l’ordre, ou pas à temps.',
  },
  noStraight: {
    en: 'The recording must begin with a face that looks straight ahead.',
    fr: 'L’enregistrement doit commencer par un visage qui regarde droit devant.',
  },
  eyesOk: { en: 'The eyes close and open as asked.', fr: 'Les yeux se ferment et s’ouvrent comme demandé.' },
  eyesBad: {
    en: 'The eyes did not close and open as asked.',
    fr: 'Les yeux ne se sont pas fermés et rouverts comme demandé.',
  },
  depthOk: {
    en: 'The face moves like a head, not like a picture.',
    fr: 'Le visage bouge comme une tête, non comme une photo.',
  },
  flat: { en: 'The face moves like a flat picture.', fr: 'Le visage bouge comme une image plate.' },
  depthUnable: {
    en: 'The head was not seen turning, so depth could not be measured.',
    fr: 'La tête n’a pas tourné : le relief n’a pas pu être mesuré.',
  },
  motionOk: {
    en: 'The face moves a little all the time, as faces do.',
    fr: 'Le visage bouge un peu en permanence, comme tout visage.',
  },
  frozen: { en: 'The picture stands still.', fr: 'L’image est figée.' },
  notAsked: { en: 'This could not be checked.', fr: 'Ceci n’a pas pu être vérifié.' },
} as const satisfies Record<string, LivenessText>;
