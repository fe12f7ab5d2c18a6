import type { CreateDeskWebhook, DeskWebhook, StaffAction, WebhookDeliveryView } from '#contracts';
import { endpointView, WebhookError, type WebhookEndpoints, type WebhookRecord } from '#domain/webhooks';
import { assertMay, mayDo, type StaffCaller } from '#platform/auth';
import type { Database, WebhookEndpointRow } from '#platform/database';
import { namesOf, tenantFor, tenantsFor } from './reach.js';

const RIGHTS = { read: 'webhook.read', edit: 'webhook.edit' } as const;

/** How an endpoint does, by its last delivery. */
function stateOf(last: WebhookDeliveryView | null): DeskWebhook['state'] {
  if (!last) return 'unused';
  if (last.state === 'delivered') return 'working';
  return last.state === 'pending' && last.attempts === 0 ? 'waiting' : 'failing';
}

/** Webhook endpoints of platforms, for staff. */
export class StaffWebhooks {
  constructor(
    private readonly database: Database,
    private readonly endpoints: WebhookEndpoints,
    private readonly record: WebhookRecord,
  ) {}

  /** Endpoints that a person may see, and how each does. @throws AuthError */
  async list(staff: StaffCaller): Promise<DeskWebhook[]> {
    const all = await this.record.endpoints(tenantsFor(staff, 'webhook.read'));
    const name = await namesOf(
      this.database,
      all.map(({ row }) => row.tenantId),
    );
    return all.map(({ row, last }) => ({
      ...endpointView(row),
      tenant: name(row.tenantId),
      state: stateOf(last),
      last,
    }));
  }

  /**
   * Registers an endpoint; the answer is the only one that shows its secret.
   * @throws PlatformError `tenant_not_found`; WebhookError, HttpError as the platform's own way
   */
  async create(staff: StaffCaller, { tenant: id, ...request }: CreateDeskWebhook): Promise<DeskWebhook> {
    const tenant = await tenantFor(this.database, staff, id, RIGHTS);
    const made = await this.endpoints.create(tenant.id, request, `staff:${staff.id}`);
    return { ...made, tenant, state: 'unused', last: null };
  }

  /** A new secret, shown once; for 24 hours the old one signs as well. @throws WebhookError, AuthError */
  async rotate(staff: StaffCaller, id: string): Promise<DeskWebhook> {
    const { tenantId } = await this.find(staff, id, 'webhook.edit');
    const { secret } = await this.endpoints.rotate(tenantId, id, true, `staff:${staff.id}`);
    const [now] = (await this.list(staff)).filter((one) => one.id === id);
    return { ...now!, ...(secret && { secret }) };
  }

  /** Removes an endpoint; what was promised to it is no longer sent. @throws WebhookError, AuthError */
  async remove(staff: StaffCaller, id: string): Promise<void> {
    const { tenantId } = await this.find(staff, id, 'webhook.edit');
    await this.endpoints.remove(tenantId, id, `staff:${staff.id}`);
  }

  /** The latest deliveries, newest first. @throws WebhookError, AuthError */
  async deliveries(staff: StaffCaller, id: string): Promise<WebhookDeliveryView[]> {
    await this.find(staff, id, 'webhook.read');
    return this.record.deliveries(id);
  }

  /** Sends an event that tells of nothing. @throws WebhookError, AuthError */
  async test(staff: StaffCaller, id: string): Promise<WebhookDeliveryView> {
    return this.record.test(await this.find(staff, id, 'webhook.edit'), `staff:${staff.id}`);
  }

  /** Sends a delivery once more. @throws WebhookError `webhook_delivery_not_found`, `webhook_delivery_pending`; AuthError */
  async again(staff: StaffCaller, id: string, delivery: string): Promise<WebhookDeliveryView> {
    return this.record.again(await this.find(staff, id, 'webhook.edit'), delivery, `staff:${staff.id}`);
  }

  /** What a person may not see is not there. */
  private async find(staff: StaffCaller, id: string, action: StaffAction): Promise<WebhookEndpointRow> {
    const row = await this.record.endpoint(id);
    const at = { tenantId: row.tenantId };
    if (!mayDo(staff, 'webhook.read', at)) {
      const message = `There is no webhook endpoint ${id.slice(0, 80)}.`;
      throw new WebhookError('not_found', 'webhook_endpoint_not_found', message);
    }
    assertMay(staff, action, at);
    return row;
  }
}
