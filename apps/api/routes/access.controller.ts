import { Body, Controller, Get, Header, HttpCode, Inject, Post, Put } from '@nestjs/common';
import { CreateInvite, PutAccess, type AccessView, type Invite } from '#contracts';
import type { Caller } from '#platform/auth';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';

/** Who may generate at a platform: invitation codes, countries, free allowance. */
@Controller('v1/access')
@Needs('admin')
export class AccessController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Get()
  rules(@Calling() caller: Caller): Promise<AccessView> {
    return this.parts.guardianship.access.get(caller.tenantId);
  }

  @Put()
  putRules(@Body() body: unknown, @Calling() caller: Caller): Promise<AccessView> {
    const { access } = this.parts.guardianship;
    return access.put(caller.tenantId, PutAccess.parse(body ?? {}), `key:${caller.keyId}`);
  }

  @Get('invites')
  async invites(@Calling() caller: Caller): Promise<{ object: 'list'; data: Invite[] }> {
    return { object: 'list', data: await this.parts.guardianship.access.invites(caller.tenantId) };
  }

  @Post('invites')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  createInvite(@Body() body: unknown, @Calling() caller: Caller): Promise<Invite> {
    const { access } = this.parts.guardianship;
    return access.createInvite(caller.tenantId, CreateInvite.parse(body ?? {}), `key:${caller.keyId}`);
  }
}
