export { VerificationError } from './errors.js';
export { hashFile } from './files.js';
export { jsonReport, type MadeFiles, type ReportMaker } from './maker.js';
export { shownName } from './rows.js';
export { VerificationRunner, type RunnerParts } from './runner.js';
export { reconcileVerifications, sweepVerifications } from './sweep.js';
export { Verifications, type ReportFile, type Submission, type VerificationLimits } from './verifications.js';
