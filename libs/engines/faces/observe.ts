import { type PixelFrame } from '#engines/pixels';
import { decodeDetections, type Detection } from './blazeface.js';
import { detectorLandmarks, meshBox, meshCrop, meshLandmarks, meshPose, meshToFrame, uprightFace } from './mesh.js';
import { type FaceNetworks } from './networks.js';
import { type FaceObservation } from './types.js';
import { mergeDetections, toFrame, type View, viewInputs, viewsOf } from './views.js';

/** Lowest score of the detector that is looked at more closely. */
const CANDIDATE = 0.5;

/** Lowest score of the mesh that confirms a candidate. */
const CONFIRMED = 0.5;

/** Score of the detector that counts as a face although no mesh fits, for example a profile. */
const SURE = 0.85;

/** Faces of one frame that are looked at closely, largest first: a crowd must not cost minutes. */
const MOST = 16;

async function detect(networks: FaceNetworks, frame: PixelFrame, expected: number): Promise<Detection[]> {
  const views = viewsOf(frame.width, frame.height);
  const inputs = viewInputs(frame, views);
  const look = async (view: View, input: Float32Array) =>
    toFrame(mergeDetections(decodeDetections(await networks.detect(input), CANDIDATE)), view);
  const [whole, ...close] = views.map((view, i) => () => look(view, inputs[i] as Float32Array));
  if (!whole) return [];
  if (!Number.isFinite(expected)) {
    return mergeDetections((await Promise.all([whole(), ...close.map((one) => one())])).flat());
  }
  const far = mergeDetections(await whole());
  if (far.length >= expected) return far;
  return mergeDetections([...far, ...(await Promise.all(close.map((one) => one()))).flat()]);
}

/** Width level with the eyes, from the detector's box alone. */
function withoutMesh(timeS: number, detection: Detection): FaceObservation {
  const { box, score } = detection;
  const landmarks = detectorLandmarks(detection);
  return { timeS, box, score, landmarks, mesh: null, meshScore: 0, widthPx: box.width, pose: null };
}

async function lookClosely(
  networks: FaceNetworks,
  frame: PixelFrame,
  found: Detection,
): Promise<FaceObservation | null> {
  const { timeS } = frame;
  const crop = meshCrop(frame, found);
  const { points, score } = await networks.mesh(crop.input);
  if (score < CONFIRMED) return found.score >= SURE ? withoutMesh(timeS, found) : null;
  const mesh = meshToFrame(points, crop.toFrame);
  return {
    timeS,
    box: meshBox(mesh),
    score: found.score,
    landmarks: meshLandmarks(mesh),
    mesh,
    meshScore: score,
    widthPx: uprightFace(mesh).width,
    pose: meshPose(mesh),
  };
}

/**
 * All faces of a frame, largest first. Beyond the 16 largest only the sure ones are given, without a mesh.
 * @param expected when the view of the whole frame shows as many faces, the close views are left out; by default they
 * never are
 * @throws PixelError; FaceError `face_output_invalid`; InferenceError
 */
export async function observeFaces(
  networks: FaceNetworks,
  frame: PixelFrame,
  expected = Infinity,
): Promise<FaceObservation[]> {
  const found = (await detect(networks, frame, expected)).sort((a, b) => b.box.width - a.box.width);
  const close = await Promise.all(found.slice(0, MOST).map((one) => lookClosely(networks, frame, one)));
  const rest = found.slice(MOST).filter(({ score }) => score >= SURE);
  const all = [...close.filter((one) => one !== null), ...rest.map((one) => withoutMesh(frame.timeS, one))];
  return mergeDetections(all).sort((a, b) => b.widthPx - a.widthPx);
}
