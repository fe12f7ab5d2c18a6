import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CreateWebhookEndpoint, type WebhookEndpoint } from '#contracts';
import type { Caller } from '#platform/auth';
import { z } from 'zod';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';

const Rotate = z.strictObject({ keep_old_secret_active_for_24_hours: z.boolean().default(false) });

/** Webhook endpoints, as the OpenAI API has them. */
@Controller('v1/webhook_endpoints')
@Needs('webhooks')
export class WebhooksController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Post()
  @HttpCode(200)
  create(@Body() body: unknown, @Calling() caller: Caller): Promise<WebhookEndpoint> {
    return this.parts.webhooks.create(caller.tenantId, CreateWebhookEndpoint.parse(body ?? {}), `key:${caller.keyId}`);
  }

  @Get()
  async list(@Calling() caller: Caller): Promise<{ object: 'list'; data: WebhookEndpoint[]; has_more: false }> {
    return { object: 'list', data: await this.parts.webhooks.list(caller.tenantId), has_more: false };
  }

  @Get(':id')
  get(@Param('id') id: string, @Calling() caller: Caller): Promise<WebhookEndpoint> {
    return this.parts.webhooks.get(caller.tenantId, id);
  }

  @Post(':id/rotate_secret')
  @HttpCode(200)
  rotate(@Param('id') id: string, @Body() body: unknown, @Calling() caller: Caller): Promise<WebhookEndpoint> {
    const { keep_old_secret_active_for_24_hours: keep } = Rotate.parse(body ?? {});
    return this.parts.webhooks.rotate(caller.tenantId, id, keep, `key:${caller.keyId}`);
  }

  @Delete(':id')
  async remove(
    @Param('id') id: string,
    @Calling() caller: Caller,
  ): Promise<{ id: string; object: 'webhook_endpoint.deleted'; deleted: true }> {
    await this.parts.webhooks.remove(caller.tenantId, id, `key:${caller.keyId}`);
    return { id, object: 'webhook_endpoint.deleted', deleted: true };
  }
}
