import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import {
  CreateDeskKey,
  CreateDeskWebhook,
  type DeskKey,
  type DeskTenant,
  type DeskWebhook,
  type WebhookDeliveryView,
} from '#contracts';
import type { StaffKeys, StaffWebhooks } from '#domain/platforms';
import type { StaffCaller } from '#platform/auth';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { May, Staff } from '../wire/staff.guard.js';

interface List<T> {
  object: 'list';
  data: T[];
}

/** API keys and webhook endpoints of platforms, for staff. */
@Controller('v1/desk')
export class DeskPlatformsController {
  private readonly keys: StaffKeys;
  private readonly webhooks: StaffWebhooks;

  constructor(@Inject(PARTS) { platforms }: ApiParts) {
    this.keys = platforms.keys;
    this.webhooks = platforms.webhooks;
  }

  @Get('tenants')
  @May('key.read')
  async tenants(@Staff() staff: StaffCaller): Promise<List<DeskTenant>> {
    return { object: 'list', data: await this.keys.tenants(staff) };
  }

  @Get('keys')
  @May('key.read')
  async listKeys(@Staff() staff: StaffCaller): Promise<List<DeskKey>> {
    return { object: 'list', data: await this.keys.list(staff) };
  }

  @Post('keys')
  @HttpCode(200)
  @May('key.edit')
  createKey(@Body() body: unknown, @Staff() staff: StaffCaller): Promise<DeskKey> {
    return this.keys.create(staff, CreateDeskKey.parse(body ?? {}));
  }

  @Post('keys/:id/revoke')
  @HttpCode(200)
  @May('key.edit')
  revokeKey(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<DeskKey> {
    return this.keys.revoke(staff, id);
  }

  @Get('webhooks')
  @May('webhook.read')
  async list(@Staff() staff: StaffCaller): Promise<List<DeskWebhook>> {
    return { object: 'list', data: await this.webhooks.list(staff) };
  }

  @Post('webhooks')
  @HttpCode(200)
  @May('webhook.edit')
  create(@Body() body: unknown, @Staff() staff: StaffCaller): Promise<DeskWebhook> {
    return this.webhooks.create(staff, CreateDeskWebhook.parse(body ?? {}));
  }

  @Post('webhooks/:id/rotate_secret')
  @HttpCode(200)
  @May('webhook.edit')
  rotate(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<DeskWebhook> {
    return this.webhooks.rotate(staff, id);
  }

  @Delete('webhooks/:id')
  @May('webhook.edit')
  async remove(
    @Param('id') id: string,
    @Staff() staff: StaffCaller,
  ): Promise<{ id: string; object: 'webhook_endpoint.deleted' }> {
    await this.webhooks.remove(staff, id);
    return { id, object: 'webhook_endpoint.deleted' };
  }

  @Get('webhooks/:id/deliveries')
  @May('webhook.read')
  async deliveries(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<List<WebhookDeliveryView>> {
    return { object: 'list', data: await this.webhooks.deliveries(staff, id) };
  }

  @Post('webhooks/:id/test')
  @HttpCode(200)
  @May('webhook.edit')
  test(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<WebhookDeliveryView> {
    return this.webhooks.test(staff, id);
  }

  @Post('webhooks/:id/deliveries/:delivery/again')
  @HttpCode(200)
  @May('webhook.edit')
  again(
    @Param('id') id: string,
    @Param('delivery') delivery: string,
    @Staff() staff: StaffCaller,
  ): Promise<WebhookDeliveryView> {
    return this.webhooks.again(staff, id, delivery);
  }
}
