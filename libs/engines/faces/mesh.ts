import { apply, type Affine, type PixelBox, type PixelFrame, type Point, warp } from '#engines/pixels';
import { type Detection } from './blazeface.js';
import { FaceError, type FaceLandmarks, type FacePose } from './types.js';

/** Side of the mesh network's input in pixels. */
export const MESH_SIZE = 192;

/** Points of a mesh. */
export const MESH_POINTS = 468;

/** Side of the square that the mesh looks at, in sides of the detector's box (MediaPipe's face landmark graph). */
const MARGIN = 1.5;

/** Places in MediaPipe's mesh. Left is the left of the picture. */
const AT = {
  leftEye: [33, 133],
  rightEye: [362, 263],
  nose: [4],
  mouthLeft: [61],
  mouthRight: [291],
  leftCheek: [234],
  rightCheek: [454],
  forehead: [10],
  chin: [152],
} as const;

/** The picture from which the mesh network reads a face, and the way back. */
export interface MeshCrop {
  /** RGB, 0..1, 192x192. */
  input: Float32Array;
  /** From the crop's pixels to the frame's. */
  toFrame: Affine;
}

/**
 * A similarity whose square of `side` target pixels covers `reach` frame pixels around `centre`, turned by `angle`.
 * @param angle radians, clockwise in the picture
 */
export function squareAround(centre: Point, reach: number, angle: number, side: number): Affine {
  const scale = reach / side;
  const [a, c] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const half = side / 2;
  return { a, b: -c, tx: centre.x - a * half + c * half, c, d: a, ty: centre.y - c * half - a * half };
}

/** Cuts out a detected face, eyes level. @throws PixelError */
export function meshCrop(frame: PixelFrame, { box, points }: Detection): MeshCrop {
  const [left, right] = [points[0] as Point, points[1] as Point];
  const angle = Math.atan2(right.y - left.y, right.x - left.x);
  const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const toFrame = squareAround(centre, MARGIN * Math.max(box.width, box.height), angle, MESH_SIZE);
  // The mesh does not need more samples per pixel, and it is made for every face in every frame.
  const samples = Math.hypot(toFrame.a, toFrame.c) < 2 ? 1 : 2;
  const { rgb } = warp(frame, toFrame, MESH_SIZE, MESH_SIZE, { samples });
  const input = new Float32Array(rgb.length);
  for (let i = 0; i < rgb.length; i++) input[i] = (rgb[i] as number) / 255;
  return { input, toFrame };
}

/** Moves a mesh from its crop into the frame, depth in the same unit. */
export function meshToFrame(points: Float32Array, toFrame: Affine): Float32Array {
  if (points.length !== 3 * MESH_POINTS || points.some(Number.isNaN)) {
    throw new FaceError('face_output_invalid', 'The face mesh has not the expected points.');
  }
  const scale = Math.hypot(toFrame.a, toFrame.c);
  const mesh = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 3) {
    const { x, y } = apply(toFrame, { x: points[i] as number, y: points[i + 1] as number });
    mesh.set([x, y, scale * (points[i + 2] as number)], i);
  }
  return mesh;
}

interface Point3 extends Point {
  z: number;
}

function mean(mesh: Float32Array, indices: readonly number[]): Point3 {
  const sum = { x: 0, y: 0, z: 0 };
  for (const i of indices) {
    sum.x += (mesh[3 * i] as number) / indices.length;
    sum.y += (mesh[3 * i + 1] as number) / indices.length;
    sum.z += (mesh[3 * i + 2] as number) / indices.length;
  }
  return sum;
}

/** The five landmarks of a mesh: middles between the corners of each eye, nose tip, corners of the mouth. */
export function meshLandmarks(mesh: Float32Array): FaceLandmarks {
  const at = (indices: readonly number[]): Point => {
    const { x, y } = mean(mesh, indices);
    return { x, y };
  };
  return {
    leftEye: at(AT.leftEye),
    rightEye: at(AT.rightEye),
    nose: at(AT.nose),
    mouthLeft: at(AT.mouthLeft),
    mouthRight: at(AT.mouthRight),
  };
}

/** The same from the detector alone; the corners of the mouth are guessed from its middle and the eyes. */
export function detectorLandmarks({ points }: Detection): FaceLandmarks {
  const [leftEye, rightEye, nose, mouth] = points as [Point, Point, Point, Point];
  const half = { x: 0.4 * (rightEye.x - leftEye.x), y: 0.4 * (rightEye.y - leftEye.y) };
  return {
    leftEye,
    rightEye,
    nose,
    mouthLeft: { x: mouth.x - half.x, y: mouth.y - half.y },
    mouthRight: { x: mouth.x + half.x, y: mouth.y + half.y },
  };
}

/** Angle of the line through the eyes in radians, clockwise. */
export function eyeAngle({ leftEye, rightEye }: FaceLandmarks): number {
  return Math.atan2(rightEye.y - leftEye.y, rightEye.x - leftEye.x);
}

/** Middle, width and height of a face, measured level with its eyes, in pixels of the frame. */
export interface UprightFace {
  centre: Point;
  width: number;
  height: number;
  /** Radians, clockwise. */
  angle: number;
}

/** Extent of a mesh level with its eyes. */
export function uprightFace(mesh: Float32Array): UprightFace {
  const angle = eyeAngle(meshLandmarks(mesh));
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < mesh.length; i += 3) {
    const [x, y] = [mesh[i] as number, mesh[i + 1] as number];
    const [u, v] = [cos * x + sin * y, cos * y - sin * x];
    [left, right] = [Math.min(left, u), Math.max(right, u)];
    [top, bottom] = [Math.min(top, v), Math.max(bottom, v)];
  }
  const [u, v] = [(left + right) / 2, (top + bottom) / 2];
  return {
    centre: { x: cos * u - sin * v, y: sin * u + cos * v },
    width: right - left,
    height: bottom - top,
    angle,
  };
}

/** The upright rectangle around a mesh. */
export function meshBox(mesh: Float32Array): PixelBox {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < mesh.length; i += 3) {
    const [x, y] = [mesh[i] as number, mesh[i + 1] as number];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

const degrees = (radians: number) => (radians * 180) / Math.PI;

/** How a face is turned, from the planes through its cheeks and through its forehead and chin. */
export function meshPose(mesh: Float32Array): FacePose {
  const [left, right] = [mean(mesh, AT.leftCheek), mean(mesh, AT.rightCheek)];
  const [top, bottom] = [mean(mesh, AT.forehead), mean(mesh, AT.chin)];
  return {
    yaw: degrees(Math.atan2(right.z - left.z, Math.hypot(right.x - left.x, right.y - left.y))),
    pitch: degrees(Math.atan2(bottom.z - top.z, Math.hypot(bottom.x - top.x, bottom.y - top.y))),
    roll: degrees(eyeAngle(meshLandmarks(mesh))),
  };
}
