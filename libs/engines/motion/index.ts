export {
  createFightDetector,
  FIGHT_DETECTOR,
  type FightDetector,
  type FightLook,
  type LumaPicture,
} from './detector.js';
export { MotionError } from './errors.js';
export { loadFightHead, type FightHead } from './head.js';
export { STATISTICS } from './statistics.js';
