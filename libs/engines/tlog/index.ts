export { auditLog, type AuditFault, type AuditOptions, type AuditResult } from './audit.js';
export {
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  type Checkpoint,
  type OpenedCheckpoint,
} from './checkpoint.js';
export { decodeEntries, encodeEntries, MAX_ENTRY_BYTES } from './entries.js';
export { TlogError, type TlogErrorCode } from './errors.js';
export { EMPTY_ROOT, leafHash, nodeHash } from './hash.js';
export { NoteSigner, NoteVerifier, parseVerifierKey, type NoteKeyType } from './keys.js';
export {
  MerkleAccumulator,
  rootFromInclusion,
  verifyConsistency,
  verifyInclusion,
  type ConsistencyClaim,
  type InclusionClaim,
} from './merkle.js';
export { addSignatures, openNote, signNote, type OpenedNote, type VerifiedSignature } from './note.js';
export { entriesPath, parseTilePath, tilePath, type TilePath } from './paths.js';
export { enoughWitnesses, parseWitnessPolicy, type WitnessPolicy } from './policy.js';
export { formatProof, parseProof, verifyProof, type LogProof, type VerifiedProof } from './proof-file.js';
export {
  appendTiles,
  consistencyProof,
  inclusionProof,
  treeRoot,
  type ReadTile,
  type Tile,
  type TileId,
} from './tiles.js';
export { addCheckpointBody, readWitnessAnswer, type AddCheckpoint, type WitnessAnswer } from './witness.js';
