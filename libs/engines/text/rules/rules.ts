import { HARMLESS_EN, HARMLESS_FR } from './harmless.js';
import { ILLICIT_CUES } from './cues-illicit.js';
import { POLITICS_CUES } from './cues-politics.js';
import { SEXUAL_CUES } from './cues-sexual.js';
import { VIOLENCE_CUES } from './cues-violence.js';
import { NAME_CUES } from './names.js';
import { MASK } from './compile.js';
import { type CueList, type Rule } from './types.js';

/** Every cue list by name. */
export const CUES: Readonly<Record<string, CueList>> = {
  [MASK]: { en: HARMLESS_EN, fr: HARMLESS_FR },
  ...SEXUAL_CUES,
  ...VIOLENCE_CUES,
  ...ILLICIT_CUES,
  ...POLITICS_CUES,
  ...NAME_CUES,
};

/** Strengths: below 0.5 only a note for the moderator, from 0.5 a hold, from 0.9 a refusal. */
const NOTE = 0.3;
const HOLD = 0.62;
const STRONG = 0.78;
const REFUSE = 0.93;
const HARD = 0.99;

/** Rules on cues alone. Those that also need the linear model are in `age.ts`. */
export const RULES: readonly Rule[] = [
  { rule: 'minor_sexual_act', category: 'sexual_minors', reason: 'A word for a child or adolescent stands near a sexual act.', strength: HARD, all: ['minor', 'sexual_act'], within: 14, softenedBy: ['protection'], softened: HOLD },
  { rule: 'minor_nudity', category: 'sexual_minors', reason: 'A word for a child or adolescent stands near nudity.', strength: 0.95, all: ['minor', 'nudity'], within: 12, softenedBy: ['protection', 'adults_only'], softened: 0.55 },
  { rule: 'minor_suggestive', category: 'sexual_minors', reason: 'A word for a child or adolescent stands near sexualising words.', strength: 0.95, all: ['minor', 'suggestive'], within: 8, softenedBy: ['protection', 'adults_only'], softened: 0.55 },
  { rule: 'minor_coded', category: 'sexual_minors', reason: 'A code word for sexual material about minors.', strength: HARD, all: ['minor_coded'], softenedBy: ['protection'], softened: HOLD },
  { rule: 'possible_minor_sexual', category: 'sexual_minors', reason: 'A word that may mean a minor stands near a sexual act.', strength: 0.55, all: ['weak_minor', 'sexual_act'], within: 10, softenedBy: ['adults_only', 'protection'] },
  { rule: 'sexual_act', category: 'sexual', reason: 'Names a sexual act or pornography.', strength: REFUSE, all: ['sexual_act'], softenedBy: ['adults_only', 'protection'], softened: 0.45 },
  { rule: 'nudity', category: 'sexual', reason: 'Asks for nudity.', strength: STRONG, all: ['nudity'], softenedBy: ['adults_only'], softened: NOTE },
  { rule: 'suggestive', category: 'sexual', reason: 'Sexually suggestive words.', strength: 0.4, all: ['suggestive'], softenedBy: ['adults_only'], softened: 0.2 },
  { rule: 'suggestive_nudity', category: 'sexual', reason: 'Nudity together with sexually suggestive words.', strength: REFUSE, all: ['nudity', 'suggestive'], within: 20, softenedBy: ['adults_only'], softened: 0.4 },

  { rule: 'atrocity', category: 'violence', reason: 'Names mass killing, torture, execution or cruelty to animals.', strength: STRONG, all: ['atrocity'], softenedBy: ['staged', 'antihate'], softened: NOTE },
  { rule: 'attack_on_person', category: 'violence', reason: 'Someone is attacked.', strength: HOLD, all: ['attack', 'person'], within: 6, softenedBy: ['staged', 'support'], softened: NOTE },
  { rule: 'armed_attack', category: 'violence', reason: 'Someone is attacked with a weapon.', strength: STRONG, all: ['attack', 'person', 'weapon'], within: 12, softenedBy: ['staged', 'support'], softened: NOTE },
  { rule: 'gore', category: 'graphic_violence', reason: 'Names gore: wounds, blood in quantity, corpses, body parts.', strength: STRONG, all: ['gore'], softenedBy: ['staged'], softened: NOTE },
  { rule: 'gory_attack', category: 'graphic_violence', reason: 'An attack shown with gore.', strength: REFUSE, all: ['gore', 'attack'], within: 16, softenedBy: ['staged'], softened: 0.4 },

  { rule: 'self_harm', category: 'self_harm', reason: 'Names suicide, self-injury or disordered eating.', strength: STRONG, all: ['suicide'], softenedBy: ['support', 'staged'], softened: NOTE },

  { rule: 'drugs', category: 'illicit', reason: 'Names illegal drugs, their making, sale or use.', strength: HOLD, all: ['drug'], softenedBy: ['official'], softened: NOTE },
  { rule: 'crime', category: 'illicit', reason: 'Names a crime: explosives, theft, fraud, trafficking, arson.', strength: HOLD, all: ['crime'], softenedBy: ['official'], softened: NOTE },

  { rule: 'slur', category: 'hate', reason: 'Uses a slur against a protected group.', strength: STRONG, all: ['slur'], softenedBy: ['antihate'], softened: 0.4 },
  { rule: 'dehumanised_group', category: 'hate', reason: 'A protected group stands near degrading or excluding words.', strength: STRONG, all: ['group', 'dehumanise'], within: 9, softenedBy: ['antihate'], softened: NOTE },
  { rule: 'attacked_group', category: 'hate', reason: 'Mass violence against a protected group.', strength: HOLD, all: ['group', 'atrocity'], within: 7, softenedBy: ['antihate', 'staged'], softened: NOTE },

  { rule: 'humiliation', category: 'harassment', reason: 'A person is bullied, mocked, stalked or threatened.', strength: HOLD, all: ['humiliate', 'person'], within: 8, softenedBy: ['antibullying', 'support'], softened: NOTE },

  { rule: 'extremist_group', category: 'extremism', reason: 'Names an extremist or terrorist organisation.', strength: 0.52, all: ['extremist_group'], softenedBy: ['staged', 'antihate', 'official'], softened: NOTE },
  { rule: 'extremist_sign', category: 'extremism', reason: 'An extremist symbol, salute or slogan.', strength: STRONG, all: ['extremist_sign'], softenedBy: ['staged', 'antihate', 'official'], softened: 0.4 },
  { rule: 'extremist_praise', category: 'extremism', reason: 'An extremist organisation is praised, joined or shown in action.', strength: STRONG, all: ['extremist_group', 'glorify'], within: 12, softenedBy: ['antihate', 'official'], softened: 0.4 },

  { rule: 'election_fraud', category: 'political', reason: 'Election words stand near fraud, destruction or intimidation.', strength: STRONG, all: ['election', 'fraud'], within: 9, softenedBy: ['debunk'], softened: NOTE },
  { rule: 'political_persuasion', category: 'political', reason: 'Persuades for or against a candidate, party or government.', strength: STRONG, all: ['persuade'], softenedBy: ['debunk'], softened: NOTE },
  { rule: 'political_event', category: 'political', reason: 'Shows a coup, insurrection or comparable political event.', strength: HOLD, all: ['political_event'], softenedBy: ['staged', 'debunk'], softened: NOTE },
  { rule: 'politician', category: 'political', reason: 'Names a politician.', strength: 0.4, all: ['politician'] },
  { rule: 'politician_election', category: 'political', reason: 'Names a politician beside election words.', strength: HOLD, all: ['politician', 'election'], within: 20, softenedBy: ['debunk'] },
  { rule: 'politician_imitation', category: 'political', reason: 'Has a politician say or do something.', strength: STRONG, all: ['politician', 'imitation'], within: 12, softenedBy: ['debunk'], softened: 0.4 },

  { rule: 'public_figure', category: 'likeness', reason: 'Names a public figure; consent must be shown.', strength: STRONG, all: ['celebrity'] },
  { rule: 'public_figure_politician', category: 'likeness', reason: 'Names a public figure; consent must be shown.', strength: STRONG, all: ['politician'] },
  { rule: 'imitated_figure', category: 'likeness', reason: 'Imitates a public figure or has one say or do something.', strength: REFUSE, all: ['celebrity', 'imitation'], within: 8, softenedBy: ['debunk'], softened: HOLD },
  { rule: 'imitated_politician', category: 'likeness', reason: 'Imitates a politician or has one say or do something.', strength: REFUSE, all: ['politician', 'imitation'], within: 8, softenedBy: ['debunk'], softened: HOLD },
  { rule: 'lookalike', category: 'likeness', reason: 'Asks for the face or voice of a real person.', strength: STRONG, all: ['lookalike'], softenedBy: ['debunk'], softened: NOTE },

  { rule: 'protected_character', category: 'copyright', reason: 'Names a protected character or work.', strength: HOLD, all: ['character'] },
  { rule: 'copied_character', category: 'copyright', reason: 'Asks to copy or continue a protected work.', strength: STRONG, all: ['character', 'copying'], within: 12 },
  { rule: 'brand', category: 'copyright', reason: 'Names a brand.', strength: 0.45, all: ['brand'] },
  { rule: 'copied_brand', category: 'copyright', reason: 'Asks to copy a brand.', strength: HOLD, all: ['brand', 'copying'], within: 8 },
  { rule: 'plagiarism', category: 'copyright', reason: 'Asks for a copy of a protected work or counterfeit goods.', strength: HOLD, all: ['plagiarism'], softenedBy: ['official'], softened: NOTE },

  { rule: 'false_news', category: 'other', reason: 'False news or a known hoax presented as fact.', strength: HOLD, all: ['false_news'], softenedBy: ['debunk', 'antihate'], softened: NOTE },
]; // prettier-ignore
