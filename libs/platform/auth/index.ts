export { ApiKeys, AuthError, newApiKey, requireScope, type Caller } from './keys.js';
export { LabelProfiles } from './labels.js';
export { RateLimitError, RateLimits, type RateState } from './limits.js';
export { Makers, QuotaError, refundCredits, spendCredits } from './makers.js';
