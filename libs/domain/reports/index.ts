export type { OfflineCheck, OfflineCheckName, OfflineState } from './checks.js';
export { ReportError, type ReportErrorCode } from './errors.js';
export { logEvidenceFrom } from './log-evidence.js';
export { ReportFiles, type LogEvidence, type ReportPaths, type ReportSigning, type ReportSources } from './maker.js';
export { signingKeyOf, verifyOffline, type OfflineOptions, type OfflineResult } from './offline.js';
export { releaseFiles } from './release-file.js';
export type { StillsParts } from './stills.js';
