import { z } from 'zod';

/** Events that a tenant can subscribe to. */
export const WEBHOOK_EVENTS = [
  'video.completed',
  'video.failed',
  'clip.held',
  'clip.withdrawn',
  'consent.granted',
  'consent.revoked',
  'guardian.alert',
  'child_safety.case',
  'statement.created',
  'appeal.decided',
  'report.decided',
  'account.changed',
] as const;

/** One webhook event type. */
export const WebhookEventType = z.enum(WEBHOOK_EVENTS);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

/** Sent only when somebody asks for it, to every endpoint alike: it tells of nothing but the endpoint itself. */
export const WEBHOOK_TEST = 'webhook.test';

/** Body that is sent, in the shape of the OpenAI webhooks. */
export const WebhookEvent = z.object({
  id: z.string(),
  object: z.literal('event'),
  type: WebhookEventType.or(z.literal(WEBHOOK_TEST)),
  created_at: z.number().int(),
  data: z.object({ id: z.string() }),
});
export type WebhookEvent = z.infer<typeof WebhookEvent>;

/** Body of `POST /v1/webhook_endpoints`. */
export const CreateWebhookEndpoint = z.strictObject({
  name: z.string().min(1).max(100).optional(),
  url: z.url({ protocol: /^https?$/ }).max(2000),
  event_types: z.array(WebhookEventType).min(1),
});
export type CreateWebhookEndpoint = z.infer<typeof CreateWebhookEndpoint>;

/** A webhook endpoint as shown to its tenant; `secret` only in the answer that creates or rotates it. */
export const WebhookEndpoint = z.object({
  id: z.string(),
  object: z.literal('webhook_endpoint'),
  name: z.string().nullable(),
  url: z.string(),
  event_types: z.array(WebhookEventType),
  created_at: z.number().int(),
  secret: z.string().optional(),
});
export type WebhookEndpoint = z.infer<typeof WebhookEndpoint>;
