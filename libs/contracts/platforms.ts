import { z } from 'zod';
import { ApiKey, CreateKey } from './accounts.js';
import { CreateWebhookEndpoint, WebhookEndpoint } from './webhooks.js';

const time = z.iso.datetime();
const tenantId = z.string().min(1).max(80);

/** A platform as the desk shows it. */
export const DeskTenant = z.object({ id: z.string(), object: z.literal('tenant'), name: z.string() });
export type DeskTenant = z.infer<typeof DeskTenant>;

/** An API key of a platform, for staff. `key` only in the answer that creates it. */
export const DeskKey = ApiKey.extend({ tenant: DeskTenant.omit({ object: true }) });
export type DeskKey = z.infer<typeof DeskKey>;

/** Body of `POST /v1/desk/keys`. */
export const CreateDeskKey = CreateKey.extend({ tenant: tenantId });
export type CreateDeskKey = z.infer<typeof CreateDeskKey>;

/** One event on its way to one endpoint. */
export const WebhookDeliveryView = z.object({
  id: z.string(),
  object: z.literal('webhook.delivery'),
  event_id: z.string(),
  type: z.string(),
  /** What the event tells of. */
  subject: z.string(),
  /** pending: waits for its first or next attempt. cancelled: the endpoint is gone. */
  state: z.enum(['pending', 'delivered', 'given_up', 'cancelled']),
  attempts: z.number().int(),
  created_at: time,
  /** Of the next attempt, while it is pending. */
  next_at: time.nullable(),
  delivered_at: time.nullable(),
  /** HTTP status of the last answer, or the code of what went wrong before there was one. */
  last_status: z.number().int().nullable(),
  last_error: z.string().nullable(),
});
export type WebhookDeliveryView = z.infer<typeof WebhookDeliveryView>;

/** A webhook endpoint of a platform, for staff. `secret` only in the answers that create or rotate it. */
export const DeskWebhook = WebhookEndpoint.extend({
  tenant: DeskTenant.omit({ object: true }),
  /** unused: nothing was sent yet. working, failing: how the last attempt went. waiting: the first one is due. */
  state: z.enum(['unused', 'waiting', 'working', 'failing']),
  last: WebhookDeliveryView.nullable(),
});
export type DeskWebhook = z.infer<typeof DeskWebhook>;

/** Body of `POST /v1/desk/webhooks`. */
export const CreateDeskWebhook = CreateWebhookEndpoint.extend({ tenant: tenantId });
export type CreateDeskWebhook = z.infer<typeof CreateDeskWebhook>;
