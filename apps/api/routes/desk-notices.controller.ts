import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import {
  ActOnAccount,
  ListAppeals,
  ListMakers,
  ListStatements,
  type AppealList,
  type MakerAccount,
  type MakerList,
  type StatementList,
} from '#contracts';
import type { Notices } from '#domain/notices';
import type { StaffCaller } from '#platform/auth';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { May, Staff } from '../wire/staff.guard.js';

type Query = Record<string, unknown>;

/** Statements of reasons, appeals and makers' accounts, for staff. Appeals are decided as cases are. */
@Controller('v1/desk')
export class DeskNoticesController {
  private readonly notices: Notices;

  constructor(@Inject(PARTS) parts: ApiParts) {
    this.notices = parts.notices;
  }

  @Get('statements')
  @May('statement.read')
  statements(@Query() query: Query, @Staff() staff: StaffCaller): Promise<StatementList> {
    return this.notices.statements.list(staff, ListStatements.parse(query));
  }

  /** In the form of the bulk files of the DSA Transparency Database. */
  @Get('statements.csv')
  @May('statement.read')
  async csv(@Query() query: Query, @Staff() staff: StaffCaller, @Res() response: Response): Promise<void> {
    const lines = await this.notices.statements.csv(staff, ListStatements.parse(query));
    response.setHeader('content-type', 'text/csv; charset=utf-8; header=present');
    response.setHeader('content-disposition', 'attachment; filename="statements.csv"');
    response.setHeader('cache-control', 'no-store');
    await pipeline(Readable.from(lines), response);
  }

  @Get('appeals')
  @May('appeal.read')
  appeals(@Query() query: Query, @Staff() staff: StaffCaller): Promise<AppealList> {
    return this.notices.appeals.list(staff, ListAppeals.parse(query));
  }

  @Get('makers')
  @May('account.read')
  makers(@Query() query: Query, @Staff() staff: StaffCaller): Promise<MakerList> {
    return this.notices.makers.list(staff, ListMakers.parse(query));
  }

  @Get('makers/:id')
  @May('account.read')
  maker(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<MakerAccount> {
    return this.notices.makers.of(staff, id);
  }

  @Post('makers/:id/actions')
  @HttpCode(200)
  @May('account.act')
  async act(@Param('id') id: string, @Body() body: unknown, @Staff() staff: StaffCaller): Promise<MakerAccount> {
    await this.notices.accounts.act(staff, id, ActOnAccount.parse(body ?? {}));
    return this.notices.makers.of(staff, id);
  }
}
