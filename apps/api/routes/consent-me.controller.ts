import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import {
  ListUses,
  PutApproved,
  PutGrant,
  RevokeConsent,
  UseStill,
  type Approved,
  type ConsentExport,
  type Me,
  type Revocation,
  type Use,
  type UseList,
} from '#contracts';
import type { PersonRow } from '#domain/consent';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { Needs } from '../wire/auth.guard.js';
import { Myself, PersonGuard } from './consent-guards.js';

/** An enrolled person's own page, with the secret of their address: what they allow, what was made, how to end it. */
@Controller('v1/consent/me')
@Needs('public')
@UseGuards(PersonGuard)
export class ConsentMeController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Get()
  me(@Myself() person: PersonRow): Promise<Me> {
    return this.parts.consent.persons.me(person);
  }

  @Put('grant')
  async grant(@Body() body: unknown, @Myself() person: PersonRow): Promise<Me> {
    const { persons } = this.parts.consent;
    await persons.grant(person, PutGrant.parse(body ?? {}));
    return persons.me(await persons.get(person.tenantId, person.id));
  }

  @Put('approved')
  approved(@Body() body: unknown, @Myself() person: PersonRow): Promise<Approved> {
    return this.parts.consent.persons.approve(person, PutApproved.parse(body ?? {}));
  }

  @Get('uses')
  uses(@Query() query: Record<string, unknown>, @Myself() person: PersonRow): Promise<UseList> {
    return this.parts.consent.uses.list(person.id, ListUses.parse(query));
  }

  @Get('uses/:clipId/still')
  async still(
    @Param('clipId') clipId: string,
    @Query() query: Record<string, unknown>,
    @Myself() person: PersonRow,
    @Res() response: Response,
  ): Promise<void> {
    const { still } = UseStill.parse(query);
    const bytes = await this.parts.consent.uses.still(person.id, clipId, still);
    response.setHeader('content-type', 'image/webp');
    response.send(Buffer.from(bytes));
  }

  @Post('uses/:clipId/withdraw')
  @HttpCode(200)
  withdraw(@Param('clipId') clipId: string, @Myself() person: PersonRow): Promise<Use> {
    return this.parts.consent.uses.withdraw(person.id, clipId);
  }

  @Post('revoke')
  @HttpCode(200)
  revoke(@Body() body: unknown, @Myself() person: PersonRow): Promise<Revocation> {
    return this.parts.consent.revocations.revoke(person.id, RevokeConsent.parse(body ?? {}), `person:${person.id}`);
  }

  @Get('export')
  export(@Myself() person: PersonRow): Promise<ConsentExport> {
    return this.parts.consent.records.export(person);
  }
}
