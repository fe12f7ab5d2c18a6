export { challengeEntropy, createChallenge, LivenessError, type ChallengeOptions } from './challenge.js';
export { codeIn, digitRuns } from './code.js';
export { headPose } from './pose.js';
export {
  createLivenessReader,
  MOST_SAMPLES,
  type FaceObserver,
  type LivenessReading,
  type LivenessRecording,
} from './reader.js';
export { LIMITS, type Limits } from './thresholds.js';
export { type HeadPose, type LivenessSample, type SeenFace } from './types.js';
export { verifyLiveness, type LivenessEvidence, type PersonViews } from './verify.js';
export { instructionsOf } from './words.js';
