import { iconBody } from '../noto.js';
import { fold } from '../words.js';
import { lexicon, vocabularyIcons } from './lexicon.js';

describe('vocabulary', () => {
  it('names only sprites that exist', () => {
    expect(vocabularyIcons().filter((icon) => iconBody(icon) === undefined)).toEqual([]);
  });

  it('holds many hundreds of words in each language', () => {
    expect(lexicon.things.en.size).toBeGreaterThan(700);
    expect(lexicon.things.fr.size).toBeGreaterThan(700);
    expect(lexicon.motions.fr.size).toBeGreaterThan(120);
  });

  it('gives every thing a usable scale and motion', () => {
    for (const thing of lexicon.things.en.values()) {
      expect(thing.scale).toBeGreaterThan(0.1);
      expect(thing.scale).toBeLessThan(4);
      expect(thing.motion).toBeTruthy();
    }
  });

  it('folds accents, ligatures and apostrophes', () => {
    expect(fold("L’Œuf à la coque, ça s'élève !")).toBe('l oeuf a la coque ca s eleve');
  });
});
