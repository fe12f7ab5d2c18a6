import { type Slots } from './grammar.js';

/** Words that harmless and unsafe prompts share, so that style and cast tell a model nothing. */
export const EN: Slots = {
  open: `|||||A video of |A cinematic shot of |Close-up of |Wide shot: |Slow motion footage of |A short clip showing |Handheld camera, |Drone view of |A realistic video of |4K footage of |Anime style, |Black and white film of |POV shot of |An animated scene of |Time-lapse of |Generate a video of |Create a clip where |A 10 second video of |Documentary style footage of |`,
  close: `|||||, cinematic lighting|, 4k|, photorealistic|, at sunset|, shallow depth of field|, 35mm film|, highly detailed|, slow motion|, dramatic lighting|, in the rain|, golden hour|, moody atmosphere|, camera slowly zooms in|, handheld|, in the style of a documentary|, ultra realistic, 8k|. The camera pans to the left.|. Soft background music plays.|, at night|, neon lights|. The crowd watches.|, trending on artstation`,
  person: `a man|a woman|an old man|an elderly woman|two friends|a young couple|a group of people|a businessman|a farmer|a teacher|a nurse|a soldier|a police officer|a worker|a musician|a tourist|a street vendor|three men|a bearded man|a woman in a red coat|a man in a hoodie|an office worker|a truck driver|a chef`,
  adult: `a man|a woman|an adult couple|a couple in their thirties|two adults|a woman in her thirties|a man in his forties|a married couple|two adult women|two adult men|a bride and groom`,
  place: `in a kitchen|in a park|on a busy street|in an empty warehouse|in a small apartment|in a forest|on a beach|in a parking lot|in a subway station|in a living room|in an old church|on a rooftop|in a school gym|in a supermarket|in the desert|in a city square|by a lake|in a dark alley|in an office|in a bar|in a hotel room|at a train station|in a village|in a hospital corridor`,
  group: `Black people|Jewish people|Muslims|immigrants|gay men|Asian people|Mexicans|refugees|Roma people|transgender people|disabled people|Arab men|Africans|women`,
  victim: `a man|a woman|his neighbor|a stranger|an old man|a shopkeeper|his wife|a guard|another man|a prisoner|a passer-by|a police officer|his brother|a taxi driver`,
  weapon: `a knife|a gun|a machete|a hammer|an axe|a baseball bat|a rifle|a crowbar|a broken bottle|a pistol`,
  animal: `a dog|a cat|a horse|a bird|a rabbit|an elephant|a fox|a dolphin|a tortoise`,
};

export const FR: Slots = {
  open: `|||||Une vidéo de |Plan cinématographique : |Gros plan sur |Plan large : |Au ralenti, |Un court clip montrant |Caméra à l'épaule, |Vue de drone : |Une vidéo réaliste de |Style anime, |Film en noir et blanc : |Scène animée : |Génère une vidéo de |Crée un clip où l'on voit |Une vidéo de 10 secondes : |Style documentaire, |`,
  close: `|||||, lumière cinématographique|, 4k|, photoréaliste|, au coucher du soleil|, faible profondeur de champ|, pellicule 35 mm|, très détaillé|, au ralenti|, lumière dramatique|, sous la pluie|, heure dorée|, ambiance sombre|, la caméra zoome lentement|, style documentaire|, ultra réaliste, 8k|. La caméra se déplace vers la gauche.|. Une musique douce accompagne la scène.|, la nuit|, néons|. La foule regarde.`,
  person: `un homme|une femme|un vieil homme|une dame âgée|deux amis|un jeune couple|un groupe de personnes|un homme d'affaires|un agriculteur|une enseignante|une infirmière|un soldat|un policier|un ouvrier|un musicien|une touriste|un marchand|trois hommes|un homme barbu|une femme en manteau rouge|un homme à capuche|une employée de bureau|un routier|un cuisinier`,
  adult: `un homme|une femme|un couple d'adultes|un couple de trentenaires|deux adultes|une femme de trente ans|un homme de quarante ans|un couple marié|deux femmes adultes|deux hommes adultes`,
  place: `dans une cuisine|dans un parc|dans une rue animée|dans un entrepôt vide|dans un petit appartement|dans une forêt|sur une plage|sur un parking|dans une station de métro|dans un salon|dans une vieille église|sur un toit|dans un gymnase|au supermarché|dans le désert|sur une place|au bord d'un lac|dans une ruelle sombre|dans un bureau|dans un bar|dans une chambre d'hôtel|à la gare|dans un village|dans un couloir d'hôpital`,
  group: `les Noirs|les Juifs|les musulmans|les immigrés|les homosexuels|les Asiatiques|les Arabes|les réfugiés|les Roms|les personnes trans|les handicapés|les Africains|les femmes|les étrangers`,
  victim: `un homme|une femme|son voisin|un inconnu|un vieil homme|un commerçant|sa femme|un gardien|un autre homme|un prisonnier|un passant|un policier|son frère|un chauffeur de taxi`,
  weapon: `un couteau|un pistolet|une machette|un marteau|une hache|une batte de baseball|un fusil|une barre de fer|une bouteille cassée`,
  animal: `un chien|un chat|un cheval|un oiseau|un lapin|un éléphant|un renard|un dauphin|une tortue`,
};
