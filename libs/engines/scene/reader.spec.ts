import { readPrompt } from './reader.js';
import { type SceneDescription } from './types.js';

/** `icon x count motion` of each subject. */
const cast = (scene: SceneDescription) => scene.subjects.map((s) => `${s.icon} x${s.count} ${s.motion}`);

interface Reading {
  prompt: string;
  language: 'en' | 'fr';
  place: string;
  cast: string[];
  time?: string;
  weather?: string;
  camera?: string;
}

const readings: Reading[] = [
  {
    prompt: 'A red fox running through a snowy forest at dusk',
    language: 'en',
    place: 'forest',
    cast: ['fox x1 run'],
    time: 'dusk',
    weather: 'snow',
  },
  {
    prompt: 'Un renard court dans la forêt enneigée au crépuscule',
    language: 'fr',
    place: 'forest',
    cast: ['fox x1 run'],
    time: 'dusk',
    weather: 'snow',
  },
  {
    prompt: 'three dolphins jumping in the sea, sunny morning',
    language: 'en',
    place: 'sea',
    cast: ['dolphin x3 jump'],
    time: 'dawn',
    weather: 'clear',
  },
  {
    prompt: 'Deux chats noirs dansent sur la plage au coucher du soleil',
    language: 'fr',
    place: 'beach',
    cast: ['black-cat x2 dance'],
    time: 'dusk',
  },
  {
    prompt: 'two polar bears walking on the ice field at night',
    language: 'en',
    place: 'snowfield',
    cast: ['polar-bear x2 walk'],
    time: 'night',
  },
  {
    prompt: "Un troupeau d'éléphants marche dans la savane sous l'orage",
    language: 'fr',
    place: 'savanna',
    cast: ['elephant x4 walk'],
    weather: 'storm',
  },
  {
    prompt: 'les chevaux galopent dans le pre a l’aube',
    language: 'fr',
    place: 'meadow',
    cast: ['horse x3 run'],
    time: 'dawn',
  },
  {
    prompt: 'Une femme se promène avec son chien dans le parc, travelling',
    language: 'fr',
    place: 'park',
    cast: ['woman-walking x1 walk', 'dog x1 walk'],
    camera: 'pan_right',
  },
  {
    prompt: 'A man runs in the street in the rain, zoom in',
    language: 'en',
    place: 'street',
    cast: ['man-running x1 run'],
    weather: 'rain',
    camera: 'zoom_in',
  },
  { prompt: 'five tropical fish under the sea', language: 'en', place: 'underwater', cast: ['tropical-fish x5 swim'] },
  {
    prompt: 'une tortue et des poissons tropicaux sous la mer',
    language: 'fr',
    place: 'underwater',
    cast: ['turtle x1 swim', 'tropical-fish x3 swim'],
  },
  {
    prompt: 'A helicopter over the mountains in the fog',
    language: 'en',
    place: 'mountains',
    cast: ['helicopter x1 fly'],
    weather: 'fog',
  },
  { prompt: 'a cat sleeping in the living room', language: 'en', place: 'room', cast: ['cat x1 sleep'] },
  { prompt: 'the city at midnight', language: 'en', place: 'city', cast: [], time: 'night' },
];

describe('readPrompt', () => {
  it.each(readings)('reads "$prompt"', (reading) => {
    const scene = readPrompt(reading.prompt, '1');
    expect(scene.language).toBe(reading.language);
    expect(scene.place).toBe(reading.place);
    expect(cast(scene)).toEqual(reading.cast);
    for (const key of ['time', 'weather', 'camera'] as const) {
      if (reading[key] !== undefined) expect(scene[key]).toBe(reading[key]);
    }
  });

  it('gives a colour to the noun it stands by, before it in English and after it in French', () => {
    const hueOf = (prompt: string) => readPrompt(prompt, '1').subjects.map((s) => [s.icon, s.hue]);
    expect(hueOf('a blue car and a dog')).toEqual([
      ['automobile', 215],
      ['dog', undefined],
    ]);
    expect(hueOf('une voiture bleue et un chien')).toEqual([
      ['automobile', 215],
      ['dog', undefined],
    ]);
    expect(hueOf('une orange sur la table')).toEqual([['tangerine', undefined]]);
  });

  it('keeps false friends apart once the language is clear', () => {
    expect(cast(readPrompt('the pain of the chair', '1'))).toEqual(['chair x1 rest']);
    expect(cast(readPrompt('le pain est sur la table', '1'))).toEqual(['bread x1 rest']);
    expect(cast(readPrompt('we chat in the park', '1'))).toEqual([]);
  });

  it('takes quoted text out, whatever the marks, and keeps its order', () => {
    const scene = readPrompt(`A dog says "hello cat" then « bonjour » then 'it's me', the dog's bone`, '1');
    expect(scene.quotedText).toEqual(['hello cat', 'bonjour', "it's me"]);
    expect(cast(scene)).toContain('dog x1 walk');
    expect(cast(scene).join()).not.toContain('cat');
  });

  it('falls back to the names of the sprites', () => {
    const scene = readPrompt('a stethoscope and a sewing needle', '1');
    expect(scene.subjects.map((s) => s.icon)).toEqual(['stethoscope', 'sewing-needle']);
  });

  it('draws the emoji of a prompt', () => {
    expect(readPrompt('🐶🐱 👩🏽‍🚀', '1').subjects.map((s) => s.icon)).toEqual(['dog', 'cat', 'woman-astronaut']);
  });

  it('says what it did not understand, and falls back to an abstract scene', () => {
    const scene = readPrompt('blorb of the fnarg', '1');
    expect(scene.place).toBe('abstract');
    expect(scene.understood).toEqual([]);
    expect(scene.ignored).toEqual(['blorb', 'fnarg']);
    const mixed = readPrompt('a dog with a blorb', '1');
    expect(mixed.understood).toContain('dog');
    expect(mixed.ignored).toEqual(['blorb']);
  });

  it('depends on prompt and seed alone, and varies with the seed', () => {
    expect(readPrompt('a dog', 'x')).toEqual(readPrompt('a dog', 'x'));
    const seen = new Set(Array.from({ length: 12 }, (_, seed) => JSON.stringify(readPrompt('a dog', String(seed)))));
    expect(seen.size).toBeGreaterThan(6);
  });

  it('stays quick and bounded on a very long prompt', () => {
    const started = performance.now();
    const scene = readPrompt('seven elephants and '.repeat(200_000), '1');
    expect(performance.now() - started).toBeLessThan(2000);
    expect(scene.subjects).toHaveLength(1);
    const noise = readPrompt(Array.from({ length: 3000 }, (_, i) => `w${i}x`).join(' '), '1');
    expect(noise.ignored.length).toBeLessThanOrEqual(60);
  });
});
