import { type FrameBox } from '#contracts';
import { type PixelBox, type PixelFrame } from '#engines/pixels';
import { apparentAge } from './age.js';
import { dlibInput } from './align.js';
import { chipsOf, embedView, type EmbeddedView, type FaceChips, firstChip } from './embed.js';
import { type FaceNetworks } from './networks.js';
import { observeFaces } from './observe.js';
import { gate, viewQuality } from './quality.js';
import { distance, mergeTemplates } from './template.js';
import { fusedScore } from './match.js';
import { JOIN } from './thresholds.js';
import { type Path, type Seen, Tracker } from './track.js';
import { type FaceObservation, type FaceTemplate, type FaceTrack, type FaceUnable } from './types.js';

/** Views of one person that are turned into numbers. */
const VIEWS = 5;

/** Faces of one frame whose descriptors are computed for following; more would cost too much in a crowd. */
const DESCRIBED = 6;

/** Paths of a clip that keep views; a crowd must not fill the memory (about 1.1 MB each). */
const KEPT_PATHS = 64;

/**
 * Pixels of width from which one sight of a face is enough to tell of it. Below, one frame among several is as likely
 * foliage or noise, nobody would be recognised, and a reviewer would be sent to look for nothing.
 */
const TOLD_PX = 32;

interface View {
  quality: number;
  face: FaceObservation;
  chips: FaceChips;
  plain: Float32Array;
}

interface Sighting extends Seen {
  face: FaceObservation;
  /** Box as shares of its frame. */
  shown: FrameBox;
  unable: FaceUnable | null;
}

/** What one person's stretches have together while tracks are made. */
interface Person {
  sightings: Sighting[];
  best: Sighting;
  views: EmbeddedView[];
  template: FaceTemplate | null;
}

function share({ x, y, width, height }: PixelBox, frame: PixelFrame): FrameBox {
  const clamp = (v: number) => Math.min(1, Math.max(0, v));
  const [left, top] = [clamp(x / frame.width), clamp(y / frame.height)];
  const [right, bottom] = [clamp((x + width) / frame.width), clamp((y + height) / frame.height)];
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** Faces of one clip; made afresh for each. */
export class FaceClip {
  private readonly tracker = new Tracker<Sighting>();
  private readonly views = new Map<Path<Sighting>, View[]>();
  private queue: Promise<void> = Promise.resolve();
  private frames = 0;
  /** Faces of the last frame that was looked at in close views too; null when the next one must be. */
  private expected: number | null = null;

  constructor(private readonly networks: FaceNetworks) {}

  /** Looks at the next frame; frames in order of time. Calls may overlap, they are worked off one after the other. */
  look(frame: PixelFrame, newShot = false): Promise<void> {
    const done = this.queue.then(() => this.take(frame, newShot));
    // A failure belongs to the call that caused it; the caller decides whether the clip goes on.
    this.queue = done.catch(() => undefined);
    return done;
  }

  private async take(frame: PixelFrame, newShot: boolean): Promise<void> {
    // Close views are two thirds of what a frame costs. They find what the whole frame is too coarse for, so they are
    // left out only every second time, never at a new shot, and not where a face of the frame before is missed.
    // The whole frame alone shows every face from 64 pixels on in 1280x720 (9 of 9 places; 40 pixels: 6 of 9).
    const expected = newShot ? null : this.expected;
    const faces = await observeFaces(this.networks, frame, expected ?? Infinity);
    this.frames++;
    this.expected = expected === null || faces.length < expected ? faces.length : null;
    const looked = await Promise.all(faces.map((face, i) => this.describe(frame, face, i < DESCRIBED)));
    const paths = this.tracker.step(
      looked.map(({ sighting }) => sighting),
      newShot,
    );
    looked.forEach(({ sighting, chip, sharp }, i) => {
      if (chip && sighting.descriptor && !sighting.unable) {
        const view = { quality: viewQuality(sighting.face, sharp), face: sighting.face, plain: sighting.descriptor };
        this.keep(paths[i] as Path<Sighting>, frame, chip, view);
      }
    });
  }

  private async describe(frame: PixelFrame, face: FaceObservation, wanted: boolean) {
    const { timeS, box } = face;
    const base = { timeS, box, face, shown: share(box, frame) };
    const poor = gate(face, frame);
    if (poor || !wanted) {
      const unable: FaceUnable = poor ?? {
        unable: 'unsure',
        reason: 'Too many faces at once to look at each of them.',
      };
      return { sighting: { ...base, descriptor: null, unable }, chip: null, sharp: 0 };
    }
    const { chip, sharp } = firstChip(frame, face);
    const unable = gate(face, frame, sharp);
    const descriptor = unable ? null : await this.networks.dlib(dlibInput(chip, false));
    return { sighting: { ...base, descriptor, unable }, chip, sharp };
  }

  /** Keeps a view when it is among the best of its path. */
  private keep(path: Path<Sighting>, frame: PixelFrame, dlib: PixelFrame, view: Omit<View, 'chips'>): void {
    const kept = this.views.get(path) ?? [];
    if (kept.length === 0 && this.views.size >= KEPT_PATHS) return;
    if (kept.length >= VIEWS && view.quality <= (kept.at(-1) as View).quality) return;
    kept.push({ ...view, chips: chipsOf(frame, view.face.mesh as Float32Array, dlib) });
    kept.sort((a, b) => b.quality - a.quality).splice(VIEWS);
    this.views.set(path, kept);
  }

  /** Every face of the clip that was seen twice or well, first seen first. @throws InferenceError, FaceError when the networks fail */
  async finish(): Promise<FaceTrack[]> {
    await this.queue;
    const persons = await Promise.all(this.tracker.paths.map((path) => this.person(path)));
    return joinPersons(persons)
      .filter(({ sightings, best }) => this.frames === 1 || sightings.length > 1 || best.face.widthPx >= TOLD_PX)
      .sort((a, b) => startOf(a) - startOf(b))
      .map((person, i) => toTrack(person, `face_${i + 1}`));
  }

  private async person(path: Path<Sighting>): Promise<Person> {
    const kept = this.views.get(path) ?? [];
    const views = await Promise.all(kept.map(({ chips, plain }) => embedView(this.networks, chips, plain)));
    const template = views.length ? mergeTemplates(views.map((view) => view.template)) : null;
    const strongest = path.seen.find(({ face }) => face === kept[0]?.face);
    const largest = path.seen.reduce((a, b) => (b.face.widthPx > a.face.widthPx ? b : a));
    return { sightings: path.seen, best: strongest ?? largest, views, template };
  }
}

const startOf = ({ sightings }: Person) => sightings[0]?.timeS ?? 0;

/** Seen in the same frame: two persons, however alike. */
function together(a: Person, b: Person): boolean {
  const times = new Set(a.sightings.map(({ timeS }) => timeS));
  return b.sightings.some(({ timeS }) => times.has(timeS));
}

function alike(a: Person, b: Person): number | null {
  if (!a.template || !b.template || together(a, b)) return null;
  const fused = fusedScore(a.template, b.template);
  return fused >= JOIN.fused && distance(a.template.dlib, b.template.dlib) <= JOIN.dlib ? fused : null;
}

function joined(a: Person, b: Person): Person {
  const [first, second] = startOf(a) <= startOf(b) ? [a, b] : [b, a];
  const views = [...a.views, ...b.views];
  return {
    sightings: [...first.sightings, ...second.sightings].sort((x, y) => x.timeS - y.timeS),
    best: second.best.face.widthPx > first.best.face.widthPx ? second.best : first.best,
    views,
    template: mergeTemplates(views.map((view) => view.template)),
  };
}

/** Joins stretches that are one person without doubt, most alike first. */
function joinPersons(persons: readonly Person[]): Person[] {
  const left = [...persons];
  for (;;) {
    let best: { fused: number; i: number; k: number } | null = null;
    for (let i = 0; i < left.length; i++) {
      for (let k = i + 1; k < left.length; k++) {
        const fused = alike(left[i] as Person, left[k] as Person);
        if (fused !== null && fused > (best?.fused ?? -Infinity)) best = { fused, i, k };
      }
    }
    if (!best) return left;
    const [a, b] = [left[best.i] as Person, left[best.k] as Person];
    left.splice(best.k, 1);
    left[best.i] = joined(a, b);
  }
}

function toTrack({ sightings, best, views, template }: Person, id: string): FaceTrack {
  const base = {
    id,
    fromS: sightings[0]?.timeS ?? 0,
    toS: sightings.at(-1)?.timeS ?? 0,
    frames: sightings.length,
    atS: best.timeS,
    box: best.shown,
    widthPx: best.face.widthPx,
  };
  if (template) return { ...base, state: 'measured', age: apparentAge(views.map(({ ages }) => ages)), template };
  const reason = best.unable?.reason ?? 'Too many faces in the clip to keep a view of each of them.';
  return { ...base, state: 'unable', reason, age: null, template: null };
}
