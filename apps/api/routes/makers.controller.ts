import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import {
  ConfirmGuardian,
  InviteGuardian,
  PutContacts,
  PutMaker,
  RedeemCode,
  type AccountStatus,
  type Contacts,
  type GuardianAlert,
  type GuardianInvitation,
  type GuardianLink,
  type Maker,
} from '#contracts';
import type { Caller } from '#platform/auth';
import { z } from 'zod';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';

const MakerName = z.string().max(256, 'A maker’s name may have at most 256 characters.');

const actorOf = (caller: Caller) => `key:${caller.keyId}`;

/** A tenant's end users: ages, countries, contacts, invitations and the teen's side of guardians. */
@Controller('v1')
export class MakersController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Get('makers/:id')
  @Needs('videos:read')
  maker(@Param('id') id: string, @Calling() caller: Caller): Promise<Maker> {
    return this.parts.guardianship.makers.view(caller.tenantId, id);
  }

  @Put('makers/:id')
  @Needs('videos:write')
  putMaker(@Param('id') id: string, @Body() body: unknown, @Calling() caller: Caller): Promise<Maker> {
    const change = PutMaker.parse(body ?? {});
    return this.parts.guardianship.makers.put(caller.tenantId, MakerName.parse(id), change, actorOf(caller));
  }

  @Get('makers/:id/standing')
  @Needs('videos:read')
  standing(@Param('id') id: string, @Calling() caller: Caller): Promise<AccountStatus> {
    return this.parts.notices.accounts.status(caller.tenantId, id);
  }

  @Get('makers/:id/contacts')
  @Needs('videos:read')
  contacts(@Param('id') id: string, @Calling() caller: Caller): Promise<Contacts> {
    return this.parts.guardianship.contacts.get(caller.tenantId, id);
  }

  @Put('makers/:id/contacts')
  @Needs('videos:write')
  putContacts(@Param('id') id: string, @Body() body: unknown, @Calling() caller: Caller): Promise<Contacts> {
    const { follows } = PutContacts.parse(body ?? {});
    return this.parts.guardianship.contacts.put(caller.tenantId, MakerName.parse(id), follows, actorOf(caller));
  }

  @Post('makers/:id/redeem')
  @HttpCode(200)
  @Needs('videos:write')
  async redeem(@Param('id') id: string, @Body() body: unknown, @Calling() caller: Caller): Promise<Maker> {
    const { access, makers } = this.parts.guardianship;
    const { code } = RedeemCode.parse(body ?? {});
    await access.redeem(caller.tenantId, MakerName.parse(id), code, actorOf(caller));
    return makers.view(caller.tenantId, id);
  }

  @Post('makers/:id/guardians')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Needs('videos:write')
  invite(@Param('id') id: string, @Body() body: unknown, @Calling() caller: Caller): Promise<GuardianInvitation> {
    const wanted = InviteGuardian.parse(body ?? {});
    return this.parts.guardianship.links.invite(caller.tenantId, MakerName.parse(id), wanted, actorOf(caller));
  }

  @Get('makers/:id/guardians')
  @Needs('videos:read')
  async guardians(
    @Param('id') id: string,
    @Calling() caller: Caller,
  ): Promise<{ object: 'list'; data: GuardianLink[] }> {
    return { object: 'list', data: await this.parts.guardianship.links.list(caller.tenantId, id) };
  }

  @Post('makers/:id/guardians/:link/confirm')
  @HttpCode(200)
  @Needs('videos:write')
  confirm(
    @Param('id') id: string,
    @Param('link') link: string,
    @Body() body: unknown,
    @Calling() caller: Caller,
  ): Promise<GuardianLink> {
    const { number } = ConfirmGuardian.parse(body ?? {});
    return this.parts.guardianship.links.confirm(caller.tenantId, id, link, number, actorOf(caller));
  }

  @Post('makers/:id/guardians/:link/address')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Needs('videos:write')
  reissue(
    @Param('id') id: string,
    @Param('link') link: string,
    @Calling() caller: Caller,
  ): Promise<GuardianInvitation> {
    return this.parts.guardianship.links.reissue(caller.tenantId, id, link, actorOf(caller));
  }

  @Delete('makers/:id/guardians/:link')
  @Needs('videos:write')
  endLink(@Param('id') id: string, @Param('link') link: string, @Calling() caller: Caller): Promise<GuardianLink> {
    return this.parts.guardianship.links.end(caller.tenantId, id, link, actorOf(caller));
  }

  @Get('guardian_alerts/:id')
  @Needs('videos:read')
  alert(@Param('id') id: string, @Calling() caller: Caller): Promise<GuardianAlert & { maker: string }> {
    return this.parts.guardianship.links.alert(caller.tenantId, id);
  }
}
