export { promiseWebhooks, WebhookDeliveries } from './deliveries.js';
export { WebhookEndpoints, WebhookError } from './endpoints.js';
