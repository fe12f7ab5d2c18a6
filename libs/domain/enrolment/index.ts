export { recordingJudge, type JudgeServices } from './judge.js';
export { knownFaces, type FaceSearch } from './known.js';
