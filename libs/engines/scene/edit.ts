import { airOf } from './backdrop/air.js';
import { drawLayer, newBitmap } from './bitmap.js';
import { castOf, drawActor } from './cast/cast.js';
import { SceneError } from './errors.js';
import { effectsOf } from './overlay/effects.js';
import { captionsOf, captionState } from './overlay/lettering.js';
import { readPrompt, sceneRng } from './reader.js';
import { scan, type Findings } from './scan.js';
import { stageOf } from './stage.js';
import { type SceneDescription, type TimeOfDay } from './types.js';
import { fold, splitQuotes } from './words.js';

const { min, round } = Math;

/** Changes one picture (packed RGB) in place. @param t seconds from the first frame */
export type Retouch = (rgb: Uint8Array, t: number) => void;

type Light = readonly [red: number, green: number, blue: number];

/** The light of an hour, as factors. */
const HOURS: Record<TimeOfDay, Light> = {
  dawn: [1, 0.84, 0.78],
  day: [1.18, 1.16, 1.1],
  dusk: [1, 0.72, 0.56],
  night: [0.36, 0.42, 0.66],
};

type Film = 'grey' | 'sepia' | undefined;

function filmOf(plain: string): Film {
  const words = fold(plain);
  if (/black and white|black-and-white|monochrome|noir et blanc/.test(words)) return 'grey';
  return /\bsepia\b/.test(words) ? 'sepia' : undefined;
}

/** What the words name and nothing else: an open field by day, on which nothing happens by itself. */
function described(change: string, seed: string, found: Findings, quotedText: string[]): SceneDescription {
  const read = readPrompt(change, seed);
  const [time = 'day', weather = 'clear'] = [found.times[0], found.weathers[0]];
  return {
    ...read,
    place: 'meadow',
    time,
    weather,
    effects: [...new Set(found.effects)],
    quotedText,
    camera: 'pan_left',
  };
}

function lightOf(found: Findings): Light {
  const [red, green, blue] = found.times[0] ? HOURS[found.times[0]] : [1, 1, 1];
  const dull = ['rain', 'storm', 'fog', 'cloudy'].includes(found.weathers[0] ?? '') ? 0.86 : 1;
  return [red * dull, green * dull, blue * dull];
}

function develop(rgb: Uint8Array, light: Light, film: Film): void {
  for (let i = 0; i < rgb.length; i += 3) {
    let [r, g, b] = [rgb[i]! * light[0], rgb[i + 1]! * light[1], rgb[i + 2]! * light[2]];
    if (film) {
      const grey = 0.2126 * r + 0.7152 * g + 0.0722 * b;
      [r, g, b] = film === 'grey' ? [grey, grey, grey] : [grey * 1.08, grey * 0.9, grey * 0.68];
    }
    rgb[i] = min(255, r);
    rgb[i + 1] = min(255, g);
    rgb[i + 2] = min(255, b);
  }
}

/**
 * Reads what is to be changed in a clip, in English or French: the hour, the weather, an effect, a thing to add, a text
 * in quotes, black and white or sepia. Everything else stays as it is.
 * @throws SceneError `scene_change_not_understood`
 */
export async function retouchOf(
  change: string,
  seed: string,
  size: { width: number; height: number; seconds: number },
): Promise<Retouch> {
  const { width, height, seconds } = size;
  const { plain, quoted } = splitQuotes(change);
  const found = scan(plain);
  const film = filmOf(plain);
  const scene = described(change, seed, found, quoted);
  const named = [scene.subjects, found.times, found.weathers, scene.effects, quoted];
  if (!film && named.every((list) => list.length === 0)) {
    const text =
      'The embedded engine understands changes of hour and weather, things and effects to add, texts in quotes, and black and white.';
    throw new SceneError('scene_change_not_understood', text);
  }
  const stage = stageOf(scene, width, height, seconds, sceneRng(change, seed).fork('stage'));
  const actors = await castOf(stage);
  const effects = await effectsOf(stage, seconds);
  const air = scene.weather === 'fog' ? await airOf(stage) : undefined;
  const captions = await captionsOf(stage, seconds);
  const light = lightOf(found);
  const frame = newBitmap(width, height);
  return (rgb, t) => {
    develop(rgb, light, film);
    for (let p = 0, i = 0; p < frame.px.length; p++, i += 3)
      frame.px[p] = (0xff << 24) | (rgb[i + 2]! << 16) | (rgb[i + 1]! << 8) | rgb[i]!;
    for (const particles of effects.behind) particles(frame, t);
    for (const actor of actors) drawActor(frame, stage, actor, t, seconds, 0);
    air?.draw(frame, t, true);
    for (const particles of effects.before) particles(frame, t);
    for (const caption of captions) {
      const { opacity, rise } = captionState(caption, t, seconds);
      drawLayer(frame, caption.layer, caption.left, caption.top + rise, opacity);
    }
    for (let p = 0, i = 0; p < frame.px.length; p++, i += 3) {
      const word = frame.px[p]!;
      rgb[i] = word & 255;
      rgb[i + 1] = (word >>> 8) & 255;
      rgb[i + 2] = (word >>> 16) & 255;
    }
  };
}

/** Frames over which one picture turns into the next. */
const FADE = 12;

/** Blends the last picture of a clip into the first ones of what follows. @param after frames since the clip ended */
export function crossfade(last: Uint8Array, next: Uint8Array, after: number): void {
  if (after >= FADE) return;
  const weight = (after + 1) / (FADE + 1);
  for (let i = 0; i < next.length; i++) next[i] = round(last[i]! + (next[i]! - last[i]!) * weight);
}
