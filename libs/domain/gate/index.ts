export {
  Admission,
  releasedParent,
  unchangedParent,
  type AccountStanding,
  type AdmitContext,
  type ClipRequest,
  type EngineCatalog,
} from './admit.js';
export { Clips } from './clips.js';
export { ReleasedContent, type OpenContent } from './content.js';
export { ClipError, clipNotFound, PromptRefusedError, StaleClipError } from './errors.js';
export { DSA_PLACES, dsaStatement, type StatedFacts } from './dsa.js';
export { discardFiles, filesOf, type ClipFiles } from './files.js';
export { Idempotency, IdempotencyError, type RepeatableRequest } from './idempotency.js';
export { openLabelTrack } from './label-track.js';
export { isActive, mayMove, STEP_OF, TRANSITIONS, type ActiveState } from './machine.js';
export { GateMoves, stepJobId, type GateFollower, type Move } from './moves.js';
export { Policies } from './policies.js';
export { reconcile } from './reconcile.js';
export { DecisionRecord, readDecisions, ReviewRecord } from './records.js';
export { HeldClips, type ReviewTies, type SettledReview } from './review.js';
export { Restorations, type Restoration, type RestoreTies } from './restore.js';
export {
  appealUntil,
  aroundStatements,
  dsaOf,
  statementView,
  writeStatement,
  type StatedClip,
  type StatedRow,
  type StatementMore,
} from './statements.js';
export { EvidenceStills, packStills, type StillPictures } from './stills.js';
export { clipView, videoView } from './view.js';
