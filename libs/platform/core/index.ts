export { keysDir, openCore, PRODUCT, TOOL, type Core } from './core.js';
export { LeafBook, leafOf, trustOf, type KnownLeaf } from './leaves.js';
export { readTrustLists } from './lists.js';
export { livingProcesses, startReports, type LivingProcess } from './reports.js';
