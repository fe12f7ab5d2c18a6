export { CredentialsError, type CredentialsErrorCode } from './errors.js';
export { findingWithout } from './finding.js';
export { createDevelopmentPki, type DevelopmentPkiOptions } from './pki.js';
export { createCredentialsPool } from './pool.js';
export { fileSigner } from './signer.js';
export { releaseIdOf, SOFT_BINDING_ALG, softBindingValue } from './soft-binding.js';
export {
  localTimeStamper,
  remoteTimeStamper,
  type LocalTimeStamperOptions,
  type RemoteTimeStamperOptions,
} from './time-stamper.js';
export type {
  Agent,
  ClaimSigner,
  CredentialsPool,
  CredentialsPoolOptions,
  DevelopmentPki,
  Disclosure,
  KeyMaterial,
  ReadRequest,
  RegisteredLeaf,
  SignatureAlgorithm,
  SignRequest,
  SignResult,
  TimeStamper,
  TrustSettings,
} from './types.js';
