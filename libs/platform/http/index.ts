export { HttpError, type HttpErrorCode, type HttpPhase } from './errors.js';
export { type AddressPolicy } from './addresses.js';
export { assertPublicUrl, type ResolvedAddress, type Resolver } from './urls.js';
export { guardedSocketOptions } from './sockets.js';
export { safeDownload, safeFetch, type SafeDownload, type SafeFetchOptions, type SafeResponse } from './fetch.js';
export { retryAfterSeconds } from './retry-after.js';
export {
  deliverWebhook,
  newWebhookSecret,
  webhookHeaders,
  type WebhookDelivery,
  type WebhookOptions,
  type WebhookOutcome,
} from './webhooks.js';
