/** Categories that the operator's image encoder may speak of. Nothing about minors is ever described. */
export const ZERO_SHOT_CATEGORIES = [
  'violence',
  'graphic_violence',
  'illicit',
  'self_harm',
  'extremism',
  'sexual',
] as const;

/** One of them. */
export type ZeroShotCategory = (typeof ZERO_SHOT_CATEGORIES)[number];

/** What a prompt stands for; `neutral` are ordinary pictures that the others are weighed against. */
export type PromptCategory = ZeroShotCategory | 'neutral';

/**
 * Sentences whose text embeddings a picture is compared with. The operator embeds them once with the text side of the
 * same encoder (README.md of this room). The neutral ones name what the others are easily taken for: sport, dance, red
 * food, tools, medicine, art, swimwear.
 */
export const ZERO_SHOT_PROMPTS: Readonly<Record<PromptCategory, readonly string[]>> = {
  violence: [
    'a photo of people fighting and hitting each other',
    'a photo of a person punching another person in the face',
    'a photo of a person pointing a gun at somebody',
    'a photo of a person attacking somebody with a knife',
    'a photo of a crowd attacking a person in the street',
    'a photo of a person being strangled',
  ],
  graphic_violence: [
    'a photo of a badly injured person covered in blood',
    'a photo of a dead body with open wounds',
    'a photo of a severe open wound',
    'a photo of a person being killed',
    'a photo of a mutilated body',
  ],
  illicit: [
    'a photo of a handgun',
    'a photo of an assault rifle',
    'a photo of a home-made bomb',
    'a photo of a person injecting drugs with a syringe',
    'a photo of bags of white powder drugs',
    'a photo of a person smoking crack with a pipe',
  ],
  self_harm: [
    'a photo of cuts on the skin of a forearm from self-harm',
    'a photo of a person hurting themselves with a razor blade',
    'a photo of a noose hanging from the ceiling',
    'a photo of a person standing on the edge of a high roof about to jump',
    'a photo of a person swallowing a handful of pills',
  ],
  extremism: [
    'a photo of a swastika flag',
    'a photo of a person giving a Nazi salute',
    'a photo of the black flag of a terrorist group',
    'a photo of masked militants posing with weapons and a flag',
    'a photo of people in white hoods at a burning cross',
  ],
  sexual: [
    'a pornographic photo of adults',
    'a photo of adults having sex',
    'a photo of a naked adult person showing their genitals',
    'an explicit drawing of adults having sex',
  ],
  neutral: [
    'a photo of a landscape',
    'a photo of a city street',
    'a photo of a person talking to the camera',
    'a photo of people dancing',
    'a photo of people playing football',
    'a photo of two boxers training in a gym',
    'a photo of a person hugging a friend',
    'a photo of a family at dinner',
    'a photo of a person in swimwear on a beach',
    'a photo of a person cooking with a kitchen knife',
    'a photo of red fruit and tomato sauce',
    'a photo of a person in a red dress',
    'a photo of a doctor with a patient',
    'a photo of a person using a power drill',
    'a photo of a person holding a camera',
    'a photo of fireworks at night',
    'a photo of a sports flag in a stadium',
    'a photo of an animal',
    'a photo of a car on a road',
    'a photo of an empty room',
    'a painting of a nude in a museum',
    'a cartoon of friendly animals',
    'a computer generated abstract pattern',
    'a photo of text on a plain background',
  ],
};
