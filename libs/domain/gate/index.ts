export type { AccessAsked, AccessRules, ClipWatcher, Standing } from './access.js';
export {
  Admission,
  type AccountStanding,
  type AdmissionServices,
  type AdmitContext,
  type ClipRequest,
  type EngineCatalog,
} from './admit.js';
export { Clips } from './clips.js';
export { ReleasedContent, type OpenContent } from './content.js';
export { ClipError, clipNotFound, PromptRefusedError, StaleClipError } from './errors.js';
export { DSA_PLACES, dsaStatement, type StatedFacts } from './dsa.js';
export { discardFiles, filesOf, NO_FILES, type ClipFiles } from './files.js';
export { Idempotency, IdempotencyError, type RepeatableRequest } from './idempotency.js';
export { openLabelTrack } from './label-track.js';
export {
  LikenessChangedError,
  type ClipUse,
  type LikenessAnswer,
  type LikenessGate,
  type LikenessRequest,
} from './likeness.js';
export { ENDED_BY_PERSON, isActive, mayMove, STEP_OF, TRANSITIONS, type ActiveState } from './machine.js';
export { GateMoves, stepJobId, type Move } from './moves.js';
export { releasedParent, unchangedParent } from './parents.js';
export { Policies, type DecideOptions, type PoliciesNow, type PolicySource, type ShadowDecision } from './policies.js';
export { reconcile } from './reconcile.js';
export { DecisionRecord, readDecisions, ReviewRecord } from './records.js';
export { HeldClips, type ReviewTies, type SettledReview } from './review.js';
export { assertUnsealed, dropHold, holdFiles, SEALED_WORDS, type SafetyDesk, type SafetyFinding } from './safety.js';
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
export { EvidenceStills, packStills, unpackStills, type StillPictures } from './stills.js';
export { clipView, videoView } from './view.js';
