import { CANONICAL } from '../canonical.js';
import { SERIES_POINTS } from '../plane.js';
import { headPose } from '../pose.js';
import { type LivenessSample, type XY } from '../types.js';
import { type Stance, turn } from './puppet.js';

/** Outer eye corners of the drawn head, pixels apart. */
const SCALE = 120;
const CENTRE = 300;
const CHIN = [0, 0.83, 0.08] as const;

/**
 * The mesh of the canonical head in a stance, without network or picture: exact geometry for tests of the arithmetic.
 * Points that the canonical face lacks stay 0.
 */
export function meshOf(stance: Stance): Float32Array {
  const mesh = new Float32Array(1404);
  for (const [i, ...p] of [...CANONICAL, [152, ...CHIN] as const]) {
    const [x, y, z] = turn(p, stance);
    mesh.set(
      [CENTRE + SCALE * (x + 1.5 * (stance.dx ?? 0)), CENTRE + SCALE * (y + 1.5 * (stance.dy ?? 0)), SCALE * z],
      3 * i,
    );
  }
  return mesh;
}

/** The sample of a head in a stance. `map` moves the mesh points in the picture, e.g. as a photograph in a hand does. */
export function seriesSample(timeS: number, stance: Stance, map: (p: XY) => XY = (p) => p): LivenessSample {
  const mesh = meshOf(stance);
  const points = SERIES_POINTS.flatMap((i) => map([mesh[3 * i] as number, mesh[3 * i + 1] as number]));
  const open = 0.33 * (1 - 0.3 * (stance.closed ?? 0));
  const [left, top] = [
    CENTRE - 0.8 * SCALE + 1.5 * SCALE * (stance.dx ?? 0),
    CENTRE - 0.9 * SCALE + 1.5 * SCALE * (stance.dy ?? 0),
  ];
  return {
    timeS,
    faces: 1,
    face: {
      box: { x: left, y: top, width: 1.6 * SCALE, height: 1.8 * SCALE },
      score: 0.95,
      meshScore: 1,
      ...headPose(mesh),
      openLeft: open,
      openRight: open,
      points,
    },
  };
}
