import { readFile } from 'node:fs/promises';
import { encodeTemplate, isTemplate } from '#engines/faces';
import { checkImage, decodeImageFrame } from '#engines/media';
import type { PortraitFace } from '../tasks.js';
import { detectors } from './detectors.js';

/** Longer side of the picture that detectors get, in pixels. */
const FRAME_SIDE = 1280;
/** From this share of the largest face's width on, another one could be meant. */
const AS_LARGE = 0.6;

/**
 * The template of the one large face of a picture, or why none can be taken.
 * @throws MediaError when it is not a usable picture; InferenceError
 */
export async function takePortrait(path: string): Promise<PortraitFace> {
  const bytes = await readFile(path);
  await checkImage(bytes);
  const frame = await decodeImageFrame(bytes, { maxSide: FRAME_SIDE });
  const analyser = await detectors.faces.get();
  const [largest, second] = await analyser.observe(frame);
  if (!largest) return { face: 'no_face', template: null };
  if (second && second.widthPx >= AS_LARGE * largest.widthPx) return { face: 'several_faces', template: null };
  const taken = await analyser.embed(frame, largest);
  if (!isTemplate(taken)) return { face: taken.unable, template: null };
  return { face: 'taken', template: { model: taken.model, bytes: encodeTemplate(taken) } };
}
