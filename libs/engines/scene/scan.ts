import { lexicon, stops, thingByIconName, thingOfIcon, type Index, type Thing } from './vocabulary/lexicon.js';
import { iconOfEmoji } from './noto.js';
import {
  type CameraMove,
  type Mood,
  type Motion,
  type Place,
  type SceneEffect,
  type SceneLanguage,
  type TimeOfDay,
  type Weather,
} from './types.js';
import { fold, isIrregularPlural, looksPlural, singulars } from './words.js';

/** One thing named in the prompt, before defaults are filled in. */
export interface Mention {
  thing: Thing;
  word: string;
  count: number;
  motion?: Motion;
  hue?: number;
}

/** Everything found in a prompt. */
export interface Findings {
  language: SceneLanguage;
  mentions: Mention[];
  places: Place[];
  times: TimeOfDay[];
  weathers: Weather[];
  cameras: CameraMove[];
  moods: Mood[];
  effects: SceneEffect[];
  understood: string[];
  ignored: string[];
}

const tables = [
  'things',
  'places',
  'times',
  'weathers',
  'motions',
  'cameras',
  'moods',
  'effects',
  'hues',
  'counts',
] as const;

function known(phrase: string, language: SceneLanguage): boolean {
  return tables.some((table) => (lexicon[table] as Index<unknown>)[language].has(phrase));
}

/** The language with more of its own small words, accents and nouns; `sure` when the lead is clear. */
export function guessLanguage(plain: string): { language: SceneLanguage; sure: boolean } {
  let score = (plain.match(/[éèêëàâîïôûùçœ]/gi) ?? []).length;
  for (const token of fold(plain).split(' ')) {
    if (stops.fr.has(token) !== stops.en.has(token)) {
      score += stops.fr.has(token) ? 1.5 : -1.5;
      continue;
    }
    const inFrench = known(token, 'fr') || singulars(token).some((form) => known(form, 'fr'));
    const inEnglish = known(token, 'en') || singulars(token).some((form) => known(form, 'en'));
    if (inFrench !== inEnglish) score += inFrench ? 1 : -1;
  }
  return { language: score > 0 ? 'fr' : 'en', sure: Math.abs(score) > 1.5 };
}

function formsOf(tokens: string[]): string[] {
  const whole = tokens.join(' ');
  const [first = '', ...rest] = tokens;
  if (rest.length === 0) return [...new Set([whole, ...singulars(first)])];
  // English marks the last word ("polar bears"), French the first ("avions de ligne") or all ("chats noirs").
  const last = rest.pop() as string;
  const forms = [whole];
  for (const head of singulars(first)) for (const tail of singulars(last)) forms.push([head, ...rest, tail].join(' '));
  return [...new Set(forms)];
}

/** Reads a prompt (quotes already taken out) from left to right, longest phrase first. */
export function scan(plain: string): Findings {
  const { language, sure } = guessLanguage(plain);
  const scanner = new Scanner(language, sure);
  scanner.readEmoji(plain);
  const tokens = fold(plain)
    .split(' ')
    .filter((token) => token !== '');
  for (let i = 0; i < tokens.length;) i += scanner.step(tokens, i);
  return scanner.found;
}

/** Cuts text into what a reader sees as one character: an emoji with its modifiers is one. */
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

class Scanner {
  readonly found: Findings;
  private count: { value: number; at: number } | undefined;
  private hue: { value: number; at: number } | undefined;
  private motion: { value: Motion; at: number } | undefined;
  private sinceVerb: Mention[] = [];
  private lastEnd = -9;

  constructor(
    private readonly language: SceneLanguage,
    private readonly sure: boolean,
  ) {
    const empty = { mentions: [], places: [], times: [], weathers: [], cameras: [], moods: [], effects: [] };
    this.found = { language, ...empty, understood: [], ignored: [] };
  }

  /** Emoji in the prompt are subjects as they stand. */
  readEmoji(plain: string): void {
    for (const { segment } of graphemes.segment(plain)) {
      if (!/\p{Extended_Pictographic}/u.test(segment)) continue;
      const thing = thingOfIcon(iconOfEmoji(segment) ?? '');
      if (thing === undefined) continue;
      this.mention(thing, thing.icon, 0);
      this.note(this.found.understood, thing.icon);
    }
  }

  /** Reads what starts at token `i`; returns how many tokens that took. */
  step(tokens: string[], i: number): number {
    for (let length = Math.min(5, tokens.length - i); length > 0; length--) {
      const part = tokens.slice(i, i + length);
      if (length === 1 && this.isSmallWord(part[0] as string)) continue;
      for (const form of formsOf(part)) {
        if (this.meaning(form, part.join(' '), i, length)) return length;
      }
      if (length > 1 && this.otherwise(part.join(' '), i)) return length;
    }
    const token = tokens[i] as string;
    if (!this.isSmallWord(token) && !this.otherwise(token, i)) this.note(this.found.ignored, token);
    else if (lexicon.counts[this.language].has(token))
      this.count = { value: lexicon.counts[this.language].get(token) ?? 1, at: i };
    return 1;
  }

  private isSmallWord(token: string): boolean {
    return stops[this.language].has(token) || token.length < 2;
  }

  private note(list: string[], word: string): void {
    if (!list.includes(word) && list.length < 60) list.push(word);
  }

  /** Applies every meaning of a phrase; false when it has none in the prompt's language. */
  private meaning(form: string, said: string, at: number, length: number): boolean {
    const { language: lang, found } = this;
    const thing = lexicon.things[lang].get(form);
    const count = lexicon.counts[lang].get(form);
    if (count !== undefined) {
      this.count = { value: count, at: at + length - 1 };
      if (thing === undefined) return true;
    }
    let hit = false;
    const put = <T>(index: Index<T>, list: T[]) => {
      const value = index[lang].get(form);
      if (value === undefined) return;
      list.push(value);
      hit = true;
    };
    put(lexicon.places, found.places);
    put(lexicon.times, found.times);
    put(lexicon.weathers, found.weathers);
    put(lexicon.cameras, found.cameras);
    put(lexicon.moods, found.moods);
    put(lexicon.effects, found.effects);
    const hue = lexicon.hues[lang].get(form);
    const colours = hue !== undefined && this.colour(hue, at, length, thing !== undefined);
    const motion = lexicon.motions[lang].get(form);
    if (motion !== undefined && thing === undefined) this.move(motion, at);
    if (thing !== undefined && !colours && !(hit && found.places.length > 0 && thing.kind === 'building' && at === 0)) {
      this.mention(thing, form, at, this.isPlural(said, form, thing));
      this.lastEnd = at + length - 1;
      hit = true;
    }
    if (hit || motion !== undefined || hue !== undefined) this.note(found.understood, said);
    return hit || motion !== undefined || hue !== undefined;
  }

  /** A plural ending counts only where the singular names the same thing: "bus" and "souris" are no plurals. */
  private isPlural(said: string, form: string, thing: Thing): boolean {
    if (form !== said) return said.split(' ').some((word) => looksPlural(word));
    const nouns = lexicon.things[this.language];
    return (
      isIrregularPlural(said) ||
      singulars(said)
        .slice(1)
        .some((one) => nouns.get(one) === thing)
    );
  }

  /** A colour belongs to the thing just named (French) or to the next one; true when it was used up as a colour. */
  private colour(hue: number, at: number, length: number, isThing: boolean): boolean {
    const last = this.found.mentions.at(-1);
    if (last !== undefined && this.lastEnd === at - 1 && this.language === 'fr') {
      last.hue = hue;
      this.lastEnd = at + length - 1;
      return true;
    }
    if (isThing) return false;
    this.hue = { value: hue, at };
    return true;
  }

  private move(motion: Motion, at: number): void {
    if (this.sinceVerb.length > 0) for (const mention of this.sinceVerb) mention.motion = motion;
    else this.motion = { value: motion, at };
    this.sinceVerb = [];
  }

  private mention(thing: Thing, word: string, at: number, plural = false): void {
    const near = <T>(said: { value: T; at: number } | undefined, reach: number) =>
      said !== undefined && at - said.at <= reach && at >= said.at ? said.value : undefined;
    const counted = near(this.count, 4);
    const count = plural ? Math.max(counted ?? 3, 2) : counted !== undefined && counted > 3 ? counted : 1;
    const hue = near(this.hue, 2);
    const motion = near(this.motion, 3);
    this.count = this.hue = this.motion = undefined;
    const mention: Mention = {
      thing,
      word,
      count,
      ...(hue === undefined ? {} : { hue }),
      ...(motion ? { motion } : {}),
    };
    const same = this.found.mentions.find((other) => other.thing.icon === thing.icon);
    if (same !== undefined) {
      same.count = Math.max(same.count, count);
      this.sinceVerb.push(same);
      return;
    }
    if (this.found.mentions.length < 8) this.found.mentions.push(mention);
    this.sinceVerb.push(mention);
  }

  /** A word outside the vocabulary: an icon of that name, or the other language when this one is a guess. */
  private otherwise(token: string, at: number): boolean {
    const other = this.language === 'en' ? 'fr' : 'en';
    for (const form of formsOf(token.split(' '))) {
      const borrowed = this.sure || token.length < 4 ? undefined : lexicon.things[other].get(form);
      const thing = (token.length > 2 ? thingByIconName(form) : undefined) ?? borrowed;
      if (thing === undefined) continue;
      this.mention(thing, form, at, looksPlural(token) && form !== token);
      this.lastEnd = at;
      this.note(this.found.understood, token);
      return true;
    }
    return false;
  }
}
