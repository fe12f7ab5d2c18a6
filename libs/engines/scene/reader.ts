import { paletteOf } from './palette.js';
import { Rng } from './random.js';
import { scan, type Findings, type Mention } from './scan.js';
import {
  type Motion,
  type Place,
  type SceneDescription,
  type SceneSubject,
  type SubjectKind,
  type TimeOfDay,
} from './types.js';
import { splitQuotes } from './words.js';

/** Where an animal lives, for prompts that name no place. */
const habitats: [Place, RegExp][] = [
  ['savanna', /^(lion|elephant|giraffe|zebra|rhinoceros|hippopotamus|leopard|ostrich|flamingo)$/],
  ['snowfield', /^(penguin|polar-bear|seal|snowman|sled|santa-claus|skier|snowboarder|mammoth)$/],
  ['desert', /camel|scorpion|cactus|lizard|kangaroo/],
  [
    'forest',
    /^(tiger|fox|wolf|bear|monkey|gorilla|orangutan|sloth|panda|koala|deer|moose|owl|boar|raccoon|chipmunk|hedgehog|badger|mushroom|t-rex|sauropod|parrot|fairy|elf|troll|snake|frog|unicorn)$/,
  ],
  ['lake', /^(duck|swan|goose|beaver|otter|turtle|person-rowing-boat|canoe|lotus|crocodile)$/],
  ['beach', /^(crab|umbrella-on-ground|palm-tree|person-surfing|desert-island|spiral-shell|sunglasses)$/],
  ['sea', /^(lighthouse|orca|person-swimming|dolphin|spouting-whale|anchor)$/],
  ['space', /^(rocket|satellite|flying-saucer|astronaut|alien|alien-monster|telescope)$/],
  ['stadium', /^(soccer-ball|rugby-football|american-football|trophy|man-running|person-playing-handball)$/],
  ['mountains', /^(goat|ram|eagle|llama|person-climbing|person-mountain-biking|volcano|mount-fuji|aerial-tramway)$/],
  ['city', /^(office-building|tokyo-tower|statue-of-liberty)$/],
  ['village', /^(house|church|castle|fountain|school|hut|circus-tent|bakery)$/],
  ['park', /^(balloon|kite|child|boy|girl|baby|ferris-wheel|carousel-horse|playground-slide|basketball)$/],
];

const kindPlaces: Partial<Record<SubjectKind, readonly Place[]>> = {
  fish: ['underwater'],
  boat: ['sea', 'sea', 'lake'],
  road: ['street'],
  air: ['sky', 'mountains'],
  bird: ['meadow', 'park', 'sky', 'lake'],
  insect: ['meadow', 'park'],
  ball: ['park', 'stadium'],
  food: ['room'],
  object: ['room'],
  building: ['village', 'meadow', 'city'],
  plant: ['meadow', 'forest', 'park'],
  celestial: ['space'],
  animal: ['meadow', 'forest', 'park'],
  head: ['park', 'meadow', 'village'],
  person: ['park', 'street', 'village', 'meadow'],
};

function placeOf(found: Findings, rng: Rng): Place {
  const firm = found.places.filter((place) => place !== 'sky');
  if (firm.includes('underwater')) return 'underwater';
  if (firm.includes('beach')) return 'beach';
  if (firm[0] !== undefined) return firm[0];
  const first = found.mentions[0];
  if (found.places.includes('sky') && (first === undefined || /air|bird|insect|symbol/.test(first.thing.kind)))
    return 'sky';
  if (found.weathers.includes('snow')) return 'snowfield';
  for (const { thing } of found.mentions) {
    const habitat = habitats.find(([, icons]) => icons.test(thing.icon));
    if (habitat !== undefined) return habitat[0];
  }
  if (first !== undefined) return rng.pick(kindPlaces[first.thing.kind] ?? (['meadow'] as const));
  if (found.effects.includes('fireworks')) return 'city';
  const sceneWords = found.times.length + found.weathers.length + found.effects.length + found.places.length;
  return sceneWords > 0 ? rng.pick(['meadow', 'mountains', 'sea', 'forest'] as const) : 'abstract';
}

function timeOf(found: Findings, place: Place, rng: Rng): TimeOfDay {
  if (found.times[0] !== undefined) return found.times[0];
  if (place === 'space' || found.effects.some((e) => e === 'fireworks' || e === 'shooting_stars' || e === 'fireflies'))
    return 'night';
  const draw = rng.next();
  return draw < 0.64 ? 'day' : draw < 0.78 ? 'dawn' : 'dusk';
}

const still: ReadonlySet<SubjectKind> = new Set(['building', 'plant']);
const legless: ReadonlySet<SubjectKind> = new Set(['food', 'object', 'symbol', 'celestial']);

/** What the subject can do of what the prompt says it does. */
function motionOf({ thing, motion }: Mention, place: Place): Motion {
  const usual = place === 'underwater' && ['person', 'head', 'animal'].includes(thing.kind) ? 'swim' : thing.motion;
  if (motion === undefined) return usual;
  if (still.has(thing.kind)) return ['dance', 'float', 'fly', 'spin', 'fall'].includes(motion) ? motion : usual;
  if (legless.has(thing.kind)) return ['walk', 'run', 'swim', 'sleep', 'drive'].includes(motion) ? usual : motion;
  if (thing.kind === 'road')
    return ['rest', 'jump', 'fly', 'float', 'spin', 'fall'].includes(motion) ? motion : 'drive';
  if (thing.kind === 'ball') return motion === 'walk' || motion === 'run' ? 'roll' : motion;
  if (thing.kind === 'boat') return motion === 'walk' || motion === 'run' || motion === 'drive' ? 'swim' : motion;
  if (thing.kind === 'air')
    return motion === 'rise' || motion === 'fall' || motion === 'spin' || motion === 'float' ? motion : usual;
  return motion;
}

/** People have sprites for what they do. */
function posture(icon: string, motion: Motion): { icon: string; kind?: SubjectKind; facing?: 'front' } {
  const who = /^(person|man|woman)-walking$/.exec(icon)?.[1];
  if (who === undefined) return { icon };
  if (motion === 'run') return { icon: `${who}-running` };
  if (motion === 'swim') return { icon: `${who}-swimming`, kind: 'boat' };
  if (motion === 'drive') return { icon: `${who}-biking` };
  if (motion === 'rest') return { icon: `${who}-standing`, facing: 'front' };
  if (motion === 'dance') return { icon: who === 'woman' ? 'woman-dancing' : 'man-dancing' };
  return motion === 'sleep' ? { icon: 'person-in-bed', facing: 'front' } : { icon };
}

function subjectOf(mention: Mention, place: Place): SceneSubject {
  const { thing, word, hue } = mention;
  const motion = motionOf(mention, place);
  const most = thing.scale >= 1.8 ? 4 : 9;
  const body = {
    icon: thing.icon,
    kind: thing.kind,
    word,
    count: Math.min(mention.count, most),
    motion,
    scale: thing.scale,
    facing: thing.facing,
  };
  return { ...body, ...(hue === undefined ? {} : { hue }), ...posture(thing.icon, motion) };
}

function moodOf(found: Findings, time: TimeOfDay, rng: Rng): SceneDescription['mood'] {
  if (found.moods[0] !== undefined) return found.moods[0];
  if (found.weathers.includes('storm')) return 'tense';
  if (found.effects.includes('confetti') || found.effects.includes('fireworks')) return 'joyful';
  if (time === 'night') return rng.pick(['calm', 'mysterious'] as const);
  return rng.pick(['calm', 'joyful', 'calm', 'epic'] as const);
}

/** The generator of a scene. Quoted words are left out, so that another title leaves the picture as it is. */
export function sceneRng(prompt: string, seed: string): Rng {
  return new Rng(`${splitQuotes(prompt).plain.replace(/\s+/g, ' ').trim()}\u0000${seed}`);
}

/**
 * Reads a prompt, in English or French, into a description of the scene to draw. Pure: the same prompt and seed give
 * the same description. Quoted texts become titles; every other word can only choose among built-in pictures. When
 * nothing is understood, `place` is `abstract` and `subjects` and `understood` are empty.
 * @param prompt any text; the first 4000 characters are read
 * @param seed decides what the prompt leaves open
 */
export function readPrompt(prompt: string, seed: string): SceneDescription {
  const { plain, quoted } = splitQuotes(prompt);
  const rng = sceneRng(prompt, seed).fork('reader');
  const found = scan(plain);
  const place = placeOf(found, rng.fork('place'));
  const time = timeOf(found, place, rng.fork('time'));
  const weather = found.weathers[0] ?? (rng.fork('weather').chance(0.3) ? 'cloudy' : 'clear');
  const subjects = found.mentions.map((mention) => subjectOf(mention, place));
  const camera = found.cameras[0] ?? rng.fork('camera').pick(['pan_left', 'pan_right', 'zoom_in', 'zoom_out'] as const);
  const mood = moodOf(found, time, rng.fork('mood'));
  return {
    language: found.language,
    subjects,
    place,
    time,
    weather,
    motion: subjects[0]?.motion ?? 'rest',
    camera,
    quotedText: quoted,
    effects: [...new Set(found.effects)],
    palette: paletteOf(place, time, weather, rng.fork('palette')),
    mood,
    understood: found.understood,
    ignored: found.ignored.filter((word) => !found.understood.includes(word)),
  };
}
