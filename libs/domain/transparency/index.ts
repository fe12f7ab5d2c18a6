export { LogError } from './errors.js';
export { forgetCommitments, forgetConsent } from './forget.js';
export {
  promiseConsent,
  promiseRefusal,
  promiseRelease,
  promiseReport,
  promiseWithdrawal,
  releaseKey,
  type ConsentEvent,
  type SignedClip,
  type WithdrawReason,
} from './leaves.js';
export type { TransparencyLog } from './log.js';
export { logOlderReleases } from './older.js';
export { assertLog, logVerifierKey, openLog, openLogReader, type LogOwner } from './open.js';
export { commit, promiseLeaf } from './promise.js';
export { compareWithLog } from './register.js';
export type { LoggedRelease, LogReader } from './reader.js';
