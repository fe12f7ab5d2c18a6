import { readFile } from 'node:fs/promises';
import type { Signal } from '#contracts';
import { encodeTemplate, type FaceTrack } from '#engines/faces';
import { checkImage, decodeImageFrame } from '#engines/media';
import type { PixelFrame } from '#engines/pixels';
import { aggregateNsfw, unableNsfw } from '#engines/vision';
import type { ScreenedImage } from '../tasks.js';
import { unablePart } from '../words.js';
import { detectors } from './detectors.js';
import { watchNudity } from './nudity.js';
import { Part, type Outcome, type Watcher } from './part.js';

/** Longer side of the picture that detectors get, in pixels. */
const FRAME_SIDE = 1280;

async function through<R>(name: string, frame: PixelFrame, begin: () => Promise<Watcher<PixelFrame, R>>) {
  const part = new Part<PixelFrame, R>(name, begin);
  await part.push(frame);
  return part.finish();
}

const NOT_ASKED: Outcome<FaceTrack[]> = { ok: false, reason: 'The faces were not looked at.' };

/** The faces of a picture, as those of a clip of one frame. */
function facesOf(found: Outcome<FaceTrack[]>): Pick<ScreenedImage, 'faces' | 'templates'> {
  if (!found.ok) return { faces: { state: 'unable', reason: found.reason }, templates: [] };
  return {
    faces: { state: 'looked', seen: found.value.map(({ template: _, ...rest }) => rest) },
    templates: found.value.flatMap(({ id, template }) =>
      template ? [{ face: id, bytes: encodeTemplate(template) }] : [],
    ),
  };
}

/**
 * Looks at a picture as if it were a frame of a clip.
 * @param withFaces also who is in it
 * @throws MediaError when it is not a usable picture
 */
export async function lookAtImage(path: string, withFaces = false): Promise<ScreenedImage> {
  const bytes = await readFile(path);
  const { format, width, height } = await checkImage(bytes);
  const frame = await decodeImageFrame(bytes, { maxSide: FRAME_SIDE });
  const [nudity, objects, zeroShot, faces] = await Promise.all([
    through('nudity', frame, async () => watchNudity(await detectors.nsfw.get())),
    through('objects', frame, async () => (await detectors.objects.get()).begin()),
    detectors.zeroShot && through('zeroShot', frame, async () => (await detectors.zeroShot!.get()).begin()),
    withFaces ? through('faces', frame, async () => (await detectors.faces.get()).begin()) : NOT_ASKED,
  ]);
  const failed = { category: 'violence', source: 'frames' } as const;
  const signals = [
    ...(nudity.ok ? aggregateNsfw(nudity.value.scored, nudity.value.detector.model) : unableNsfw(nudity.reason)),
    ...(objects.ok ? objects.value : [unablePart('vision.objects.blade', failed, objects.reason)]),
    ...(zeroShot ? (zeroShot.ok ? zeroShot.value : [unablePart('vision.zeroshot', failed, zeroShot.reason)]) : []),
  ];
  return {
    ...{ format, width, height, ...facesOf(faces) },
    signals: signals.map((one): Signal => ({ ...one, source: 'reference' })),
  };
}
