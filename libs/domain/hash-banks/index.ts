export { BankIndex, type BankIndexOptions, type IndexState } from './bank-index.js';
export { HashBanks, type BankUser, type OpenList } from './banks.js';
export { BanksUnavailableError, HashBankError } from './errors.js';
export { BankMatcher, type BankLookUp, type ExactMatch, type FoundMatch } from './matching.js';
export { forgetFingerprint, rememberFingerprint } from './remember.js';
export { BANK_DETECTORS, bankScore, bankSignals, PLAIN_DETECTOR } from './signals.js';
