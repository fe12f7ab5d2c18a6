export { createFaceAnalyser, isTemplate, type FaceAnalyser, type FaceLook } from './analyser.js';
export { fusedScore, matchFaces, templateDistance, type FaceMatch } from './match.js';
export { FACE_MODELS } from './networks.js';
export { FACE_GATE } from './quality.js';
export { APPARENT_MINOR_DETECTOR, FACE_IDENTITY_DETECTOR, faceSignals, unableFaces } from './signals.js';
export { decodeTemplate, encodeTemplate } from './template.js';
export { FACE_THRESHOLDS, type MatchUse } from './thresholds.js';
export {
  FaceError,
  type FaceLandmarks,
  type FaceObservation,
  type FacePose,
  type FaceTemplate,
  type FaceTrack,
  type FaceUnable,
} from './types.js';
