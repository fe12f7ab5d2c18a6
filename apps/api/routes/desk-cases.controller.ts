import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import {
  DecideCase,
  Heartbeat,
  ListCases,
  PeekNext,
  ReturnCase,
  TakeNext,
  WriteNote,
  type CaseAhead,
  type CaseList,
  type CaseView,
  type DecisionReceipt,
  type HeartbeatReceipt,
  type LeaseGrant,
  type TakenCase,
  type UndoReceipt,
} from '#contracts';
import type { Desk } from '#domain/review';
import type { StaffCaller } from '#platform/auth';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { May, Staff } from '../wire/staff.guard.js';

/** Cases and decisions. */
@Controller('v1/desk')
export class DeskCasesController {
  private readonly desk: Desk;

  constructor(@Inject(PARTS) parts: ApiParts) {
    this.desk = parts.desk;
  }

  @Get('cases')
  @May('case.list')
  list(@Query() query: Record<string, unknown>, @Staff() staff: StaffCaller): Promise<CaseList> {
    return this.desk.lists.list(staff, ListCases.parse(query));
  }

  /** The most pressing case, leased; 204 when there is none. */
  @Post('cases/next')
  @May('case.take')
  async next(
    @Body() body: unknown,
    @Staff() staff: StaffCaller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TakenCase | undefined> {
    const { queue, view } = TakeNext.parse(body ?? {});
    const grant = await this.desk.leases.next(staff, queue);
    response.status(grant ? 200 : 204);
    if (!grant || !view) return grant ?? undefined;
    return { ...grant, view: await this.desk.views.view(staff, grant.case_id) };
  }

  /** What would come next; nothing is taken. 204 when there is nothing. */
  @Get('cases/ahead')
  @May('case.take')
  async ahead(
    @Query() query: Record<string, unknown>,
    @Staff() staff: StaffCaller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CaseAhead | undefined> {
    const id = await this.desk.leases.ahead(staff, PeekNext.parse(query).queue);
    response.status(id ? 200 : 204);
    if (!id) return undefined;
    return { object: 'case.ahead', case_id: id, stills: await this.desk.views.stillsOf(staff, id) };
  }

  @Get('cases/:id')
  @May('case.read')
  view(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<CaseView> {
    return this.desk.views.view(staff, id);
  }

  @Post('cases/:id/take')
  @HttpCode(200)
  @May('case.take')
  take(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<LeaseGrant> {
    return this.desk.leases.take(staff, id);
  }

  @Post('cases/:id/heartbeat')
  @HttpCode(200)
  @May('case.take')
  heartbeat(@Param('id') id: string, @Body() body: unknown, @Staff() staff: StaffCaller): Promise<HeartbeatReceipt> {
    return this.desk.leases.heartbeat(staff, id, Heartbeat.parse(body ?? {}));
  }

  @Post('cases/:id/return')
  @HttpCode(200)
  @May('case.take')
  async giveBack(
    @Param('id') id: string,
    @Body() body: unknown,
    @Staff() staff: StaffCaller,
  ): Promise<{ object: 'case.returned'; id: string }> {
    await this.desk.leases.giveBack(staff, id, ReturnCase.parse(body ?? {}).token);
    return { object: 'case.returned', id };
  }

  @Post('cases/:id/decide')
  @HttpCode(200)
  @May('case.decide')
  decide(@Param('id') id: string, @Body() body: unknown, @Staff() staff: StaffCaller): Promise<DecisionReceipt> {
    return this.desk.decisions.decide(staff, id, DecideCase.parse(body ?? {}));
  }

  @Post('decisions/:id/undo')
  @HttpCode(200)
  @May('case.decide')
  undo(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<UndoReceipt> {
    return this.desk.decisions.undo(staff, id);
  }

  @Post('cases/:id/note')
  @HttpCode(200)
  @May('case.note')
  note(@Param('id') id: string, @Body() body: unknown, @Staff() staff: StaffCaller): Promise<CaseView> {
    return this.desk.views.note(staff, id, WriteNote.parse(body ?? {}).text);
  }
}
