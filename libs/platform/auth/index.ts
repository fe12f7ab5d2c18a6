export { ApiKeys, AuthError, newApiKey, requireScope, type Caller } from './keys.js';
export { LabelProfiles } from './labels.js';
export { RateLimitError, RateLimits, type RateState } from './limits.js';
export { ageBand, audienceOf, Makers, QuotaError, refundCredits, spendCredits } from './makers.js';
