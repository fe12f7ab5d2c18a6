export { VerificationError } from './errors.js';
export { hashFile } from './files.js';
export type { RunnerParts } from './hold.js';
export { jsonReport, type MadeFiles, type ReportMaker } from './maker.js';
export { shownName } from './rows.js';
export { VerificationRunner } from './runner.js';
export { reconcileVerifications, sweepVerifications } from './sweep.js';
export { Verifications, type ReportFile, type Submission, type VerificationLimits } from './verifications.js';
