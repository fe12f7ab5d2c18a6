import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApprovePolicy,
  DiffQuery,
  DraftPolicy,
  EditPolicy,
  ListPolicies,
  PublishPolicy,
  RollBackPolicy,
  SetShadow,
  StartBacktest,
  type Backtest,
  type PolicyDiff,
  type PolicyVersionList,
  type PolicyVersionView,
  type ShadowNumbers,
} from '#contracts';
import type { StaffCaller } from '#platform/auth';
import type { ApiParts, PolicyDesk } from '../parts.js';
import { PARTS } from '../tokens.js';
import { May, Staff } from '../wire/staff.guard.js';

/** Versions of the policy. */
@Controller('v1/desk/policies')
export class DeskPoliciesController {
  private readonly desk: PolicyDesk;

  constructor(@Inject(PARTS) parts: ApiParts) {
    this.desk = parts.policyDesk;
  }

  @Get()
  @May('policy.read')
  list(@Query() query: unknown, @Staff() caller: StaffCaller): Promise<PolicyVersionList> {
    return this.desk.versions.list(caller, ListPolicies.parse(query));
  }

  @Post()
  @HttpCode(200)
  @May('policy.draft')
  draft(@Body() body: unknown, @Staff() caller: StaffCaller): Promise<PolicyVersionView> {
    return this.desk.versions.draft(caller, DraftPolicy.parse(body ?? {}));
  }

  @Get(':id')
  @May('policy.read')
  get(@Param('id') id: string, @Staff() caller: StaffCaller): Promise<PolicyVersionView> {
    return this.desk.versions.get(caller, id);
  }

  @Put(':id')
  @May('policy.draft')
  edit(@Param('id') id: string, @Body() body: unknown, @Staff() caller: StaffCaller): Promise<PolicyVersionView> {
    return this.desk.versions.edit(caller, id, EditPolicy.parse(body ?? {}));
  }

  @Post(':id/discard')
  @HttpCode(200)
  @May('policy.draft')
  discard(@Param('id') id: string, @Staff() caller: StaffCaller): Promise<PolicyVersionView> {
    return this.desk.versions.discard(caller, id);
  }

  @Get(':id/diff')
  @May('policy.read')
  diff(@Param('id') id: string, @Query() query: unknown, @Staff() caller: StaffCaller): Promise<PolicyDiff> {
    return this.desk.versions.diff(caller, id, DiffQuery.parse(query).against);
  }

  @Post(':id/backtest')
  @HttpCode(200)
  @May('policy.test')
  startBacktest(@Param('id') id: string, @Body() body: unknown, @Staff() caller: StaffCaller): Promise<Backtest> {
    return this.desk.backtests.start(caller, id, StartBacktest.parse(body ?? {}));
  }

  @Get(':id/backtest')
  @May('policy.read')
  backtest(@Param('id') id: string, @Staff() caller: StaffCaller): Promise<Backtest> {
    return this.desk.backtests.get(caller, id);
  }

  @Post(':id/shadow')
  @HttpCode(200)
  @May('policy.test')
  setShadow(@Param('id') id: string, @Body() body: unknown, @Staff() caller: StaffCaller): Promise<ShadowNumbers> {
    return this.desk.shadows.set(caller, id, SetShadow.parse(body ?? {}).on);
  }

  @Get(':id/shadow')
  @May('policy.read')
  shadow(@Param('id') id: string, @Staff() caller: StaffCaller): Promise<ShadowNumbers> {
    return this.desk.shadows.numbers(caller, id);
  }

  @Post(':id/approve')
  @HttpCode(200)
  @May('policy.approve')
  approve(@Param('id') id: string, @Body() body: unknown, @Staff() caller: StaffCaller): Promise<PolicyVersionView> {
    return this.desk.versions.approve(caller, id, ApprovePolicy.parse(body ?? {}));
  }

  @Post(':id/publish')
  @HttpCode(200)
  @May('policy.publish')
  async publish(
    @Param('id') id: string,
    @Body() body: unknown,
    @Staff() caller: StaffCaller,
  ): Promise<PolicyVersionView> {
    await this.desk.publishing.publish(caller, id, PublishPolicy.parse(body ?? {}));
    return this.desk.versions.get(caller, id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @May('policy.publish')
  async cancel(@Param('id') id: string, @Staff() caller: StaffCaller): Promise<PolicyVersionView> {
    await this.desk.publishing.cancel(caller, id);
    return this.desk.versions.get(caller, id);
  }

  @Post(':id/rollback')
  @HttpCode(200)
  @May('policy.publish')
  async rollBack(
    @Param('id') id: string,
    @Body() body: unknown,
    @Staff() caller: StaffCaller,
  ): Promise<PolicyVersionView> {
    await this.desk.publishing.rollBack(caller, id, RollBackPolicy.parse(body ?? {}));
    return this.desk.versions.get(caller, id);
  }
}
