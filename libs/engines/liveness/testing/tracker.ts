import { modelCard, modelPath, openSession } from '#engines/inference';
import { warp, type PixelFrame } from '#engines/pixels';
import { type FaceObserver } from '../reader.js';

const SIDE = 192;

/** A square of the picture that holds the face, eyes level. Pixels and radians. */
export interface Crop {
  x: number;
  y: number;
  side: number;
  angle: number;
}

function extent(mesh: Float32Array) {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < mesh.length; i += 3) {
    const [x, y] = [mesh[i] as number, mesh[i + 1] as number];
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function cropAround(mesh: Float32Array): Crop {
  const { x, y, width, height } = extent(mesh);
  const slope = (k: 0 | 1) => (mesh[3 * 263 + k] as number) - (mesh[3 * 33 + k] as number);
  return {
    x: x + width / 2,
    y: y + height / 2,
    side: 1.5 * Math.max(width, height),
    angle: Math.atan2(slope(1), slope(0)),
  };
}

/** The mesh network alone: what it reads in a square of a picture. */
export async function openMesh() {
  const card = modelCard('facemesh');
  const session = await openSession(modelPath(card), card.sha256, { provider: 'cpu' });
  return async (frame: PixelFrame, { x, y, side, angle }: Crop) => {
    const k = side / SIDE;
    const [c, s] = [k * Math.cos(angle), k * Math.sin(angle)];
    const half = SIDE / 2;
    const m = { a: c, b: -s, tx: x - half * (c - s), c: s, d: c, ty: y - half * (s + c) };
    const { rgb } = warp(frame, m, SIDE, SIDE, { samples: 1 });
    const data = new Float32Array(rgb.length);
    for (let i = 0; i < data.length; i++) data[i] = (rgb[i] as number) / 255;
    const outputs = Object.values(
      await session.runAll({ [session.names.inputs[0] as string]: { data, shape: [1, SIDE, SIDE, 3] } }),
    );
    const of = (length: number) => outputs.find((o) => o.data.length === length)?.data as Float32Array;
    const mesh = of(1404).map((v, i, raw) => {
      if (i % 3 === 2) return k * v;
      const [u, w] = [raw[i - (i % 3)] as number, raw[i - (i % 3) + 1] as number];
      return i % 3 ? m.c * u + m.d * w + m.ty : m.a * u + m.b * w + m.tx;
    });
    return { mesh, score: of(1)[0] as number };
  };
}

/** The mesh of the one face near a place, found by looking again where the last look found it. */
export async function findMesh(frame: PixelFrame, near: Crop, looks = 4): Promise<Float32Array> {
  const read = await openMesh();
  let crop = near;
  for (let i = 1; i < looks; i++) crop = cropAround((await read(frame, crop)).mesh);
  return (await read(frame, crop)).mesh;
}

/**
 * An observer for recordings of one face whose place at the start is known: the mesh network follows the face from
 * frame to frame, as MediaPipe does. The faces room's analyser finds faces by itself.
 */
export async function createTracker(start: Crop): Promise<FaceObserver> {
  const read = await openMesh();
  let crop = start;
  return {
    async observe(frame) {
      const { mesh, score } = await read(frame, crop);
      crop = score > 0.5 ? cropAround(mesh) : start;
      return score > 0.5 ? [{ timeS: frame.timeS, box: extent(mesh), score, mesh, meshScore: score }] : [];
    },
  };
}
