export { FaceIndexError, type FaceIndexCode } from './errors.js';
export { FaceIndex, type FaceHit, type FaceIndexOptions } from './face-index.js';
