export {
  Admission,
  releasedParent,
  unchangedParent,
  type AdmitContext,
  type ClipRequest,
  type EngineCatalog,
} from './admit.js';
export { Clips } from './clips.js';
export { ReleasedContent, type OpenContent } from './content.js';
export { ClipError, clipNotFound, PromptRefusedError, StaleClipError } from './errors.js';
export { discardFiles, filesOf, type ClipFiles } from './files.js';
export { Idempotency, IdempotencyError, type RepeatableRequest } from './idempotency.js';
export { openLabelTrack } from './label-track.js';
export { isActive, mayMove, STEP_OF, TRANSITIONS, type ActiveState } from './machine.js';
export { GateMoves, stepJobId, type Move } from './moves.js';
export { Policies, type DecideOptions, type PoliciesNow, type PolicySource, type ShadowDecision } from './policies.js';
export { reconcile } from './reconcile.js';
export { DecisionRecord, readDecisions, ReviewRecord } from './records.js';
export { HeldClips } from './review.js';
export { writeStatement } from './statements.js';
export { EvidenceStills, packStills, type StillPictures } from './stills.js';
export { clipView, videoView } from './view.js';
