import { type ModelRef } from '#contracts';
import { modelCard, modelPath, openSession, type Session, type SessionOptions, type Tensors } from '#engines/inference';
import { DLIB_SIZE, FACERES_SIZE } from './align.js';
import { DETECTOR_SIZE, GRID_SIZES, type GridOutput } from './blazeface.js';
import { MESH_POINTS, MESH_SIZE } from './mesh.js';
import { FaceError } from './types.js';

/** The four networks of this room, as plain functions. Inputs are those that align.ts, mesh.ts and views.ts make. */
export interface FaceNetworks {
  readonly models: ModelRef[];
  /** 256x256 RGB in -1..1. @returns the grids in the detector's order */
  detect(input: Float32Array): Promise<GridOutput[]>;
  /** 192x192 RGB in 0..1. @returns 468 triples in pixels of the input, and how sure it is of a face (0..1) */
  mesh(input: Float32Array): Promise<{ points: Float32Array; score: number }>;
  /** 150x150 RGB in 0..255. @returns 128 values */
  dlib(input: Float32Array): Promise<Float32Array>;
  /** 224x224, see faceresInput. @returns 1024 values, and the share of each year of age from 0 to 99 */
  faceres(input: Float32Array): Promise<{ embedding: Float32Array; ages: Float32Array }>;
}

/** Names of the model cards. */
export const FACE_MODELS = { detect: 'blazeface', mesh: 'facemesh', dlib: 'dlib-face', faceres: 'faceres' } as const;

const EMBEDDING = 1024;
const DLIB_VALUES = 128;
/** Bins of the age head, one a year. */
export const AGES = 100;

/** The output that holds `length` values: names differ between exports, sizes do not. */
function ofLength(outputs: Tensors, length: number): Float32Array {
  const found = Object.values(outputs).find(({ data }) => data.length === length)?.data;
  if (!(found instanceof Float32Array) || !found.every(Number.isFinite)) {
    throw new FaceError('face_output_invalid', `A face network did not give ${length} numbers.`);
  }
  return found;
}

const square = (side: number) => [1, side, side, 3];

function runner(session: Session, side: number) {
  const [input = ''] = session.names.inputs;
  return (data: Float32Array) => session.runAll({ [input]: { data, shape: square(side) } });
}

/**
 * Opens the networks.
 * @throws InferenceError when one is missing, altered, or nothing can run it
 */
export async function openNetworks(options: SessionOptions): Promise<FaceNetworks> {
  const open = async (name: string) => {
    const card = modelCard(name);
    const session = await openSession(modelPath(card), card.sha256, options);
    return { session, ref: session.ref(card.name, card.version) };
  };
  const [detect, mesh, dlib, faceres] = await Promise.all([
    open(FACE_MODELS.detect),
    open(FACE_MODELS.mesh),
    open(FACE_MODELS.dlib),
    open(FACE_MODELS.faceres),
  ]);
  const run = {
    detect: runner(detect.session, DETECTOR_SIZE),
    mesh: runner(mesh.session, MESH_SIZE),
    dlib: runner(dlib.session, DLIB_SIZE),
    faceres: runner(faceres.session, FACERES_SIZE),
  };
  return {
    models: [detect.ref, mesh.ref, dlib.ref, faceres.ref],
    detect: async (input) => {
      const outputs = await run.detect(input);
      const total = GRID_SIZES.reduce((sum, n) => sum + n, 0);
      const [logits, boxes] = [ofLength(outputs, total), ofLength(outputs, 16 * total)];
      let start = 0;
      return GRID_SIZES.map((n) => {
        const from = start;
        start += n;
        return { logits: logits.subarray(from, start), boxes: boxes.subarray(16 * from, 16 * start) };
      });
    },
    mesh: async (input) => {
      const outputs = await run.mesh(input);
      const score = ofLength(outputs, 1)[0] as number;
      return { points: ofLength(outputs, 3 * MESH_POINTS), score };
    },
    dlib: async (input) => ofLength(await run.dlib(input), DLIB_VALUES),
    faceres: async (input) => {
      const outputs = await run.faceres(input);
      return { embedding: ofLength(outputs, EMBEDDING), ages: ofLength(outputs, AGES) };
    },
  };
}
