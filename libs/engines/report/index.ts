export { drawReport } from './draw.js';
export type { ReportSheet, StillPair, StillsNote } from './types.js';
export type { SignBytes } from './seal.js';
