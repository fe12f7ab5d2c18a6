import { availableParallelism } from 'node:os';
import { configureInference } from '#engines/inference';
import { createFaceAnalyser } from '#engines/faces';
import { createVideoFingerprinter } from '#engines/fingerprint';
import { createFightDetector } from '#engines/motion';
import { createTextReader } from '#engines/ocr';
import { createSpeechFinder, openSpeakerFolder } from '#engines/speech';
import { createNsfwDetector, createObjectDetector, createZeroShot } from '#engines/vision';
import { Kept } from './kept.js';

const providers = process.env['ORT_PROVIDERS']?.split(',').map((name) => name.trim());
// On two cores one run at a time is as quick (decoding, tracking and motion fill the other core) and holds 200 MB less.
const lanes = availableParallelism() > 2 ? 2 : 1;
configureInference({ lanes, ...(providers && { providers }) });

/** Folder of the operator's image encoder, where there is one. */
const zeroShotDir = process.env['ZERO_SHOT_DIR'];

/** Folder of the operator's speaker model, where there is one. */
const speakerDir = process.env['SPEAKER_DIR'];

/** The detectors of this process. Each is loaded when first needed, and again after a failure. */
export const detectors = {
  nsfw: new Kept(() => createNsfwDetector()),
  faces: new Kept(() => createFaceAnalyser()),
  texts: new Kept(() => createTextReader()),
  objects: new Kept(() => createObjectDetector()),
  fight: new Kept(async () => createFightDetector()),
  fingerprint: new Kept(async () => createVideoFingerprinter()),
  speech: new Kept(() => createSpeechFinder()),
  zeroShot: zeroShotDir ? new Kept(() => createZeroShot(zeroShotDir)) : null,
  speaker: speakerDir ? new Kept(() => openSpeakerFolder(speakerDir)) : null,
};
