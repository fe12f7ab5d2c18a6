export { aggregateNsfw, isHot, NSFW_DETECTOR, SUGGESTIVE_DETECTOR, unableNsfw, type ScoredFrame } from './aggregate.js';
export {
  createNsfwDetector,
  NSFW_CLASSES,
  NSFW_MODEL,
  type NsfwDetector,
  type NsfwOptions,
  type NsfwScores,
} from './nsfw.js';
export {
  BLADE_DETECTOR,
  createObjectDetector,
  type FoundObject,
  type ObjectDetector,
  type ObjectLook,
} from './objects.js';
export { VisionError, type VisionErrorCode } from './types.js';
export { createZeroShot, ZERO_SHOT_DETECTOR, type ZeroShot, type ZeroShotLook } from './zero-shot.js';
export { ZERO_SHOT_PROMPTS } from './zero-shot-prompts.js';
