import { lexiconOf, loadTextModel } from '#engines/text';
import { isOrdinaryName } from './ordinary.js';

const lexicon = lexiconOf(loadTextModel());

describe('a name of everyday words', () => {
  it.each([
    'in the',
    'the camera',
    'A Dog',
    'Thec Amera',
    'cam era',
    'C4mera',
    'the man in the red hat',
    'le chien',
    'Sunset',
    'camera the',
  ])('is not looked for: %s', (name) => expect(isOrdinaryName(name, lexicon)).toBe(true));

  it.each([
    'Eileen Collins', 'Adaeze Lovelock', 'Bertil Quennevar', 'Hieronyma Kettleburn', 'Zinedine Okonkwo', 'Vladimir Stojanovski',
    'Nguyen Thi Minh Khai', 'Amélie Dubois-Lacroix', 'Jean-Baptiste Poquelin', 'Siobhan O’Rourke', 'Adaeze', '李小龍', 'Мария Иванова',
    'Paul Lefebvre', 'Oluwaseun Adebayo', 'Priya Raghunathan', 'Katarzyna Wójcik', 'Giulia Ferrarini', 'Thomas Bernhard',
    'Camille Roussel', 'Emma Thorvaldsen', 'Hannah Zimmermann', 'Ahmed Benali', 'Fatima Zahra Idrissi',
  ])('is one of a person: %s', (name) => expect(isOrdinaryName(name, lexicon)).toBe(false)); // prettier-ignore
});
