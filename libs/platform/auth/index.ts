export { ApiKeys, AuthError, FEW_EYES, newApiKey, requireScope, type Caller } from './keys.js';
export { LabelProfiles } from './labels.js';
export { RateLimitError, RateLimits, Tries, TriesUsedUp, type RateState } from './limits.js';
export { Makers, QuotaError, refundCredits, spendCredits } from './makers.js';
export { Passwords, type PasswordCheck } from './passwords.js';
export {
  allowedActions,
  assertMay,
  CHILD_SAFETY,
  mayAnywhere,
  mayDo,
  notAllowed,
  reachOf,
  RIGHTS,
  type Place,
  type Reach,
  type Right,
  type Rights,
  type StaffCaller,
} from './rights.js';
export { tenantNames, tenantsOf, type TenantName } from './tenants.js';
