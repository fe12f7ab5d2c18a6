export { keysDir, openCore, PRODUCT, TOOL, type Core } from './core.js';
export { LeafBook, leafOf, ownTrust, type KnownLeaf } from './leaves.js';
export { livingProcesses, startReports, type LivingProcess } from './reports.js';
