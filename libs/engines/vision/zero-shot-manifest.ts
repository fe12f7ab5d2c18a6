import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { z } from 'zod';
import { messageOf, sha256Hex } from '#kernel';
import { VisionError } from './types.js';
import { ZERO_SHOT_CATEGORIES, type ZeroShotCategory } from './zero-shot-prompts.js';

const Numbers = z.array(z.number());
const Triple = z.tuple([z.number(), z.number(), z.number()]);
const perCategory = <T extends z.ZodType>(value: T) => z.partialRecord(z.enum(ZERO_SHOT_CATEGORIES), value);
const File = z.strictObject({
  /** Relative to the folder. */
  path: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/i),
});

/** How likeness to a prompt becomes a score: cosine times `scale` plus `bias`, then this. */
const Scoring = z.discriminatedUnion('kind', [
  /** CLIP: shares over all prompts, the neutral ones included; a category has the sum of its prompts. */
  z.strictObject({ kind: z.literal('softmax'), scale: z.number().positive().max(1000) }),
  /** SigLIP: each prompt by itself; a category has its strongest prompt. */
  z.strictObject({ kind: z.literal('sigmoid'), scale: z.number().positive().max(1000), bias: z.number() }),
]);

/** `zero-shot.json`: what the operator's encoder eats and how its embeddings are judged. */
export const ZeroShotManifest = z.strictObject({
  name: z.string().min(1).max(100),
  version: z.string().min(1).max(100),
  licence: z.string().optional(),
  files: z.strictObject({ image: File, text: File.optional() }),
  input: z.strictObject({
    /** Side in pixels, or width and height. */
    width: z.int().min(1).max(1024),
    height: z.int().min(1).max(1024),
    layout: z.enum(['NCHW', 'NHWC']),
    /** Of values in 0..1, per channel R, G, B: (value - mean) / std. */
    mean: Triple,
    std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
    /** The whole picture, stretched or between bars of the mean colour. Nothing is cut off: edges count. */
    resize: z.enum(['stretch', 'fit']),
  }),
  /** Name of the output that holds the embedding, one row a picture. */
  output: z.string().min(1),
  scoring: Scoring,
  /** Frames a run; 1 for an encoder that was exported for one picture. */
  batch: z.int().min(1).max(16).default(4),
  /** By category, the score from which a person should look. A category without one is not checked. */
  thresholds: perCategory(z.number().gt(0).lt(1)).refine((t) => Object.keys(t).length > 0, 'names no category'),
  /** Trained logistic heads on the embedding of length one; a category with a head does not use its prompts. */
  heads: perCategory(z.strictObject({ weights: Numbers.min(1), bias: z.number() })).default({}),
  /** By category, what its threshold does on labelled material; without it coverage is `low`. */
  calibrated: perCategory(
    z.strictObject({
      material: z.string().min(1),
      positives: z.int().min(1),
      negatives: z.int().min(1),
      /** Share of the positives at or over the threshold, 0..1. */
      recall: z.number().gt(0).max(1),
      /** Share of the negatives at or over the threshold, 0..1. */
      falseAlarms: z.number().min(0).max(1),
    }),
  ).default({}),
});
export type ZeroShotManifest = z.infer<typeof ZeroShotManifest>;

/** `text-embeddings.json`: the prompts as the text side of the same encoder sees them. */
const TextEmbeddings = z.strictObject({
  prompts: z
    .array(
      z.strictObject({
        category: z.enum([...ZERO_SHOT_CATEGORIES, 'neutral']),
        text: z.string().min(1),
        values: Numbers.min(1),
      }),
    )
    .min(1),
});

/** One prompt with its embedding, of length one. */
export interface EmbeddedPrompt {
  category: ZeroShotCategory | 'neutral';
  text: string;
  values: Float32Array;
}

/** What the operator's folder holds, checked; the image encoder itself is checked when it is opened. */
export interface ZeroShotFolder {
  manifest: ZeroShotManifest;
  /** Absolute path of the image encoder, inside the folder. */
  imagePath: string;
  prompts: EmbeddedPrompt[];
  /** Categories with a threshold, in the order of {@link ZERO_SHOT_CATEGORIES}. */
  categories: ZeroShotCategory[];
  /** Values of one embedding. */
  dimensions: number;
}

/**
 * The vector with length one.
 * @throws VisionError `code` when it has no direction or holds what is no number
 */
export function normalised(
  values: ArrayLike<number>,
  code: 'zeroshot_output_invalid' | 'zeroshot_embeddings_invalid',
): Float32Array {
  const length = Math.hypot(...Array.from(values));
  if (!(length > 1e-12) || !Number.isFinite(length)) {
    throw new VisionError(code, 'An embedding is zero or holds values that are not numbers.');
  }
  return Float32Array.from(values, (v) => v / length);
}

function parse<T extends z.ZodType>(
  schema: T,
  text: string,
  code: 'zeroshot_manifest_invalid' | 'zeroshot_embeddings_invalid',
  file: string,
) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new VisionError(code, `${file} is no JSON: ${messageOf(cause)}`, cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new VisionError(code, `${file} is not as it should be: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Absolute path of a file of the folder. Links are followed first, so that none leads out. */
async function inside(dir: string, path: string): Promise<string> {
  const outside = () => new VisionError('zeroshot_file_outside', `${path} is not inside the folder of the encoder.`);
  if (isAbsolute(path) || path.split(/[\\/]/).includes('..')) throw outside();
  const [root, real] = await Promise.all([realpath(dir), realpath(join(dir, path))]).catch((cause: unknown) => {
    throw new VisionError('zeroshot_file_missing', `The folder of the encoder has no ${path}.`, cause);
  });
  if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) throw outside();
  return real;
}

async function readInside(dir: string, path: string): Promise<Buffer> {
  const real = await inside(dir, path);
  try {
    return await readFile(real);
  } catch (cause) {
    throw new VisionError('zeroshot_file_missing', `${path} cannot be read: ${messageOf(cause)}`, cause);
  }
}

async function readPrompts(
  dir: string,
  file: NonNullable<ZeroShotManifest['files']['text']>,
): Promise<EmbeddedPrompt[]> {
  const bytes = await readInside(dir, file.path);
  if (sha256Hex(bytes) !== file.sha256.toLowerCase()) {
    throw new VisionError('zeroshot_hash_mismatch', `${file.path} is not the file that zero-shot.json names.`);
  }
  const { prompts } = parse(TextEmbeddings, bytes.toString('utf8'), 'zeroshot_embeddings_invalid', file.path);
  return prompts.map((p) => ({ ...p, values: normalised(p.values, 'zeroshot_embeddings_invalid') }));
}

/** Every category needs something to be judged by, and all of one size. */
function checkWhole(manifest: ZeroShotManifest, prompts: EmbeddedPrompt[], categories: ZeroShotCategory[]): number {
  const broken = (why: string) => new VisionError('zeroshot_embeddings_invalid', why);
  const described = new Set(prompts.map(({ category }) => category));
  for (const category of categories) {
    if (!manifest.heads[category] && !described.has(category)) {
      throw broken(`The category ${category} has a threshold, but neither prompts nor a head.`);
    }
  }
  const byPrompts = categories.some((category) => !manifest.heads[category]);
  if (byPrompts && manifest.scoring.kind === 'softmax' && !described.has('neutral')) {
    throw broken('Softmax needs neutral prompts: without them every picture falls into some category.');
  }
  const heads = categories.flatMap((category) => manifest.heads[category]?.weights.length ?? []);
  const sizes = new Set([...prompts.map(({ values }) => values.length), ...heads]);
  const [dimensions] = sizes;
  if (dimensions === undefined || sizes.size > 1) {
    throw broken(`Embeddings and heads must be of one size; found ${[...sizes].join(', ')}.`);
  }
  return dimensions;
}

/**
 * Reads and checks the operator's folder: `zero-shot.json` and the files that it names.
 * @throws VisionError `zeroshot_*`
 */
export async function readZeroShotFolder(dir: string): Promise<ZeroShotFolder> {
  const text = (await readInside(dir, 'zero-shot.json')).toString('utf8');
  const manifest = parse(ZeroShotManifest, text, 'zeroshot_manifest_invalid', 'zero-shot.json');
  const imagePath = await inside(dir, manifest.files.image.path);
  const prompts = manifest.files.text ? await readPrompts(dir, manifest.files.text) : [];
  const categories = ZERO_SHOT_CATEGORIES.filter((category) => manifest.thresholds[category] !== undefined);
  return { manifest, imagePath, prompts, categories, dimensions: checkWhole(manifest, prompts, categories) };
}
