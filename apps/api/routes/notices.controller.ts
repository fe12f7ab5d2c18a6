import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { CreateAppeal, CreateReport, ReportQuery, type AppealView, type ReportReceipt } from '#contracts';
import { requireScope, type Caller } from '#platform/auth';
import type { Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';

/** What people say about releases and decisions: reports by anybody, appeals by platforms for their makers. */
@Controller('v1')
export class NoticesController {
  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {}

  /** With an API key for a platform's user, or without one for anybody. */
  @Post('reports')
  @HttpCode(200)
  @Needs('public')
  async report(@Body() body: unknown, @Req() request: Request): Promise<ReportReceipt> {
    const caller = await this.caller(request, 'videos:write');
    const report = CreateReport.parse(body ?? {});
    if (caller && report.user) await this.parts.limits.take(`reporter:${caller.tenantId}:${report.user}`, 30);
    return this.parts.notices.reports.create(caller, report);
  }

  @Get('reports/:id')
  @Needs('public')
  async receipt(
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
  ): Promise<ReportReceipt> {
    const caller = await this.caller(request, 'videos:read');
    return this.parts.notices.reports.receipt(caller?.tenantId ?? null, id, ReportQuery.parse(query).token);
  }

  @Post('appeals')
  @HttpCode(200)
  @Needs('videos:write')
  appeal(@Body() body: unknown, @Calling() caller: Caller): Promise<AppealView> {
    return this.parts.notices.appeals.create(caller, CreateAppeal.parse(body ?? {}));
  }

  @Get('appeals/:id')
  @Needs('videos:read')
  outcome(@Param('id') id: string, @Calling() caller: Caller): Promise<AppealView> {
    return this.parts.notices.appeals.get(caller.tenantId, id);
  }

  /** Whoever sends a key is checked by it and by its tenant's rate; anybody else is counted by address. */
  private async caller(request: Request, scope: 'videos:read' | 'videos:write'): Promise<Caller | null> {
    const { limits, keys } = this.parts;
    if (request.headers.authorization === undefined) {
      await limits.take(`report:${request.ip}`, this.core.config.REPORTS_PER_MINUTE);
      return null;
    }
    const caller = await keys.authenticate(request.headers.authorization);
    requireScope(caller, scope);
    await limits.take(`tenant:${caller.tenantId}`, caller.ratePerMinute);
    return caller;
  }
}
