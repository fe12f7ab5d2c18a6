import { type PixelBox } from '#engines/pixels';
import { distance } from './template.js';
import { TRACK } from './thresholds.js';

/** A face in one sampled frame, as far as following it needs. */
export interface Seen {
  timeS: number;
  box: PixelBox;
  /** dlib values of this view; null when it is too poor to tell persons apart. */
  descriptor: Float32Array | null;
}

/** One face followed through one shot. */
export interface Path<T extends Seen> {
  readonly seen: T[];
  /** The newest descriptors. */
  readonly known: Float32Array[];
}

/** Seconds that a face may be hidden within a shot and still be followed. */
const HIDDEN_S = 4;

/** Descriptors that a path remembers: a head turns, so one is not enough. */
const REMEMBERED = 5;

const sizeOf = ({ width, height }: PixelBox) => Math.sqrt(Math.max(1, width * height));

/** How far apart two sightings are: distance of centres in face sizes, and the logarithm of the ratio of sizes. */
function apart(a: PixelBox, b: PixelBox): { steps: number; growth: number } {
  const [size, other] = [sizeOf(a), sizeOf(b)];
  const x = a.x + a.width / 2 - b.x - b.width / 2;
  const y = a.y + a.height / 2 - b.y - b.height / 2;
  return { steps: Math.hypot(x, y) / Math.sqrt(size * other), growth: Math.abs(Math.log(size / other)) };
}

/** What it costs to say that `now` continues `path`; null when it cannot. */
function costOf<T extends Seen>(path: Path<T>, now: T): number | null {
  const last = path.seen.at(-1) as T;
  const pause = now.timeS - last.timeS;
  if (pause > HIDDEN_S) return null;
  const { steps, growth } = apart(last.box, now.box);
  const { descriptor } = now;
  const near = steps <= 0.8 + 2 * pause && growth <= 0.4 + 0.6 * pause;
  if (!descriptor || path.known.length === 0) return near ? TRACK.same + 0.2 * steps : null;
  const unlike = Math.min(...path.known.map((known) => distance(known, descriptor)));
  // Who it is counts more than where: people walk far in half a second, and cross each other.
  if (unlike <= TRACK.same) return unlike + 0.03 * Math.min(5, steps);
  return unlike <= TRACK.other && near ? unlike + 0.2 * steps : null;
}

/** Follows faces from one sampled frame to the next. */
export class Tracker<T extends Seen> {
  /** Every path so far. */
  readonly paths: Path<T>[] = [];
  private open: Path<T>[] = [];

  /**
   * Takes the faces of the next frame, cheapest continuations first; the rest start paths of their own.
   * @param newShot true ends all paths before
   * @returns the path of each face, in their order
   */
  step(faces: readonly T[], newShot: boolean): Path<T>[] {
    if (newShot) this.open = [];
    const pairs = faces.flatMap((face, i) =>
      this.open.flatMap((path) => {
        const cost = costOf(path, face);
        return cost === null ? [] : [{ i, path, cost }];
      }),
    );
    const chosen = new Map<number, Path<T>>();
    const taken = new Set<Path<T>>();
    for (const { i, path } of pairs.sort((a, b) => a.cost - b.cost)) {
      if (chosen.has(i) || taken.has(path)) continue;
      chosen.set(i, path);
      taken.add(path);
    }
    return faces.map((face, i) => {
      const path = chosen.get(i) ?? this.start();
      path.seen.push(face);
      if (face.descriptor) {
        path.known.push(face.descriptor);
        if (path.known.length > REMEMBERED) path.known.shift();
      }
      return path;
    });
  }

  private start(): Path<T> {
    const path: Path<T> = { seen: [], known: [] };
    this.paths.push(path);
    this.open.push(path);
    return path;
  }
}
