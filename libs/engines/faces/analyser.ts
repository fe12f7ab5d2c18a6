import { type ModelRef } from '#contracts';
import { type SessionOptions } from '#engines/inference';
import { type PixelFrame } from '#engines/pixels';
import { FaceClip } from './clip.js';
import { chipsOf, embedView, firstChip } from './embed.js';
import { type FaceNetworks, openNetworks } from './networks.js';
import { observeFaces } from './observe.js';
import { gate } from './quality.js';
import { type FaceObservation, type FaceTemplate, type FaceTrack, type FaceUnable } from './types.js';

/** The faces of one clip. */
export interface FaceLook {
  /**
   * Takes the next frame, in order of time; it is not kept.
   * @param newShot true for the first frame after a cut
   * @throws PixelError; FaceError `face_output_invalid`; InferenceError: report the detector as unable
   */
  look(frame: PixelFrame, newShot?: boolean): Promise<void>;
  /**
   * Every face of the clip, first seen first. One under 32 pixels that shows in a single frame of several is left out.
   * @throws as {@link FaceLook.look}
   */
  finish(): Promise<FaceTrack[]>;
}

/** Finds, follows and recognises faces. */
export interface FaceAnalyser {
  /** The networks: detector, mesh, dlib, faceres. */
  readonly models: ModelRef[];
  /** Faces of a single frame, largest first. @throws as {@link FaceLook.look} */
  observe(frame: PixelFrame): Promise<FaceObservation[]>;
  /** A template of one face of `frame`, or why none can be taken. @throws as {@link FaceLook.look} */
  embed(frame: PixelFrame, face: FaceObservation): Promise<FaceTemplate | FaceUnable>;
  /** Starts a clip. Clips do not know of each other. */
  begin(): FaceLook;
}

/** Whether a template was taken. */
export function isTemplate(result: FaceTemplate | FaceUnable): result is FaceTemplate {
  return 'dlib' in result;
}

async function embed(
  networks: FaceNetworks,
  frame: PixelFrame,
  face: FaceObservation,
): Promise<FaceTemplate | FaceUnable> {
  const poor = gate(face, frame);
  if (poor || !face.mesh) return poor ?? { unable: 'unsure', reason: 'No mesh fits the face.' };
  const { chip, sharp } = firstChip(frame, face);
  const blurred = gate(face, frame, sharp);
  return blurred ?? (await embedView(networks, chipsOf(frame, face.mesh, chip))).template;
}

/**
 * Opens the face networks (BlazeFace, face mesh, dlib ResNet, faceres; models/cards).
 * @throws InferenceError when a model is missing, altered, or nothing can run it
 */
export async function createFaceAnalyser(options: SessionOptions = {}): Promise<FaceAnalyser> {
  const networks = await openNetworks(options);
  return {
    models: networks.models,
    observe: (frame) => observeFaces(networks, frame),
    embed: (frame, face) => embed(networks, frame, face),
    begin: () => new FaceClip(networks),
  };
}
