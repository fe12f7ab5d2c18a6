import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import {
  CloseQueue,
  CreateGolden,
  CreateQueue,
  EditQueue,
  PutBudget,
  PutRouting,
  PutSampling,
  QualityQuery,
  TestRouting,
  type BudgetView,
  type ChartsView,
  type GoldenList,
  type GoldenView,
  type QualityView,
  type QueueClosed,
  type QueueList,
  type QueueView,
  type Routing,
  type RoutingTest,
  type SamplingView,
  type ShiftView,
} from '#contracts';
import type { StaffCaller } from '#platform/auth';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { May, Staff } from '../wire/staff.guard.js';

/** How review is run: shift, queues, rules, golden items, numbers. */
@Controller('v1/desk')
export class DeskQueuesController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Get('shift')
  @May('shift.read')
  shift(@Staff() staff: StaffCaller): Promise<ShiftView> {
    return this.parts.desk.shifts.shift(staff);
  }

  @Get('queues')
  @May('queue.read')
  queues(@Staff() staff: StaffCaller): Promise<QueueList> {
    return this.parts.desk.queues.list(staff);
  }

  @Post('queues')
  @HttpCode(200)
  @May('queue.edit')
  createQueue(@Body() body: unknown, @Staff() staff: StaffCaller): Promise<QueueView> {
    return this.parts.desk.queues.create(staff, CreateQueue.parse(body ?? {}));
  }

  @Put('queues/:id')
  @May('queue.edit')
  editQueue(@Param('id') id: string, @Body() body: unknown, @Staff() staff: StaffCaller): Promise<QueueView> {
    return this.parts.desk.queues.edit(staff, id, EditQueue.parse(body ?? {}));
  }

  @Post('queues/:id/close')
  @HttpCode(200)
  @May('queue.edit')
  closeQueue(@Param('id') id: string, @Body() body: unknown, @Staff() staff: StaffCaller): Promise<QueueClosed> {
    return this.parts.desk.queues.close(staff, id, CloseQueue.parse(body ?? {}).move_to);
  }

  @Get('routing')
  @May('routing.read')
  routing(@Staff() staff: StaffCaller): Promise<Routing> {
    return this.parts.desk.queues.routing(staff);
  }

  @Put('routing')
  @May('routing.edit')
  putRouting(@Body() body: unknown, @Staff() staff: StaffCaller): Promise<Routing> {
    return this.parts.desk.queues.putRouting(staff, PutRouting.parse(body ?? {}));
  }

  @Post('routing/test')
  @HttpCode(200)
  @May('routing.read')
  testRouting(@Body() body: unknown, @Staff() staff: StaffCaller): Promise<RoutingTest> {
    return this.parts.desk.queues.test(staff, TestRouting.parse(body ?? {}));
  }

  @Get('golden')
  @May('golden.edit')
  golden(@Staff() staff: StaffCaller): Promise<GoldenList> {
    return this.parts.desk.golden.list(staff);
  }

  @Post('golden')
  @HttpCode(200)
  @May('golden.edit')
  createGolden(@Body() body: unknown, @Staff() staff: StaffCaller): Promise<GoldenView> {
    return this.parts.desk.golden.create(staff, CreateGolden.parse(body ?? {}));
  }

  @Delete('golden/:id')
  @May('golden.edit')
  retireGolden(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<GoldenView> {
    return this.parts.desk.golden.retire(staff, id);
  }

  @Put('sampling/:tenant')
  @May('queue.edit')
  putSampling(
    @Param('tenant') tenant: string,
    @Body() body: unknown,
    @Staff() staff: StaffCaller,
  ): Promise<SamplingView> {
    return this.parts.desk.settings.putSampling(staff, tenant, PutSampling.parse(body ?? {}).share);
  }

  @Put('exposure/:staff')
  @May('staff.edit')
  putBudget(@Param('staff') id: string, @Body() body: unknown, @Staff() staff: StaffCaller): Promise<BudgetView> {
    return this.parts.desk.settings.putBudget(staff, id, PutBudget.parse(body ?? {}).minutes);
  }

  @Get('quality')
  @May('quality.read')
  quality(@Query() query: Record<string, unknown>, @Staff() staff: StaffCaller): Promise<QualityView> {
    return this.parts.quality.quality(staff, QualityQuery.parse(query));
  }

  @Get('charts')
  @May('quality.read')
  charts(@Query() query: Record<string, unknown>, @Staff() staff: StaffCaller): Promise<ChartsView> {
    return this.parts.charts.charts(staff, QualityQuery.parse(query));
  }
}
