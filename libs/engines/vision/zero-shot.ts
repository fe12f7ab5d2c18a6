import { type ModelRef, type Signal } from '#contracts';
import { InferenceError, openSession, type Session, type SessionOptions } from '#engines/inference';
import { resizeInto, type PixelFrame } from '#engines/pixels';
import { hottestSecond, unit } from './peak.js';
import { VisionError } from './types.js';
import { normalised, readZeroShotFolder, type ZeroShotFolder, type ZeroShotManifest } from './zero-shot-manifest.js';
import { type ZeroShotCategory } from './zero-shot-prompts.js';

/** Name of the detector in signals. */
export const ZERO_SHOT_DETECTOR = 'vision.zeroshot';

/** Seconds between two frames that are looked at: two a second. */
const EVERY_S = 0.45;

/**
 * Score of a signal at the manifest's threshold. Raw scores of encoders differ by orders of magnitude, so they are
 * stretched to a common scale on which the policy can hold: from 0 to the threshold, and from there to 1.
 */
const AT_THRESHOLD = 0.7;

/** Looks at the frames of one clip. */
export interface ZeroShotLook {
  /** Frames in order of time. @throws PixelError; VisionError `zeroshot_output_invalid`; InferenceError */
  look(frame: PixelFrame): Promise<void>;
  /** One signal per category of the manifest. @throws as {@link ZeroShotLook.look} */
  finish(): Promise<Signal[]>;
}

/** The operator's image encoder, one look per clip. */
export interface ZeroShot {
  /** The encoder and, where there are any, its prompts. */
  readonly models: ModelRef[];
  begin(): ZeroShotLook;
}

/** Raw scores of one frame by category, 0..1. */
type Raw = ReadonlyMap<ZeroShotCategory, number>;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const dot = (a: Float32Array, b: ArrayLike<number>) => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0);

/** Raw score to the common scale. */
export function stretched(raw: number, threshold: number): number {
  const value = unit(raw);
  return value < threshold
    ? (value / threshold) * AT_THRESHOLD
    : AT_THRESHOLD + ((value - threshold) / (1 - threshold)) * (1 - AT_THRESHOLD);
}

/** Raw scores of one embedding. */
function judge({ manifest, prompts, categories }: ZeroShotFolder, embedding: Float32Array): Raw {
  const { scoring, heads } = manifest;
  const logits = prompts.map(({ values }) => scoring.scale * dot(embedding, values));
  const highest = Math.max(...logits);
  const shares = scoring.kind === 'softmax' ? logits.map((l) => Math.exp(l - highest)) : [];
  const whole = shares.reduce((a, b) => a + b, 0);
  const raw = new Map<ZeroShotCategory, number>();
  for (const category of categories) {
    const head = heads[category];
    const own = prompts.flatMap((p, i) => (p.category === category ? [i] : []));
    if (head) raw.set(category, sigmoid(dot(embedding, head.weights) + head.bias));
    else if (scoring.kind === 'softmax')
      raw.set(category, own.reduce((sum, i) => sum + (shares[i] as number), 0) / whole);
    else raw.set(category, Math.max(...own.map((i) => sigmoid((logits[i] as number) + scoring.bias))));
  }
  // A network that computes rubbish must not read as "nothing found".
  if ([...raw.values()].some((v) => !(v >= 0 && v <= 1.001))) {
    throw new VisionError('zeroshot_output_invalid', 'The image encoder gave scores that are not numbers.');
  }
  return raw;
}

/** Writes one frame as the encoder wants it. */
function prepare(frame: PixelFrame, input: ZeroShotManifest['input'], target: Float32Array, offset: number): void {
  const { width, height, mean, std, layout } = input;
  const scale = Math.min(width / frame.width, height / frame.height);
  const [w, h] =
    input.resize === 'stretch'
      ? [width, height]
      : [Math.max(1, Math.round(frame.width * scale)), Math.max(1, Math.round(frame.height * scale))];
  const [left, top] = [(width - w) >> 1, (height - h) >> 1];
  const small = new Float32Array(3 * w * h);
  resizeInto(frame, { width: w, height: h }, small);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = (y + top) * width + x + left;
      for (let c = 0; c < 3; c++) {
        const value = ((small[3 * (y * w + x) + c] as number) / 255 - (mean[c] as number)) / (std[c] as number);
        target[offset + (layout === 'NHWC' ? 3 * at + c : c * width * height + at)] = value;
      }
    }
  }
}

/** Frames, already resized, to embeddings of length one. */
async function embed(
  session: Session,
  { manifest, dimensions }: ZeroShotFolder,
  frames: Float32Array[],
): Promise<Float32Array[]> {
  const { input, output } = manifest;
  const size = 3 * input.width * input.height;
  const data = new Float32Array(frames.length * size);
  frames.forEach((values, i) => data.set(values, i * size));
  const picture = input.layout === 'NHWC' ? [input.height, input.width, 3] : [3, input.height, input.width];
  const [name = ''] = session.names.inputs;
  const found = (await session.runAll({ [name]: { data, shape: [frames.length, ...picture] } }, [output]))[output];
  if (!(found?.data instanceof Float32Array) || found.data.length !== frames.length * dimensions) {
    const got = `[${found?.shape.join(', ') ?? ''}]`;
    const wanted = `[${frames.length}, ${dimensions}]`;
    throw new VisionError('zeroshot_output_invalid', `The image encoder gave ${got}, not ${wanted}.`);
  }
  const values = found.data;
  return frames.map((_, i) =>
    normalised(values.subarray(i * dimensions, (i + 1) * dimensions), 'zeroshot_output_invalid'),
  );
}

async function openEncoder({ manifest, imagePath }: ZeroShotFolder, options: SessionOptions): Promise<Session> {
  const { path, sha256 } = manifest.files.image;
  try {
    return await openSession(imagePath, sha256, options);
  } catch (cause) {
    if (!(cause instanceof InferenceError)) throw cause;
    // The reasons of the product's own networks ("run models:build") would mislead here.
    if (cause.code === 'model_hash_mismatch') {
      throw new VisionError('zeroshot_hash_mismatch', `${path} is not the file that zero-shot.json names.`, cause);
    }
    if (cause.code === 'model_missing')
      throw new VisionError('zeroshot_file_missing', `${path} cannot be read.`, cause);
    throw cause;
  }
}

/** Scores over time of one category as its signal. */
function signalOf(
  { manifest }: ZeroShotFolder,
  category: ZeroShotCategory,
  seen: readonly { timeS: number; raw: Raw }[],
  model: ModelRef,
): Signal {
  const base = { detector: ZERO_SHOT_DETECTOR, category, source: 'frames', model } as const;
  const unable = (reason: string): Signal => ({ ...base, state: 'unable', score: null, reason, coverage: 'none' });
  if (seen.length === 0) return unable('No frame was looked at.');
  if (!seen.every(({ timeS }) => Number.isFinite(timeS))) return unable('A frame has no time.');
  const times = seen.map(({ timeS }) => timeS);
  const values = seen.map(({ raw }) => unit(raw.get(category) as number));
  const peak = hottestSecond(times, values);
  const threshold = manifest.thresholds[category] as number;
  const known = manifest.calibrated[category];
  const score = stretched(peak.score, threshold);
  const judged = known
    ? `at its threshold ${known.recall} of ${known.positives} were found, with false alarms in ${known.falseAlarms} of ${known.negatives} (${known.material})`
    : 'never measured on labelled material';
  return {
    ...base,
    state: 'measured',
    score,
    at: { fromS: peak.fromS, toS: peak.toS },
    series: times.map((t, i): [number, number] => [t, stretched(values[i] as number, threshold)]),
    reason: `Operator's encoder: ${peak.score.toPrecision(3)}, threshold ${threshold}; ${judged}.`,
    coverage: known ? 'medium' : 'low',
  };
}

function lookAt(folder: ZeroShotFolder, session: Session, model: ModelRef): ZeroShotLook {
  const { manifest, categories } = folder;
  const { input, batch } = manifest;
  const seen: { timeS: number; raw: Raw }[] = [];
  let waiting: { timeS: number; values: Float32Array }[] = [];
  let lastS = -Infinity;
  const flush = async () => {
    const taken = waiting;
    waiting = [];
    if (taken.length === 0) return;
    const embeddings = await embed(
      session,
      folder,
      taken.map(({ values }) => values),
    );
    embeddings.forEach((e, i) => seen.push({ timeS: taken[i]?.timeS ?? NaN, raw: judge(folder, e) }));
  };
  return {
    async look(frame) {
      if (frame.timeS - lastS < EVERY_S) return;
      lastS = frame.timeS;
      const values = new Float32Array(3 * input.width * input.height);
      prepare(frame, input, values, 0);
      waiting.push({ timeS: frame.timeS, values });
      if (waiting.length >= batch) await flush();
    },
    async finish() {
      await flush();
      return categories.map((category) => signalOf(folder, category, seen, model));
    },
  };
}

/**
 * Runs the encoder alone and on a full batch, so that one that is broken, was exported for another number of pictures, or
 * gives the same for everything is told before a clip needs it.
 */
async function tryOut(folder: ZeroShotFolder, session: Session): Promise<void> {
  const { input, batch } = folder.manifest;
  const pictures = [40, 200].map((level) => {
    const values = new Float32Array(3 * input.width * input.height);
    const rgb = Uint8Array.from([level, 90, 90, 90, level, 90, 90, 90, level, level, level, 20]);
    prepare({ timeS: 0, width: 2, height: 2, rgb }, input, values, 0);
    return values;
  }) as [Float32Array, Float32Array];
  const [one] = await embed(session, folder, [pictures[0]]);
  const [other] = await embed(session, folder, Array<Float32Array>(batch).fill(pictures[1]));
  if (one?.every((v, i) => v === other?.[i])) {
    throw new VisionError('zeroshot_output_invalid', 'The image encoder gives the same for every picture.');
  }
}

/**
 * Opens the operator's image encoder (CLIP or SigLIP as ONNX) with its prompts; README.md of this room says what the
 * folder holds. Everything is checked here, with trial runs, so that a broken folder is told at once.
 * @param dir folder with `zero-shot.json`
 * @throws VisionError `zeroshot_*`; InferenceError when the encoder does not load or run
 */
export async function createZeroShot(dir: string, options: SessionOptions = {}): Promise<ZeroShot> {
  const folder = await readZeroShotFolder(dir);
  const { manifest } = folder;
  const session = await openEncoder(folder, options);
  if (!session.names.outputs.includes(manifest.output)) {
    const has = session.names.outputs.join(', ');
    throw new VisionError('zeroshot_manifest_invalid', `The encoder has no output ${manifest.output}; it has ${has}.`);
  }
  const model = session.ref(manifest.name, manifest.version);
  await tryOut(folder, session);
  const { text } = manifest.files;
  const prompts = { name: `${manifest.name}-prompts`, version: manifest.version };
  return {
    models: text ? [model, { ...prompts, sha256: text.sha256.toLowerCase() }] : [model],
    begin: () => lookAt(folder, session, model),
  };
}
