export { keysDir, openCore, ownTrust, PRODUCT, type Core } from './core.js';
export { leafFingerprint } from './fingerprint.js';
export { livingProcesses, startReports, type LivingProcess } from './reports.js';
