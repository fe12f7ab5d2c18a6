import { newId, type Clock } from '#kernel';
import type { WebhookEvent, WebhookEventType } from '#contracts';
import type { Database, Transaction } from '#platform/database';
import { deliverWebhook } from '#platform/http';
import type { Sealer } from '#platform/keys';
import { promiseJob, type QueueClient } from '#platform/queue';
import type { Metrics } from '#platform/telemetry';

/** Waits between attempts, in seconds, after the advice of Standard Webhooks: about three days in all. */
const RETRY_AFTER_S = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/**
 * Promises an event to every endpoint of the tenant that wants it, inside the transaction of the change it tells of.
 */
export async function promiseWebhooks(
  tx: Transaction,
  tenantId: string,
  type: WebhookEventType,
  subject: string,
  now: Date,
): Promise<void> {
  const endpoints = await tx.webhookEndpoint.findMany({
    where: { tenantId, deletedAt: null, eventTypes: { has: type } },
  });
  if (!endpoints.length) return;
  const created_at = Math.floor(now.getTime() / 1000);
  const event: WebhookEvent = { id: newId('evt'), object: 'event', type, created_at, data: { id: subject } };
  for (const endpoint of endpoints) {
    const id = newId('whd');
    await tx.webhookDelivery.create({
      data: { id, endpointId: endpoint.id, tenantId, eventId: event.id, type, body: JSON.stringify(event) },
    });
    await promiseJob(tx, { job: 'webhook.deliver', payload: { deliveryId: id }, dedupeKey: `${id}-0` });
  }
}

/** How late a delivery may be before its job counts as lost. */
const LOST_MS = 60_000;

/** Asks again for the job of every delivery that is overdue: the tables say what is to be done, not the queue. */
export async function reconcileWebhooks(database: Database, queue: QueueClient, clock: Clock): Promise<void> {
  const due = { status: 'pending', nextAt: { lt: new Date(clock.now().getTime() - LOST_MS) } };
  const rows = await database.webhookDelivery.findMany({ where: due, orderBy: { nextAt: 'asc' }, take: 200 });
  for (const { id, attempts } of rows) await queue.add('webhook.deliver', { deliveryId: id }, `${id}-${attempts}`);
}

/** Sends promised events, and promises them again when the receiver fails. */
export class WebhookDeliveries {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly allowPrivate: string[],
  ) {}

  /** Makes one attempt. Does nothing for a delivery that is done or whose endpoint is gone. */
  async attempt(deliveryId: string): Promise<void> {
    const delivery = await this.database.webhookDelivery.findUnique({ where: { id: deliveryId } });
    if (!delivery || delivery.status !== 'pending') return;
    const endpoint = await this.database.webhookEndpoint.findUnique({ where: { id: delivery.endpointId } });
    if (!endpoint || endpoint.deletedAt) {
      await this.database.webhookDelivery.update({ where: { id: deliveryId }, data: { status: 'cancelled' } });
      return;
    }
    const now = this.clock.now();
    const open = (sealed: string) => this.sealer.open(sealed, `webhook:${endpoint.id}`).toString('utf8');
    const secrets = [open(endpoint.secret)];
    if (endpoint.previousSecret && endpoint.previousUntil && endpoint.previousUntil > now)
      secrets.push(open(endpoint.previousSecret));
    const started = performance.now();
    const outcome = await deliverWebhook(
      { url: endpoint.url, secrets, id: delivery.eventId, timestamp: now, body: delivery.body },
      { allowPrivate: this.allowPrivate },
    );
    const seconds = (performance.now() - started) / 1000;
    const attempts = delivery.attempts + 1;
    const wait = RETRY_AFTER_S[attempts - 1];
    if (outcome.ok) {
      this.metrics.webhookDelivery('delivered', seconds);
      await this.database.webhookDelivery.update({
        where: { id: deliveryId },
        data: {
          status: 'delivered',
          attempts,
          deliveredAt: this.clock.now(),
          lastStatus: outcome.status,
          lastError: null,
        },
      });
      return;
    }
    this.metrics.webhookDelivery(wait === undefined ? 'given_up' : 'failed', seconds);
    const waitS = Math.max(wait ?? 0, Math.min(outcome.retryAfterS ?? 0, 86_400));
    const notBefore = new Date(now.getTime() + waitS * 1000);
    await this.database.$transaction(async (tx) => {
      await tx.webhookDelivery.update({
        where: { id: deliveryId },
        data: {
          attempts,
          nextAt: notBefore,
          lastStatus: outcome.status,
          lastError: outcome.error?.code ?? null,
          ...(wait === undefined && { status: 'given_up' }),
        },
      });
      if (wait === undefined) return;
      await promiseJob(tx, {
        job: 'webhook.deliver',
        payload: { deliveryId },
        dedupeKey: `${deliveryId}-${attempts}`,
        notBefore,
      });
    });
  }
}
