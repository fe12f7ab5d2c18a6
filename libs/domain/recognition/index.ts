export { NameBook, type NameHit } from './book.js';
export { RecognitionError } from './errors.js';
export { isOrdinaryName } from './ordinary.js';
export { announceBlob, announceKey, keepKey, sweepSpentKeys, takeBackKey, type SpentKeysStore } from './spent-keys.js';
export {
  forgetSubject,
  hashName,
  nameKey,
  openTemplate,
  rememberSubject,
  sealTemplate,
  type HashedName,
  type SealedTemplate,
  type Subject,
} from './subjects.js';
