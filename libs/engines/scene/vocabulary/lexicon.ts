import { iconBody, iconNames } from '../noto.js';
import {
  type CameraMove,
  type Mood,
  type Motion,
  type Place,
  type SceneEffect,
  type SceneLanguage,
  type SubjectKind,
  type TimeOfDay,
  type Weather,
} from '../types.js';
import { fold } from '../words.js';
import { animals, birds, fishes } from './animals.js';
import { aircraft, balls, boats, people, vehicles } from './people.js';
import { cameras, counts, effects, hues, moods, motions, places, stopWords, times, weathers } from './scenery.js';
import { buildings, celestials, food, objects, plants } from './things.js';

/** What is known of a sprite's word. */
export interface Thing {
  icon: string;
  kind: SubjectKind;
  scale: number;
  facing: 'left' | 'right' | 'front';
  motion: Motion;
}

/** Folded phrase to meaning, per language. */
export type Index<T> = Record<SceneLanguage, Map<string, T>>;

const usualMotion: Record<SubjectKind, Motion> = {
  animal: 'walk',
  head: 'walk',
  bird: 'fly',
  insect: 'fly',
  fish: 'swim',
  person: 'walk',
  road: 'drive',
  air: 'fly',
  boat: 'swim',
  ball: 'jump',
  food: 'rest',
  plant: 'rest',
  building: 'rest',
  object: 'rest',
  celestial: 'float',
  symbol: 'float',
};

const usualScale: Partial<Record<SubjectKind, number>> = { food: 0.6, object: 0.7, head: 0.95 };

/** One parsed line: what stands left of the equals sign, and the words of each language. */
interface Line {
  head: string[];
  en: string[];
  fr: string[];
}

function parse(text: string): Line[] {
  const list = (part: string) =>
    part
      .split(',')
      .map((word) => fold(word))
      .filter((word) => word !== '');
  return text
    .split('\n')
    .filter((line) => line.includes('='))
    .map((line) => {
      const [head = '', words = ''] = line.split(' = ');
      const [en = '', fr = ''] = words.split(' / ');
      return { head: head.trim().split(/\s+/), en: list(en), fr: list(fr) };
    });
}

function add<T>(index: Index<T>, line: Line, value: T): void {
  // The first line to name a word keeps it: put the commoner meaning first.
  for (const word of line.en) if (!index.en.has(word)) index.en.set(word, value);
  for (const word of line.fr) if (!index.fr.has(word)) index.fr.set(word, value);
}

/**
 * Options after the icon: `@1.5` height relative to a person, `!kind` another kind than the list's, `:motion` what it
 * does when the prompt names no motion, `>` looks right as drawn, `|` looks at us, `^` points up and right.
 */
function thingOf(head: string[], listKind: SubjectKind): Thing {
  const option = (sign: string) => head.find((part, i) => i > 0 && part.startsWith(sign))?.slice(1);
  const kind = (option('!') ?? listKind) as SubjectKind;
  const scale = option('@');
  const front = option('|') !== undefined || ['head', 'food', 'building', 'plant', 'symbol', 'ball'].includes(kind);
  const right = option('>') !== undefined || option('^') !== undefined;
  return {
    icon: head[0] ?? '',
    kind,
    scale: scale === undefined ? (usualScale[kind] ?? 1) : Number(scale),
    facing: right ? 'right' : front ? 'front' : 'left',
    motion: (option(':') ?? usualMotion[kind]) as Motion,
  };
}

const lists: [SubjectKind, string][] = [
  ['animal', animals],
  ['bird', birds],
  ['fish', fishes],
  ['person', people],
  ['road', vehicles],
  ['air', aircraft],
  ['boat', boats],
  ['ball', balls],
  ['food', food],
  ['plant', plants],
  ['building', buildings],
  ['object', objects],
  ['celestial', celestials],
];

function buildThings(): Index<Thing> {
  const index: Index<Thing> = { en: new Map(), fr: new Map() };
  for (const [kind, text] of lists) for (const line of parse(text)) add(index, line, thingOf(line.head, kind));
  return index;
}

function buildValues<T>(text: string, value: (head: string) => T): Index<T> {
  const index: Index<T> = { en: new Map(), fr: new Map() };
  for (const line of parse(text)) add(index, line, value(line.head[0] ?? ''));
  return index;
}

const same = <T extends string>(text: string) => buildValues(text, (head) => head as T);

/** The bilingual vocabulary. */
export const lexicon = {
  things: buildThings(),
  places: same<Place>(places),
  times: same<TimeOfDay>(times),
  weathers: same<Weather>(weathers),
  motions: same<Motion>(motions),
  cameras: same<CameraMove>(cameras),
  moods: same<Mood>(moods),
  effects: same<SceneEffect>(effects),
  hues: buildValues(hues, Number),
  counts: buildValues(counts, Number),
};

/** Stop words of each language. */
export const stops: Record<SceneLanguage, Set<string>> = (() => {
  const words = (language: string) =>
    (new RegExp(`^${language} = (.*)$`, 'm').exec(stopWords)?.[1] ?? '').split(',').map((word) => fold(word));
  return { en: new Set(words('en')), fr: new Set(words('fr')) };
})();

/** Every icon name that the vocabulary uses; for the test that keeps the lists honest. */
export function vocabularyIcons(): string[] {
  return lists.flatMap(([, text]) => parse(text).map((line) => line.head[0] ?? ''));
}

/** Emoji that are signs rather than things make poor sprites, and some are rude: a bare word never finds them. */
const notThings =
  /button|-arrow|arrow-|face-with|-face$|finger|sign$|^no-|oclock|thirty|square|circle|suit|symbol|^letter|^digit|mark$|breast|smok|cigarette|syringe|pistol|bomb|poo|flag-|zodiac|heart|underwear|briefs|bikini/;

let named: Map<string, string> | undefined;

/** A sprite whose Noto name is exactly this folded phrase ("sewing needle"), for words the vocabulary does not list. */
export function thingByIconName(phrase: string): Thing | undefined {
  named ??= new Map(
    [...iconNames()].filter((name) => !notThings.test(name)).map((name) => [name.replaceAll('-', ' '), name] as const),
  );
  const icon = named.get(phrase);
  return icon === undefined ? undefined : thingOfIcon(icon);
}

/** What a sprite is: by the vocabulary when it lists the icon, otherwise a plain object. */
export function thingOfIcon(icon: string): Thing | undefined {
  const names = [icon, icon.replace(/-face$/, '')];
  for (const thing of lexicon.things.en.values()) if (names.includes(thing.icon)) return thing;
  return iconBody(icon) === undefined ? undefined : thingOf([icon], 'object');
}
