import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import { CreateDeskKey, CreateDeskWebhook, DeskKey, DeskTenant, DeskWebhook, WebhookDeliveryView } from '#contracts';
import { byId, id, listOf, type Route } from './operation.js';
import { csrf, staffOperation } from './staff.js';

const read = (summary: string, answer: z.ZodType, params?: Route['params']) =>
  staffOperation({ summary, answer, tag: 'Platforms', ...(params && { params }) });
const change = (summary: string, answer: z.ZodType, more: Pick<Route, 'body' | 'params'> = {}) =>
  staffOperation({ summary, answer, tag: 'Platforms', ...more, params: { ...more.params, header: csrf } });

/** API keys and webhook endpoints of platforms, for staff. */
export const deskPlatformPaths: ZodOpenApiPathsObject = {
  '/v1/desk/tenants': { get: read('Platforms whose keys one may see.', listOf(DeskTenant)) },
  '/v1/desk/keys': {
    get: read('API keys of platforms, newest first.', listOf(DeskKey)),
    post: change('Make an API key for a platform; it is shown once.', DeskKey, { body: CreateDeskKey }),
  },
  '/v1/desk/keys/{id}/revoke': { post: change('End an API key at once.', DeskKey, { params: byId }) },
  '/v1/desk/webhooks': {
    get: read('Webhook endpoints of platforms and how each does.', listOf(DeskWebhook)),
    post: change('Register a webhook endpoint; its secret is shown once.', DeskWebhook, { body: CreateDeskWebhook }),
  },
  '/v1/desk/webhooks/{id}': {
    delete: change('Remove an endpoint.', z.object({ id, object: z.string() }), { params: byId }),
  },
  '/v1/desk/webhooks/{id}/rotate_secret': {
    post: change('Make a new signing secret; the old one signs for 24 hours more.', DeskWebhook, { params: byId }),
  },
  '/v1/desk/webhooks/{id}/deliveries': {
    get: read('The latest deliveries, newest first.', listOf(WebhookDeliveryView), byId),
  },
  '/v1/desk/webhooks/{id}/test': {
    post: change('Send an event of the type webhook.test.', WebhookDeliveryView, { params: byId }),
  },
  '/v1/desk/webhooks/{id}/deliveries/{delivery}/again': {
    post: change('Send a delivery once more.', WebhookDeliveryView, {
      params: { path: z.object({ id, delivery: id }) },
    }),
  },
};
