import { type PixelFrame } from '#engines/pixels';
import { dlibChip, dlibInput, faceresChip, faceresInput } from './align.js';
import { type FaceNetworks } from './networks.js';
import { sharpness } from './quality.js';
import { meanOf, unit } from './template.js';
import { type FaceObservation, type FaceTemplate } from './types.js';

/** What stays of a face when its frame is gone: about 220 kB. */
export interface FaceChips {
  dlib: PixelFrame;
  faceres: PixelFrame;
}

/** One view turned into numbers. */
export interface EmbeddedView {
  template: FaceTemplate;
  /** Share of each year of age, 0 to 99. */
  ages: Float32Array;
}

/** How chips are cut; part of a template's `model`, because another way gives other numbers. */
const ALIGNMENT = 'mesh-5-1';

/** Name of the templates that these networks make. */
export function templateModel({ models }: FaceNetworks): string {
  const used = models.slice(2).map(({ name, version }) => `${name}@${version}`);
  return [...used, ALIGNMENT].join('+');
}

/** A face cut out for the dlib network, and how sharp it is there. @throws PixelError */
export function firstChip(frame: PixelFrame, face: FaceObservation): { chip: PixelFrame; sharp: number } {
  const chip = dlibChip(frame, face.landmarks);
  return { chip, sharp: sharpness(chip) };
}

/**
 * A view as numbers. No gate is asked here.
 * @param plain what the dlib network gave for the chip, when that is known already
 * @throws FaceError `face_output_invalid`; InferenceError
 */
export async function embedView(networks: FaceNetworks, chips: FaceChips, plain?: Float32Array): Promise<EmbeddedView> {
  const [ahead, mirrored, described] = await Promise.all([
    plain ?? networks.dlib(dlibInput(chips.dlib, false)),
    networks.dlib(dlibInput(chips.dlib, true)),
    networks.faceres(faceresInput(chips.faceres)),
  ]);
  const dlib = meanOf([ahead, mirrored]);
  return {
    template: { dlib, faceres: unit(described.embedding), model: templateModel(networks) },
    ages: described.ages,
  };
}

/** Both chips of a face that has a mesh. @throws PixelError */
export function chipsOf(frame: PixelFrame, mesh: Float32Array, dlib: PixelFrame): FaceChips {
  return { dlib, faceres: faceresChip(frame, mesh) };
}
