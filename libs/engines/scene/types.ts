/** Language the prompt was read in. */
export type SceneLanguage = 'en' | 'fr';

/** Where the scene is set; `abstract` when nothing at all was understood. */
export type Place =
  | 'meadow'
  | 'forest'
  | 'beach'
  | 'sea'
  | 'underwater'
  | 'city'
  | 'street'
  | 'village'
  | 'mountains'
  | 'desert'
  | 'savanna'
  | 'snowfield'
  | 'space'
  | 'sky'
  | 'park'
  | 'lake'
  | 'room'
  | 'stadium'
  | 'abstract';

/** Hour of the light. */
export type TimeOfDay = 'dawn' | 'day' | 'dusk' | 'night';
/** Weather; it also makes sound. */
export type Weather = 'clear' | 'cloudy' | 'rain' | 'storm' | 'snow' | 'fog' | 'wind';
/** What a subject does. */
export type Motion =
  | 'walk'
  | 'run'
  | 'drive'
  | 'fly'
  | 'swim'
  | 'jump'
  | 'roll'
  | 'float'
  | 'dance'
  | 'spin'
  | 'fall'
  | 'rise'
  | 'rest'
  | 'sleep';
/** How the camera moves through the clip. */
export type CameraMove = 'still' | 'pan_left' | 'pan_right' | 'zoom_in' | 'zoom_out';
/** Mood; it decides the music. */
export type Mood = 'calm' | 'joyful' | 'tense' | 'sad' | 'epic' | 'mysterious';

/** What sort of thing a subject is: it decides where in the picture it belongs and how it moves when nobody says. */
export type SubjectKind =
  | 'animal'
  | 'head'
  | 'bird'
  | 'insect'
  | 'fish'
  | 'person'
  | 'road'
  | 'air'
  | 'boat'
  | 'ball'
  | 'food'
  | 'plant'
  | 'building'
  | 'object'
  | 'celestial'
  | 'symbol';

/** One thing to draw. */
export interface SceneSubject {
  /** Name of the icon in the sprite package. */
  icon: string;
  kind: SubjectKind;
  /** The words of the prompt that named it, folded to lower case without accents. */
  word: string;
  /** How many, 1 to 9. */
  count: number;
  motion: Motion;
  /** Height of the sprite relative to a person (1). */
  scale: number;
  /** Way the sprite looks as drawn in the package. */
  facing: 'left' | 'right' | 'front';
  /** Colour asked for in the prompt, as a hue in degrees, when there was one. */
  hue?: number;
}

/** Colours of the scene, `#rrggbb`. */
export interface ScenePalette {
  skyTop: string;
  skyLow: string;
  /** Colour the distance fades to. */
  haze: string;
  /** Sun or moon light. */
  light: string;
  /** Multiplies every daylight colour. */
  ambient: string;
  /** Colour of the ground as lit. */
  ground: string;
  accent: string;
}

/** What was read in a prompt: everything the renderer needs, and nothing else of the prompt. */
export interface SceneDescription {
  language: SceneLanguage;
  subjects: SceneSubject[];
  place: Place;
  time: TimeOfDay;
  weather: Weather;
  /** Motion of the leading subject. */
  motion: Motion;
  camera: CameraMove;
  /** Texts in quotes, in order; each at most 120 characters, at most four. */
  quotedText: string[];
  /** Effects drawn over the scene. */
  effects: SceneEffect[];
  palette: ScenePalette;
  mood: Mood;
  /** Words of the prompt that changed the scene. */
  understood: string[];
  /** Content words of the prompt that did not. */
  ignored: string[];
}

/** Effects drawn over or behind the scenery, on request of the prompt. */
export type SceneEffect =
  'fireworks' | 'confetti' | 'rainbow' | 'shooting_stars' | 'fireflies' | 'falling_leaves' | 'bubbles' | 'hearts';

/** What to render. */
export interface SceneRequest {
  /** The prompt as the user wrote it, any length; the first 4000 characters are read. */
  prompt: string;
  /** Any text; the same prompt and seed give the same bytes on the same machine. */
  seed: string;
  /** Length of the clip, 1 to 60 seconds. */
  seconds: number;
  /** Even number of pixels, 64 to 4096. */
  width: number;
  height: number;
  /** JPEG, PNG, WebP, AVIF or GIF bytes of an already screened picture to hang in the scene. */
  reference?: Uint8Array;
  /** Portraits of persons who agreed to be in the scene, in the same formats; each hangs beside the others. */
  portraits?: readonly Uint8Array[];
  /** A clip to change or to go on with; it has the size of this one. */
  source?: SceneSource;
}

/** The clip that another one is made from. */
export interface SceneSource {
  /** `edit`: the same clip with a change. `extension`: the clip, and then the scene of the prompt. */
  how: 'edit' | 'extension';
  /** File of the clip. */
  path: string;
  /** Length of the clip in seconds; an extension is longer, an edit as long. */
  seconds: number;
  /** The words of the change alone. */
  change: string;
}

/** Listening to and stopping a render. */
export interface RenderOptions {
  /** Called with the finished fraction, from 0 to exactly 1, never smaller than before. */
  onProgress?: (fraction: number) => void;
  /** Aborting rejects with the signal's reason and removes the unfinished file. */
  signal?: AbortSignal;
}

/** What was rendered. */
export interface RenderedScene {
  description: SceneDescription;
  frames: number;
  fps: number;
}
