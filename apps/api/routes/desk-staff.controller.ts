import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { CreateStaff, PutStaff, type StaffInvitation, type StaffMember } from '#contracts';
import type { StaffMembers } from '#domain/staff';
import type { StaffCaller } from '#platform/auth';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { May, Staff } from '../wire/staff.guard.js';

/** People who work here, for those who manage them. */
@Controller('v1/desk/staff')
export class DeskStaffController {
  private readonly members: StaffMembers;

  constructor(@Inject(PARTS) parts: ApiParts) {
    this.members = parts.staff.members;
  }

  @Get()
  @May('staff.read')
  async list(@Staff() caller: StaffCaller): Promise<{ object: 'list'; data: StaffMember[] }> {
    return { object: 'list', data: await this.members.list(caller) };
  }

  @Get(':id')
  @May('staff.read')
  get(@Param('id') id: string, @Staff() caller: StaffCaller): Promise<StaffMember> {
    return this.members.get(caller, id);
  }

  @Post()
  @HttpCode(200)
  @May('staff.edit')
  create(@Body() body: unknown, @Staff() caller: StaffCaller): Promise<StaffInvitation> {
    return this.members.create(caller, CreateStaff.parse(body ?? {}));
  }

  @Put(':id')
  @May('staff.edit')
  put(@Param('id') id: string, @Body() body: unknown, @Staff() caller: StaffCaller): Promise<StaffMember> {
    return this.members.put(caller, id, PutStaff.parse(body ?? {}));
  }

  @Post(':id/disable')
  @HttpCode(200)
  @May('staff.edit')
  disable(@Param('id') id: string, @Staff() caller: StaffCaller): Promise<StaffMember> {
    return this.members.disable(caller, id);
  }

  @Post(':id/enable')
  @HttpCode(200)
  @May('staff.edit')
  enable(@Param('id') id: string, @Staff() caller: StaffCaller): Promise<StaffMember> {
    return this.members.enable(caller, id);
  }

  @Post(':id/invite')
  @HttpCode(200)
  @May('staff.edit')
  invite(@Param('id') id: string, @Staff() caller: StaffCaller): Promise<StaffInvitation> {
    return this.members.invite(caller, id);
  }
}
