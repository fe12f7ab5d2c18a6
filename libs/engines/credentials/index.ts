export { documentKeyMaterial, documentSigner, type DocumentSigner } from './document.js';
export { CredentialsError, type CredentialsErrorCode } from './errors.js';
export { findingWithout } from './finding.js';
export { createDevelopmentPki, issueSigner, type DevelopmentPkiOptions, type SignerLeafOptions } from './pki.js';
export { ocspStapler, type OcspStaplerOptions } from './ocsp-stapler.js';
export { manifestAlone } from './jumbf.js';
export { createCredentialsPool } from './pool.js';
export { remoteSigner, type RemoteSignerOptions } from './remote-signer.js';
export { algorithmOf as signatureAlgorithmOf, fileSigner } from './signer.js';
export { releaseIdOf, SOFT_BINDING_ALG, softBindingValue } from './soft-binding.js';
export { checkTimeStamp, type CheckedTimeStamp } from './time-stamp-check.js';
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
  RevocationSource,
  SignatureAlgorithm,
  SignRequest,
  SignResult,
  TimeStamper,
  TrustSettings,
} from './types.js';
