import { newId, type Clock } from '#kernel';
import { WEBHOOK_TEST, WebhookEvent, type WebhookDeliveryView } from '#contracts';
import { recordAudit } from '#platform/audit';
import type { Database, Transaction, WebhookDeliveryRow, WebhookEndpointRow } from '#platform/database';
import { promiseJob } from '#platform/queue';
import { WebhookError } from './endpoints.js';

/** Deliveries of an endpoint that people look through. */
const MOST_SHOWN = 50;
const MOST_ENDPOINTS = 500;

/** An endpoint with how its last delivery went. */
export interface EndpointRecord {
  row: WebhookEndpointRow;
  last: WebhookDeliveryView | null;
}

function deliveryView(row: WebhookDeliveryRow): WebhookDeliveryView {
  const { data } = WebhookEvent.pick({ data: true }).parse(JSON.parse(row.body));
  const state = row.status as WebhookDeliveryView['state'];
  return {
    id: row.id,
    object: 'webhook.delivery',
    event_id: row.eventId,
    type: row.type,
    subject: data.id,
    state,
    attempts: row.attempts,
    created_at: row.createdAt.toISOString(),
    next_at: state === 'pending' ? row.nextAt.toISOString() : null,
    delivered_at: row.deliveredAt?.toISOString() ?? null,
    last_status: row.lastStatus,
    last_error: row.lastError,
  };
}

/** What was sent to endpoints and how it went; sends again, and sends tests. Who may ask is decided above. */
export class WebhookRecord {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Living endpoints of some tenants, or of all (null), oldest first. */
  async endpoints(tenants: readonly string[] | null): Promise<EndpointRecord[]> {
    const rows = await this.database.webhookEndpoint.findMany({
      where: { deletedAt: null, ...(tenants && { tenantId: { in: [...tenants] } }) },
      orderBy: { id: 'asc' },
      take: MOST_ENDPOINTS,
    });
    // The last one of each by the index of endpoint and event: ids of events grow with time.
    const last = await Promise.all(
      rows.map(({ id }) =>
        this.database.webhookDelivery.findFirst({ where: { endpointId: id }, orderBy: { eventId: 'desc' } }),
      ),
    );
    return rows.map((row, i) => ({ row, last: last[i] ? deliveryView(last[i]) : null }));
  }

  /** A living endpoint, whoever it belongs to. @throws WebhookError `webhook_endpoint_not_found` */
  async endpoint(id: string): Promise<WebhookEndpointRow> {
    const row = await this.database.webhookEndpoint.findFirst({ where: { id, deletedAt: null } });
    if (!row) {
      const message = `There is no webhook endpoint ${id.slice(0, 80)}.`;
      throw new WebhookError('not_found', 'webhook_endpoint_not_found', message);
    }
    return row;
  }

  /** The latest deliveries, newest first. */
  async deliveries(endpointId: string): Promise<WebhookDeliveryView[]> {
    const where = { endpointId };
    const rows = await this.database.webhookDelivery.findMany({
      where,
      orderBy: { eventId: 'desc' },
      take: MOST_SHOWN,
    });
    return rows.map(deliveryView);
  }

  /** Promises an event that tells of nothing, whatever the endpoint subscribed to. */
  async test({ id: endpointId, tenantId }: WebhookEndpointRow, actor: string): Promise<WebhookDeliveryView> {
    return this.database.$transaction(async (tx) => {
      const created_at = Math.floor(this.clock.now().getTime() / 1000);
      const event: WebhookEvent = {
        ...{ id: newId('evt'), object: 'event', type: WEBHOOK_TEST, created_at },
        data: { id: endpointId },
      };
      const id = newId('whd');
      const row = await tx.webhookDelivery.create({
        data: { id, endpointId, tenantId, eventId: event.id, type: event.type, body: JSON.stringify(event) },
      });
      await promise(tx, row);
      await recordAudit(tx, { tenantId, actor, action: 'webhook_endpoint.tested', subject: endpointId });
      return deliveryView(row);
    });
  }

  /**
   * Sends a delivery again, as it was, also one that arrived: the receiver knows it by the id of its event.
   * @throws WebhookError `webhook_delivery_not_found`, `webhook_delivery_pending`
   */
  async again(
    { id: endpointId, tenantId }: WebhookEndpointRow,
    id: string,
    actor: string,
  ): Promise<WebhookDeliveryView> {
    return this.database.$transaction(async (tx) => {
      const { count } = await tx.webhookDelivery.updateMany({
        where: { id, endpointId, status: { not: 'pending' } },
        data: { status: 'pending', nextAt: this.clock.now() },
      });
      const row = await tx.webhookDelivery.findFirst({ where: { id, endpointId } });
      if (!row)
        throw new WebhookError('not_found', 'webhook_delivery_not_found', `There is no delivery ${id.slice(0, 80)}.`);
      if (!count)
        throw new WebhookError(
          'conflict',
          'webhook_delivery_pending',
          'This delivery is on its way already: wait for it.',
        );
      await promise(tx, row);
      const data = { delivery: id };
      await recordAudit(tx, { tenantId, actor, action: 'webhook_endpoint.resent', subject: endpointId, data });
      return deliveryView(row);
    });
  }
}

/** Each attempt has a job of its own name; attempts only grow. */
async function promise(tx: Transaction, { id, attempts }: WebhookDeliveryRow): Promise<void> {
  await promiseJob(tx, { job: 'webhook.deliver', payload: { deliveryId: id }, dedupeKey: `${id}-${attempts}` });
}
