import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  Query,
  Req,
  UseGuards,
} from '@nestjs/common';
import type { Request } from 'express';
import {
  AcceptGuardianship,
  GuardianLimits,
  GuardianSummaryQuery,
  type AcceptedInvitation,
  type GuardianAlert,
  type GuardianLimitsView,
  type GuardianSummary,
  type GuardianTeen,
} from '#contracts';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { Needs } from '../wire/auth.guard.js';
import { GuardianGuard, OpeningRate, Session } from './guardian-session.js';

const PRIVATE = ['cache-control', 'no-store'] as const;

/** What a guardian may do: open an address, and everything with the secret that it leads to. */
@Controller('v1/guardian')
@Needs('public') // an API key opens nothing here
export class GuardianController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Post('accept')
  @HttpCode(200)
  @Header(...PRIVATE)
  @UseGuards(OpeningRate)
  async accept(@Body() body: unknown, @Req() request: Request): Promise<AcceptedInvitation> {
    const { guardians, sessions } = this.parts.guardianship;
    const wanted = AcceptGuardianship.parse(body ?? {});
    return guardians.accept(wanted, await sessions.current(request.headers.authorization));
  }

  @Delete('session')
  @UseGuards(GuardianGuard)
  async signOut(@Session() session: string): Promise<{ object: 'guardian.session'; signed_out: true }> {
    await this.parts.guardianship.sessions.revoke(session);
    return { object: 'guardian.session', signed_out: true };
  }

  @Get('links')
  @Header(...PRIVATE)
  @UseGuards(GuardianGuard)
  async links(@Session() session: string): Promise<{ object: 'list'; data: GuardianTeen[] }> {
    return { object: 'list', data: await this.parts.guardianship.guardians.teens(session) };
  }

  @Get('links/:id/summary')
  @Header(...PRIVATE)
  @UseGuards(GuardianGuard)
  summary(
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
    @Session() session: string,
  ): Promise<GuardianSummary> {
    return this.parts.guardianship.guardians.summary(session, id, GuardianSummaryQuery.parse(query).days);
  }

  @Get('links/:id/limits')
  @Header(...PRIVATE)
  @UseGuards(GuardianGuard)
  limits(@Param('id') id: string, @Session() session: string): Promise<GuardianLimitsView> {
    return this.parts.guardianship.guardians.limits(session, id);
  }

  @Put('links/:id/limits')
  @Header(...PRIVATE)
  @UseGuards(GuardianGuard)
  putLimits(@Param('id') id: string, @Body() body: unknown, @Session() session: string): Promise<GuardianLimitsView> {
    return this.parts.guardianship.guardians.putLimits(session, id, GuardianLimits.parse(body ?? {}));
  }

  @Get('links/:id/alerts')
  @Header(...PRIVATE)
  @UseGuards(GuardianGuard)
  async alerts(
    @Param('id') id: string,
    @Session() session: string,
  ): Promise<{ object: 'list'; data: GuardianAlert[] }> {
    return { object: 'list', data: await this.parts.guardianship.guardians.alerts(session, id) };
  }

  @Post('alerts/:id/seen')
  @HttpCode(200)
  @Header(...PRIVATE)
  @UseGuards(GuardianGuard)
  seen(@Param('id') id: string, @Session() session: string): Promise<GuardianAlert> {
    return this.parts.guardianship.guardians.seen(session, id);
  }

  @Delete('links/:id')
  @UseGuards(GuardianGuard)
  end(@Param('id') id: string, @Session() session: string): Promise<GuardianTeen> {
    return this.parts.guardianship.guardians.end(session, id);
  }
}
