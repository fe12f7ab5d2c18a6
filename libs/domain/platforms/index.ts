export { apiKeyView, StaffKeys } from './keys.js';
export { PlatformError } from './reach.js';
export { StaffWebhooks } from './webhooks.js';
