import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { CreateKey, PutLabel, PutMaker, Scope, type AccountStatus, type ApiKey, type LabelView, type Maker } from '#contracts';
import { AppError } from '#kernel';
import type { Caller } from '#platform/auth';
import { z } from 'zod';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';

const MakerName = z.string().max(256, 'A maker’s name may have at most 256 characters.');

type KeyRow = Awaited<ReturnType<ApiParts['keys']['list']>>[number];
type MakerRow = NonNullable<Awaited<ReturnType<ApiParts['makers']['find']>>>;

function keyView(row: KeyRow, key?: string): ApiKey {
  return {
    id: row.id,
    object: 'api_key',
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes.map((scope) => Scope.parse(scope)),
    trusted_flagger: row.trustedFlagger,
    created_at: row.createdAt.toISOString(),
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
    revoked_at: row.revokedAt?.toISOString() ?? null,
    ...(key && { key }),
  };
}

/** A tenant's own API keys, makers and label. */
@Controller('v1')
export class AccountsController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Get('keys')
  @Needs('admin')
  async keys(@Calling() caller: Caller): Promise<{ object: 'list'; data: ApiKey[] }> {
    return { object: 'list', data: (await this.parts.keys.list(caller.tenantId)).map((row) => keyView(row)) };
  }

  @Post('keys')
  @HttpCode(200)
  @Needs('admin')
  async createKey(@Body() body: unknown, @Calling() caller: Caller): Promise<ApiKey> {
    const { name, scopes, trusted_flagger: trustedFlagger } = CreateKey.parse(body ?? {});
    const more = { trustedFlagger };
    const { row, key } = await this.parts.keys.create(caller.tenantId, name, scopes, `key:${caller.keyId}`, more);
    return keyView(row, key);
  }

  @Delete('keys/:id')
  @Needs('admin')
  async revokeKey(
    @Param('id') id: string,
    @Calling() caller: Caller,
  ): Promise<{ id: string; object: 'api_key.revoked'; revoked: true }> {
    if (!(await this.parts.keys.revoke(caller.tenantId, id, `key:${caller.keyId}`))) throw notFound('key', id);
    return { id, object: 'api_key.revoked', revoked: true };
  }

  @Get('makers/:id')
  @Needs('videos:read')
  async maker(@Param('id') id: string, @Calling() caller: Caller): Promise<Maker> {
    const row = await this.parts.makers.find(caller.tenantId, id);
    if (!row) throw notFound('maker', id);
    return this.makerView(row);
  }

  @Put('makers/:id')
  @Needs('videos:write')
  async putMaker(@Param('id') id: string, @Body() body: unknown, @Calling() caller: Caller): Promise<Maker> {
    const { birth_year: birthYear, credits } = PutMaker.parse(body ?? {});
    return this.makerView(await this.parts.makers.put(caller.tenantId, MakerName.parse(id), { birthYear, credits }));
  }

  @Get('makers/:id/standing')
  @Needs('videos:read')
  standing(@Param('id') id: string, @Calling() caller: Caller): Promise<AccountStatus> {
    return this.parts.notices.accounts.status(caller.tenantId, MakerName.parse(id));
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

  private makerView(row: MakerRow): Maker {
    const age_band = this.parts.makers.band(row.birthYear);
    return {
      id: row.externalId,
      object: 'maker',
      age_band,
      credits: row.credits,
      created_at: row.createdAt.toISOString(),
    };
  }
}

function notFound(what: string, id: string): AppError {
  return new AppError('not_found', `${what}_not_found`, `There is no ${what} ${id.slice(0, 80)}.`);
}
