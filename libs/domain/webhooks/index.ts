export { promiseWebhooks, reconcileWebhooks, WebhookDeliveries } from './deliveries.js';
export { WebhookEndpoints, WebhookError } from './endpoints.js';
