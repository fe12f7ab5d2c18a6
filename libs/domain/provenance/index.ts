export { databaseLog, type AskLog } from './log.js';
export { clopperPearson, errorRates, MeasuredRates } from './error-rates.js';
export {
  keepFingerprints,
  PrintsUnavailableError,
  ReleasePrints,
  type KeptPrints,
  type PrintSource,
} from './prints.js';
export { databaseAncestry, type Ancestor, type AskAncestry } from './ancestry.js';
export { lineageOf, releasesOf, type LineageInput } from './lineage.js';
export { likenessOf, type Likeness, type Named, type Run } from './likeness.js';
export { databaseRegister, type AskRegister } from './register.js';
export { searchPrint, type PrintHit } from './search-print.js';
export {
  fingerprintNotRun,
  LOG_NOT_RUN,
  registryFinding,
  type RegisteredAs,
  type RegisteredRelease,
  type VerdictInput,
} from './signals.js';
export { logSubject, verdictOf } from './verdict.js';
export { Verifier, type VerifierParts, type VerifyOptions } from './verify.js';
