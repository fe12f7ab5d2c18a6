import { CANONICAL } from './canonical.js';
import { topEigenvector } from './linear.js';
import { type HeadPose } from './types.js';

const DEG = 180 / Math.PI;
const COUNT = CANONICAL.length;

/** Packed triples, shifted so that their mean is 0. */
function centred(packed: Float64Array): Float64Array {
  const mean = [0, 0, 0];
  packed.forEach((v, i) => (mean[i % 3] = (mean[i % 3] as number) + v / COUNT));
  return packed.map((v, i) => v - (mean[i % 3] as number));
}

const MODEL = centred(Float64Array.from(CANONICAL.flatMap(([, ...xyz]) => xyz)));
const NORM = MODEL.reduce((s, v) => s + v * v, 0);

/** Rotation matrix, row by row, of a unit quaternion. */
function matrixOf([w = 1, x = 0, y = 0, z = 0]: number[]): Float64Array {
  return Float64Array.of(
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  );
}

/** The rotation that takes the canonical face nearest to `seen` (Horn 1987, closed form by quaternions). */
function rotation(seen: Float64Array): Float64Array {
  const m = new Float64Array(9);
  for (let k = 0; k < 3 * COUNT; k += 3) {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        m[3 * i + j] = (m[3 * i + j] as number) + (MODEL[k + i] as number) * (seen[k + j] as number);
      }
    }
  }
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = m as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return matrixOf(
    topEigenvector([
      [xx + yy + zz, yz - zy, zx - xz, xy - yx],
      [yz - zy, xx - yy - zz, xy + yx, zx + xz],
      [zx - xz, xy + yx, yy - xx - zz, yz + zy],
      [xy - yx, zx + xz, yz + zy, zz - xx - yy],
    ]),
  );
}

/**
 * How a head is turned: the canonical face is turned, scaled and shifted onto the mesh in the least-squares sense.
 * The zero of pitch depends on the person by some degrees; compare with the same person looking straight ahead.
 * @param mesh 468 triples x, y, z in pixels
 * @returns degrees, and how far the mesh is from any turned canonical face, in distances of its outer eye corners
 */
export function headPose(mesh: Float32Array): { pose: HeadPose; misfit: number } {
  const packed = new Float64Array(3 * COUNT);
  CANONICAL.forEach(([index], i) => packed.set(mesh.subarray(3 * index, 3 * index + 3), 3 * i));
  const seen = centred(packed);
  const r = rotation(seen);
  const at = (i: number) => r[i] as number;
  let [along, seenNorm] = [0, 0];
  for (let k = 0; k < 3 * COUNT; k++) {
    const [row, first] = [3 * (k % 3), k - (k % 3)];
    const turned =
      at(row) * (MODEL[first] as number) +
      at(row + 1) * (MODEL[first + 1] as number) +
      at(row + 2) * (MODEL[first + 2] as number);
    along += turned * (seen[k] as number);
    seenNorm += (seen[k] as number) ** 2;
  }
  const scale = along / NORM;
  // |s T - S|^2 with the best s: |S|^2 - s T.S
  const error = Math.max(0, seenNorm - scale * along);
  return {
    pose: {
      yaw: DEG * Math.atan2(at(6), at(8)),
      pitch: DEG * Math.asin(Math.min(1, Math.max(-1, -at(7)))),
      roll: DEG * Math.atan2(-at(1), at(4)),
    },
    misfit: Math.sqrt(error / COUNT) / scale,
  };
}
