export { InferenceError, type InferenceErrorCode } from './errors.js';
export { loadManifest, modelCard, modelPath, type ModelCard } from './manifest.js';
export { type Names, type Tensor, type Tensors } from './messages.js';
export { DEFAULT_PROVIDERS, probeProvider, type ProviderAttempt, type ProviderReport } from './provider.js';
export {
  closeInference,
  configureInference,
  inferenceReport,
  openSession,
  type InferenceReport,
  type OpenNetwork,
  type Session,
  type SessionOptions,
} from './session.js';
