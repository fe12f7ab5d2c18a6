export type { LikenessReader } from './background.js';
export { Cases, type OpenCase } from './cases.js';
export {
  deskUpon,
  openDesk,
  openReviewedGate,
  type Desk,
  type DeskOptions,
  type DeskPorts,
  type ReviewedGate,
} from './desk.js';
export { ReviewError } from './errors.js';
export { DeskStream, type DeskEar } from './stream.js';
export { clockView } from './clock.js';
export { releasedSettler, type Settlement, type Settler } from './settlers.js';
export { blindSubjects } from './visible.js';
