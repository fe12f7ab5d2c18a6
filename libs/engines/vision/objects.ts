import { type ModelRef, type Signal } from '#contracts';
import { modelCard, modelPath, openSession, type SessionOptions } from '#engines/inference';
import { resizeInto, type PixelBox, type PixelFrame } from '#engines/pixels';
import { VisionError } from './types.js';

/** Name of the model's card: CenterNet with a MobileNetV3 on the 80 classes of COCO. */
const OBJECT_MODEL = 'centernet';
/** Name of the detector in signals: something like a blade. */
export const BLADE_DETECTOR = 'vision.objects.blade';

/** Side of the network's input, of its heat map, and input pixels per cell. */
const SIZE = 512;
const CELLS = 128;
const STRIDE = SIZE / CELLS;
const CLASSES = 80;

/** Classes of COCO that a weapon may look like, by their place among its 80. It has no class for firearms. */
const BLADES: ReadonlyMap<number, string> = new Map([
  [34, 'baseball bat'],
  [43, 'knife'],
  [76, 'scissors'],
]);

/** Seconds between two frames that are looked at; a clip has about two a second. */
const EVERY_S = 0.9;

/** One object in one frame. */
export interface FoundObject {
  label: string;
  /** Height of the peak in the heat map, 0..1. */
  score: number;
  /** In fractions of the frame. */
  box: PixelBox;
}

/** Looks at the frames of one clip. */
export interface ObjectLook {
  /** @throws PixelError; VisionError `objects_output_invalid`; InferenceError */
  look(frame: PixelFrame): Promise<void>;
  finish(): Signal[];
}

/** Finds objects, one look per clip. */
export interface ObjectDetector {
  readonly model: ModelRef;
  begin(): ObjectLook;
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));

/**
 * The highest peak of each blade-like class.
 * @param heat `CELLS * CELLS * CLASSES` scores in 0..1
 * @param size `CELLS * CELLS * 4` distances from the peak to left, top, right and bottom, in input pixels
 * @throws VisionError `objects_output_invalid`
 */
export function strongestBlades(heat: Float32Array, size: Float32Array): FoundObject[] {
  if (heat.length !== CELLS * CELLS * CLASSES || size.length !== CELLS * CELLS * 4) throw invalid();
  return [...BLADES].map(([index, label]) => {
    let best = 0;
    for (let cell = 0; cell < CELLS * CELLS; cell++) {
      const value = heat[cell * CLASSES + index] as number;
      // A network that computes rubbish must not read as "nothing found".
      if (!(value >= 0 && value <= 1.001)) throw invalid();
      if (value > (heat[best * CLASSES + index] as number)) best = cell;
    }
    const [x, y] = [(best % CELLS) * STRIDE, Math.floor(best / CELLS) * STRIDE];
    const reach = (side: number) => size[best * 4 + side] as number;
    const [left, top] = [clamp((x - reach(0)) / SIZE), clamp((y - reach(1)) / SIZE)];
    const box = {
      x: left,
      y: top,
      width: clamp((x + reach(2)) / SIZE) - left,
      height: clamp((y + reach(3)) / SIZE) - top,
    };
    return { label, score: clamp(heat[best * CLASSES + index] as number), box };
  });
}

function invalid(): VisionError {
  return new VisionError('objects_output_invalid', 'The object detector gave values that are not scores.');
}

/**
 * Opens the object detector. Every frame is stretched to 512x512; at most about one a second is looked at.
 * A weak signal: no recall on weapons was measured, and firearms are none of its classes (models/README.md).
 * @throws InferenceError when the model is missing, altered, or nothing can run it
 */
export async function createObjectDetector(options: SessionOptions = {}): Promise<ObjectDetector> {
  const card = modelCard(OBJECT_MODEL);
  const session = await openSession(modelPath(card), card.sha256, options);
  const model = session.ref(card.name, card.version);
  const [input = ''] = session.names.inputs;
  const find = async (frame: PixelFrame): Promise<FoundObject[]> => {
    const data = new Float32Array(3 * SIZE * SIZE);
    resizeInto(frame, { width: SIZE, height: SIZE }, data);
    const { heat, size } = await session.runAll({ [input]: { data, shape: [1, SIZE, SIZE, 3] } });
    if (!(heat?.data instanceof Float32Array) || !(size?.data instanceof Float32Array)) throw invalid();
    return strongestBlades(heat.data, size.data);
  };
  return { model, begin: () => lookAtObjects(find, model) };
}

/** A look at one clip with something that finds objects in a frame. */
function lookAtObjects(find: (frame: PixelFrame) => Promise<FoundObject[]>, model: ModelRef): ObjectLook {
  let lastS = -Infinity;
  let best: { timeS: number; found: FoundObject } | undefined;
  const series: [number, number][] = [];
  return {
    async look(frame) {
      if (frame.timeS - lastS < EVERY_S) return;
      lastS = frame.timeS;
      const found = await find(frame);
      const [strongest] = found.sort((a, b) => b.score - a.score);
      if (!strongest) return;
      series.push([frame.timeS, strongest.score]);
      if (!best || strongest.score > best.found.score) best = { timeS: frame.timeS, found: strongest };
    },
    finish: () => [
      best ? bladeSignal(best, series, model) : unableBlades('No frame was looked at for objects.', model),
    ],
  };
}

const BASE = { detector: BLADE_DETECTOR, category: 'violence', source: 'frames' } as const;

function bladeSignal(
  { timeS, found }: { timeS: number; found: FoundObject },
  series: [number, number][],
  model: ModelRef,
): Signal {
  const reason = `Most like: ${found.label}. Knives, scissors and bats only; firearms are not among the classes.`;
  const at = { fromS: timeS, toS: timeS };
  const { score, box } = found;
  return { ...BASE, state: 'measured', score, box, at, series, reason, coverage: 'low', model };
}

function unableBlades(reason: string, model: ModelRef): Signal {
  return { ...BASE, state: 'unable', score: null, reason, coverage: 'none', model };
}
