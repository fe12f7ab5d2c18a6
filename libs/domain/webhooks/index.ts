export { promiseWebhooks, reconcileWebhooks, WebhookDeliveries } from './deliveries.js';
export { endpointView, WebhookEndpoints, WebhookError } from './endpoints.js';
export { WebhookRecord } from './record.js';
