import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import {
  CreateEnrolment,
  ListPersons,
  RevokeConsent,
  type Enrolment,
  type ErasureReceipt,
  type Person,
  type PersonLink,
  type PersonList,
  type Revocation,
} from '#contracts';
import { enrolmentView } from '#domain/consent';
import type { Caller } from '#platform/auth';
import type { Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';
import { ConsentRate } from './consent-guards.js';

/** What a platform does about the people who lend their likeness: begin, see, send a link, end. */
@Controller('v1/consent')
export class ConsentController {
  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {}

  @Post('enrolments')
  @HttpCode(200)
  @Needs('consent')
  async start(
    @Body() body: unknown,
    @Calling() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Enrolment> {
    const wanted = CreateEnrolment.parse(body ?? {});
    const actor = `key:${caller.keyId}`;
    const { row, secret, url } = await this.parts.consent.enrolments.start(caller.tenantId, wanted, actor);
    response.setHeader('cache-control', 'no-store');
    return { ...enrolmentView(row, wanted.user ?? null, this.core.clock.now()), url, secret };
  }

  @Get('enrolments/:id')
  @Needs('consent')
  async enrolment(@Param('id') id: string, @Calling() caller: Caller): Promise<Enrolment> {
    const { enrolments, persons } = this.parts.consent;
    const row = await enrolments.get(caller.tenantId, id);
    const users = await persons.usersOf(row.makerId === null ? [] : [row.makerId]);
    return enrolmentView(row, users.get(row.makerId ?? '') ?? null, this.core.clock.now());
  }

  @Get('persons')
  @Needs('consent')
  list(@Query() query: Record<string, unknown>, @Calling() caller: Caller): Promise<PersonList> {
    return this.parts.consent.persons.list(caller.tenantId, ListPersons.parse(query));
  }

  @Get('persons/:id')
  @Needs('consent')
  async person(@Param('id') id: string, @Calling() caller: Caller): Promise<Person> {
    const { persons } = this.parts.consent;
    return persons.view(await persons.get(caller.tenantId, id));
  }

  @Post('persons/:id/links')
  @HttpCode(200)
  @Needs('consent')
  async link(
    @Param('id') id: string,
    @Calling() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PersonLink> {
    const { persons } = this.parts.consent;
    response.setHeader('cache-control', 'no-store');
    return persons.link(await persons.get(caller.tenantId, id), `key:${caller.keyId}`);
  }

  @Post('persons/:id/revoke')
  @HttpCode(200)
  @Needs('consent')
  async revoke(@Param('id') id: string, @Body() body: unknown, @Calling() caller: Caller): Promise<Revocation> {
    const wanted = RevokeConsent.parse(body ?? {});
    const { persons, revocations } = this.parts.consent;
    const row = await persons.get(caller.tenantId, id);
    return revocations.revoke(row.id, wanted, `key:${caller.keyId}`);
  }

  /** Anybody who has the id may check that an erasure was done; nothing of the person is in it. */
  @Get('receipts/:id')
  @Needs('public')
  @UseGuards(ConsentRate)
  receipt(@Param('id') id: string): Promise<ErasureReceipt> {
    return this.parts.consent.records.receipt(id);
  }
}
