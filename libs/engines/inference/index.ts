export { InferenceError, type InferenceErrorCode } from './errors.js';
export { loadManifest, modelCard, modelPath, type ModelCard } from './manifest.js';
export { DEFAULT_PROVIDERS, probeProvider, type ProviderAttempt, type ProviderReport } from './provider.js';
export { closeInference, configureInference, openSession, type Session, type SessionOptions } from './session.js';
