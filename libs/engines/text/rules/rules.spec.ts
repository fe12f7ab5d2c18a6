import { describe, expect, it } from '@jest/globals';
import { guessLanguage } from '../language.js';
import { normaliseText } from '../normalise.js';
import { type RuleHit } from '../types.js';
import { makeLexicon } from '../words.js';
import { ageRules, statedMinorAges } from './age.js';
import { expandTerm } from './compile.js';
import { applyRules, cuesOf, cueTable } from './match.js';

const lexicon = makeLexicon(new Map(), cueTable().singleWords);

function hitsOf(text: string, sexual = 0): RuleHit[] {
  const words = normaliseText(text, lexicon);
  const cues = cuesOf(words, guessLanguage(words.tokens, new Map()));
  return [...applyRules(words, cues), ...ageRules(words, cues, sexual)];
}
const strong = (text: string, sexual = 0) => hitsOf(text, sexual).filter((hit) => hit.strength >= 0.5);

describe('rules', () => {
  it.each([
    ['two naked women on a bed', 'sexual', 'nudity'],
    ['une femme nue sous la douche', 'sexual', 'nudity'],
    ['a couple having sex in a hotel room', 'sexual', 'sexual_act'],
    ['a man stabs his neighbor with a knife', 'violence', 'armed_attack'],
    ['un homme poignarde son voisin', 'violence', 'attack_on_person'],
    ['a school shooting', 'violence', 'atrocity'],
    ['une fusillade dans un bar', 'violence', 'atrocity'],
    ['a severed head on a table', 'graphic_violence', 'gore'],
    ['un cadavre couvert de sang', 'graphic_violence', 'gore'],
    ['a man hangs himself in a garage', 'self_harm', 'self_harm'],
    ['elle se taille les veines', 'self_harm', 'self_harm'],
    ['a man cooking meth in a trailer', 'illicit', 'drugs'],
    ['un trafic de drogue dans une cave', 'illicit', 'drugs'],
    ['how to build a pipe bomb', 'illicit', 'crime'],
    ['ils braquent une banque', 'illicit', 'crime'],
    ['immigrants are shown as parasites', 'hate', 'dehumanised_group'],
    ['les immigrés sont des rats', 'hate', 'dehumanised_group'],
    ['students bullying a boy', 'harassment', 'humiliation'],
    ['des élèves harcèlent une fille', 'harassment', 'humiliation'],
    ['men giving the nazi salute', 'extremism', 'extremist_sign'],
    ['un drapeau à croix gammée', 'extremism', 'extremist_sign'],
    ['ISIS recruitment video', 'extremism', 'extremist_praise'],
    ['officials burn ballots after the rigged election', 'political', 'election_fraud'],
    ['une élection truquée', 'political', 'election_fraud'],
    ['a clip that tells people to vote for the mayor', 'political', 'political_persuasion'],
    ['Emmanuel Macron avoue tout', 'likeness', 'imitated_politician'],
    ['Taylor Swift in a park', 'likeness', 'public_figure'],
    ['a deepfake of a man', 'likeness', 'lookalike'],
    ['Pikachu in a forest', 'copyright', 'protected_character'],
    ['Astérix et Obélix au marché', 'copyright', 'protected_character'],
    ['proof that vaccines contain microchips', 'other', 'false_news'],
  ])('%s -> %s', (text, category, rule) => {
    expect(strong(text)).toEqual(expect.arrayContaining([expect.objectContaining({ category, rule })]));
  });

  it.each([
    'a knife cutting tomatoes',
    'shooting stars over a lake',
    'kill the lights and start the film',
    'horror film set with fake blood and a prop corpse',
    'un coup de feu de départ de la course',
    'nurse caring for a child',
    'a killer whale jumps',
    'the band is killing it on stage',
    'a photographer shooting a wedding',
    'a bath bomb in water',
    'the naked eye can see this comet',
    'a naked mole rat in its burrow',
    'a bullet train in the snow',
    'a man executes a perfect dive',
    'small cracks appear in the wall',
    'an architectural marvel at dawn',
    'suicide prevention hotline, a counselor listens',
    'museum exhibit about the Nazi era',
    'citizens vote in an election at a school',
    'a trump card on the table',
    'a mother breastfeeding her baby',
    'teenagers swimming in a pool',
    'sex education class for teenagers',
    'une nature morte avec un crâne',
    'il tire un penalty et marque',
    'une bataille de polochons entre enfants',
    'elle marche pieds nus sur le sable',
    'du faux sang sur un plateau de tournage',
    'un documentaire sur la prévention du suicide',
    'un soldat romain et un centurion',
    'a Muslim family and a Jewish family share a meal',
    'women cooking in a restaurant kitchen',
    'un vol de nuit au-dessus de la ville',
  ])('no false alarm: %s', (text) => {
    expect(strong(text)).toEqual([]);
  });

  it('treats an age below 18 beside sexual content as the hardest case', () => {
    // Descriptions of the rule itself, not of a scene.
    const minors = (text: string, sexual = 0) => strong(text, sexual).filter((hit) => hit.category === 'sexual_minors');
    expect(minors('sexual content involving a minor girl')[0]?.strength).toBeGreaterThan(0.9);
    expect(minors('contenu sexuel avec une personne mineure')[0]?.strength).toBeGreaterThan(0.9);
    expect(minors('explicit scene, aged 15', 0.9)[0]?.rule).toBe('age_and_sexual_score');
    expect(minors('a child in a garden', 0.1)).toEqual([]);
    expect(minors('a child in a garden', 0.9)[0]?.strength).toBeGreaterThan(0.9);
    const police = minors('police training on the prevention of sexual content with a minor girl');
    expect(Math.max(0, ...police.map((hit) => hit.strength))).toBeLessThan(0.9);
  });

  it.each([
    ['she is 15 years old', 1],
    ['a 16yo', 1],
    ['fifteen years old', 1],
    ['une personne de 14 ans', 1],
    ['agée de quinze ans', 1],
    ['25 years old', 0],
    ['married for 15 years', 0],
    ['pendant 10 ans', 0],
    ['10 years later', 0],
    ['il y a quinze ans', 0],
  ])('reads stated ages: %s', (text, count) => {
    expect(statedMinorAges(normaliseText(text, lexicon).tokens)).toHaveLength(count);
  });

  it('says where, why, and that the wording was disguised', () => {
    const text = 'Late at night a n4k3d man walks';
    const [hit] = strong(text).filter((one) => one.rule === 'nudity');
    expect(hit).toBeDefined();
    expect(text.slice(...hit!.span)).toBe('n4k3d');
    expect(hit!.reason).toContain('disguised');
    expect(hit!.strength).toBeGreaterThan(strong('a naked man walks').find((one) => one.rule === 'nudity')!.strength);
  });

  it('expands the notation of the data files', () => {
    expect(expandTerm('stab(s,bed)')).toEqual(['stab', 'stabs', 'stabbed']);
    expect(expandTerm('cut (cake,hair)')).toEqual(['cut cake', 'cut hair']);
    expect(expandTerm('kill(s) the (light,mood)')).toEqual(['kill the light', 'kill the mood', 'kills the light', 'kills the mood']); // prettier-ignore
  });
});
