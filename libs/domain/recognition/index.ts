export { NameBook, type NameHit } from './book.js';
export { RecognitionError } from './errors.js';
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
