export { type SignerRecord } from './contents.js';
export { keyringPath } from './files.js';
export { createKeys, currentSigner, openKeys, type Keyring } from './keyring.js';
export { keyOf, reportKey, signatureHolds, type ReportKey } from './report-key.js';
export { KeyError, Sealer } from './sealing.js';
export {
  adoptSigner,
  revokeSigner,
  rotateSigner,
  type KeyringPlace,
  type Revocation,
  type RotateOptions,
  type Rotation,
} from './signers.js';
export { newStreamKey, openStream, sealStream } from './sealed-stream.js';
export { SubjectKeys } from './subjects.js';
