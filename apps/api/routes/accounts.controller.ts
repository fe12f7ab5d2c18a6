import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { CreateKey, PutLabel, type ApiKey, type LabelView, type Scope } from '#contracts';
import { apiKeyView } from '#domain/platforms';
import { AppError } from '#kernel';
import { FEW_EYES, type Caller } from '#platform/auth';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';

/** A tenant's own API keys and label. */
@Controller('v1')
export class AccountsController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Get('keys')
  @Needs('admin')
  async keys(@Calling() caller: Caller): Promise<{ object: 'list'; data: ApiKey[] }> {
    return { object: 'list', data: (await this.parts.keys.list(caller.tenantId)).map((row) => apiKeyView(row)) };
  }

  @Post('keys')
  @HttpCode(200)
  @Needs('admin')
  async createKey(@Body() body: unknown, @Calling() caller: Caller): Promise<ApiKey> {
    const { name, scopes, trusted_flagger: trustedFlagger } = CreateKey.parse(body ?? {});
    const few = scopes.find((scope) => FEW_EYES.has(scope) && !caller.scopes.includes(scope));
    if (few) throw notYours(few);
    const more = { trustedFlagger };
    const { row, key } = await this.parts.keys.create(caller.tenantId, name, scopes, `key:${caller.keyId}`, more);
    return apiKeyView(row, key);
  }

  @Delete('keys/:id')
  @Needs('admin')
  async revokeKey(
    @Param('id') id: string,
    @Calling() caller: Caller,
  ): Promise<{ id: string; object: 'api_key.revoked'; revoked: true }> {
    if ((await this.parts.keys.revoke(caller.tenantId, id, `key:${caller.keyId}`)) === 'none')
      throw notFound('key', id);
    return { id, object: 'api_key.revoked', revoked: true };
  }

  @Get('label')
  @Needs('videos:read')
  label(@Calling() caller: Caller): Promise<LabelView> {
    return this.parts.labels.of(caller.tenantId);
  }

  @Put('label')
  @Needs('admin')
  async putLabel(@Body() body: unknown, @Calling() caller: Caller): Promise<LabelView> {
    return this.parts.labels.put(caller.tenantId, PutLabel.parse(body ?? {}), `key:${caller.keyId}`);
  }

  @Delete('label')
  @Needs('admin')
  usualLabel(@Calling() caller: Caller): Promise<LabelView> {
    return this.parts.labels.put(caller.tenantId, null, `key:${caller.keyId}`);
  }
}

function notYours(scope: Scope): AppError {
  const message = `Only a key that has the scope "${scope}" itself makes another one that does.`;
  return new AppError('forbidden', 'scope_not_yours', message, { param: 'scopes' });
}

function notFound(what: string, id: string): AppError {
  return new AppError('not_found', `${what}_not_found`, `There is no ${what} ${id.slice(0, 80)}.`);
}
