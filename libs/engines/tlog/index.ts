export { TlogError, type TlogErrorCode } from './errors.js';
export { EMPTY_ROOT, leafHash, nodeHash } from './hash.js';
export {
  rootFromInclusion,
  verifyConsistency,
  verifyInclusion,
  type ConsistencyClaim,
  type InclusionClaim,
} from './merkle.js';
export {
  appendTiles,
  consistencyProof,
  inclusionProof,
  treeRoot,
  type ReadTile,
  type Tile,
  type TileId,
} from './tiles.js';
