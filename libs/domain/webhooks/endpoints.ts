import { AppError, newId, type Clock } from '#kernel';
import { WebhookEventType, type CreateWebhookEndpoint, type WebhookEndpoint } from '#contracts';
import { recordAudit } from '#platform/audit';
import type { Database } from '#platform/database';
import { assertPublicUrl, newWebhookSecret } from '#platform/http';
import type { Sealer } from '#platform/keys';

/** Endpoints that one tenant may have. */
const MOST_ENDPOINTS = 20;
const ROTATION_OVERLAP_MS = 24 * 3600 * 1000;

/** A webhook endpoint does not exist or cannot be made. */
export class WebhookError extends AppError {}

/** Row of an endpoint, as far as people see it. */
export type EndpointRow = { id: string; name: string | null; url: string; eventTypes: string[]; createdAt: Date };

/** An endpoint as people see it. */
export function endpointView(row: EndpointRow, secret?: string): WebhookEndpoint {
  return {
    id: row.id,
    object: 'webhook_endpoint',
    name: row.name,
    url: row.url,
    event_types: row.eventTypes.map((type) => WebhookEventType.parse(type)),
    created_at: Math.floor(row.createdAt.getTime() / 1000),
    ...(secret && { secret }),
  };
}

/** Where tenants want to hear of events. Private addresses are refused when registered and again when sent to. */
export class WebhookEndpoints {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
    private readonly allowPrivate: string[],
  ) {}

  /** Registers an endpoint; the answer is the only one that shows the signing secret. */
  async create(tenantId: string, request: CreateWebhookEndpoint, actor: string): Promise<WebhookEndpoint> {
    await assertPublicUrl(request.url, { allowPrivate: this.allowPrivate });
    const id = newId('we');
    const secret = newWebhookSecret();
    const row = await this.database.$transaction(async (tx) => {
      if ((await tx.webhookEndpoint.count({ where: { tenantId, deletedAt: null } })) >= MOST_ENDPOINTS) {
        throw new WebhookError(
          'invalid',
          'too_many_webhook_endpoints',
          `At most ${MOST_ENDPOINTS} endpoints: delete one first.`,
        );
      }
      await recordAudit(tx, { tenantId, actor, action: 'webhook_endpoint.created', subject: id });
      return tx.webhookEndpoint.create({
        data: {
          id,
          tenantId,
          name: request.name,
          url: request.url,
          eventTypes: request.event_types,
          secret: this.sealer.seal(secret, `webhook:${id}`),
        },
      });
    });
    return endpointView(row, secret);
  }

  /** The tenant's endpoints, oldest first. */
  async list(tenantId: string): Promise<WebhookEndpoint[]> {
    const rows = await this.database.webhookEndpoint.findMany({
      where: { tenantId, deletedAt: null },
      orderBy: { id: 'asc' },
    });
    return rows.map((row) => endpointView(row));
  }

  /** @throws WebhookError `webhook_endpoint_not_found` */
  async get(tenantId: string, id: string): Promise<WebhookEndpoint> {
    return endpointView(await this.row(tenantId, id));
  }

  /** Makes a new secret; for 24 hours the old one signs as well. */
  async rotate(tenantId: string, id: string, keepOld: boolean, actor: string): Promise<WebhookEndpoint> {
    const row = await this.row(tenantId, id);
    const secret = newWebhookSecret();
    const changed = await this.database.$transaction(async (tx) => {
      await recordAudit(tx, { tenantId, actor, action: 'webhook_endpoint.rotated', subject: id });
      return tx.webhookEndpoint.update({
        where: { id },
        data: {
          secret: this.sealer.seal(secret, `webhook:${id}`),
          previousSecret: keepOld ? row.secret : null,
          previousUntil: keepOld ? new Date(this.clock.now().getTime() + ROTATION_OVERLAP_MS) : null,
        },
      });
    });
    return endpointView(changed, secret);
  }

  /** Removes an endpoint; what was promised to it is no longer sent. */
  async remove(tenantId: string, id: string, actor: string): Promise<void> {
    await this.row(tenantId, id);
    await this.database.$transaction(async (tx) => {
      await tx.webhookEndpoint.update({ where: { id }, data: { deletedAt: this.clock.now() } });
      await recordAudit(tx, { tenantId, actor, action: 'webhook_endpoint.deleted', subject: id });
    });
  }

  private async row(tenantId: string, id: string) {
    const row = await this.database.webhookEndpoint.findFirst({ where: { id, tenantId, deletedAt: null } });
    if (!row) throw new WebhookError('not_found', 'webhook_endpoint_not_found', `There is no webhook endpoint ${id}.`);
    return row;
  }
}
