import { quotesSpeech } from './index.js';

describe('quotesSpeech', () => {
  it.each([
    'A man on a stage says hello',
    'a woman with a sign that reads "vote now"',
    'He leans forward: “I resign.”',
    "The robot waves: 'good morning everyone'",
    'The president gives a SPEECH to the nation',
    'news anchor behind a desk',
    'a choir singing in a church',
    'two friends talking in a café',
    'documentary with a calm voice-over',
    'a rapper on a rooftop',
    'the mayor addresses the crowd',
    'Un homme dit bonjour à la caméra',
    'Le ministre prononce un discours',
    'Une femme chante sous la pluie',
    'Elle lit une lettre à voix haute',
    'Le maire s’adresse à la foule',
    'Une affiche : « Votez demain »',
    'Le candidat déclare sa victoire',
    'une voix off raconte le voyage',
    'Le PRÉSENTATEUR du journal',
    'der Schild sagt „Halt“',
  ])('yes: %s', (prompt) => expect(quotesSpeech(prompt)).toBe(true));

  it.each([
    'a paper boat drifting on a pond at dawn',
    'the speechless crowd leaves the stadium',
    "the dogs' bowl and the cats' basket",
    "rock 'n' roll guitar on a chair, a '60s car",
    'essays on a desk, a single candle, using soft light',
    'a 5" phone on a table, rain on the window',
    'talkative colours, a plain wall of stoneware',
    'un chat dort sur un canapé rouge',
    "l'éditeur relie un livre, un crédit, une parlementaire silencieuse",
    'un bateau en papier flotte sur un étang',
    "aujourd'hui, l'arbre perd ses feuilles d'automne",
    '""',
    '',
  ])('no: %s', (prompt) => expect(quotesSpeech(prompt)).toBe(false));

  it('takes no time over long prompts', () => {
    const started = performance.now();
    for (const part of ['"a', "'b ", '« ', '“x', 'aé']) quotesSpeech(part.repeat(8000));
    expect(performance.now() - started).toBeLessThan(1500);
  });
});
