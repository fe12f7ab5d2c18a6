export { FingerprintError, IndexFullError, PrintDamagedError } from './errors.js';
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
export {
  createSoundFingerprinter,
  SOUND_FINGERPRINT_MODEL,
  SOUND_RATE,
  SOUND_STEPS_PER_S,
  type SoundFingerprint,
  type SoundFingerprinter,
  type SoundLook,
} from './sound.js';
export {
  compareSound,
  SOUND_BLOCK,
  SOUND_MATCH_BER,
  soundBlockBer,
  SoundIndex,
  type SoundComparison,
  type SoundMatch,
  type SoundPrint,
  type SoundRun,
} from './sound-match.js';
export {
  decodePicture,
  decodeSound,
  encodePicture,
  encodeSound,
  matchableFrames,
  PictureTaker,
  PRINT_ALGORITHM,
  PRINT_BINDING_ALG,
  PRINT_STEP_MS,
  QUERY_PER_S,
  queryFrame,
  type PicturePrint,
  type PrintFrame,
  type QueryFrame,
} from './prints.js';
export { comparePictures, NAMED_DISTANCE, type PictureRun } from './picture-match.js';
export { PrintIndex, type PrintIndexLimits } from './print-index.js';
export { restoration, type Laid, type Restoration, type SmallFrame } from './restore.js';
