export { FingerprintError, IndexFullError } from './errors.js';
export {
  formatHash,
  hashDistance,
  MATCH_DISTANCE,
  MIN_QUALITY,
  parseHash,
  SAME_DISTANCE,
  type HashWords,
} from './hash.js';
export { DIHEDRAL, pdq, pdqDihedral, type Dihedral, type PdqHash } from './pdq.js';
export {
  compareVideos,
  createVideoFingerprinter,
  FINGERPRINT_MODEL,
  matchable,
  type SecondHash,
  type VideoFingerprint,
  type VideoFingerprinter,
  type VideoLook,
} from './video.js';
export { HashIndex, type IndexEntry, type IndexMatch, type QueryOptions } from './hash-index.js';
export {
  checkHash,
  LIST_ALGORITHMS,
  readHashList,
  type ListAlgorithm,
  type ListEntry,
  type ListItem,
} from './lists.js';
