export { canonicalJson } from './canonical.js';
export { systemClock, sleep, type Clock } from './clock.js';
export { DeadlineError, withDeadline } from './deadline.js';
export { AppError, messageOf, shownMessage, type ErrorDetails, type ErrorKind } from './errors.js';
export { Fourier } from './fourier.js';
export { constantTimeEqual, sha256Hex } from './hash.js';
export { isReleaseId, newId, newReleaseId } from './ids.js';
export { compiledModule, projectRoot } from './paths.js';
export { plain } from './visible.js';
