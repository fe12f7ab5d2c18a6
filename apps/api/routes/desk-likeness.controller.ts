import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import {
  ListDeskPersons,
  ListDeskProtected,
  ListDeskUses,
  ReviewProtected,
  type DeskPerson,
  type DeskPersonList,
  type DeskProtectedDetail,
  type DeskProtectedEntry,
  type DeskProtectedList,
  type DeskUseList,
} from '#contracts';
import type { StaffCaller } from '#platform/auth';
import type { ApiParts, PeopleDesk } from '../parts.js';
import { PARTS } from '../tokens.js';
import { imageTypeOf } from '../wire/image-type.js';
import { May, Staff } from '../wire/staff.guard.js';

/** People who lent their likeness, for staff. */
@Controller('v1/desk/likeness')
@May('likeness.read')
export class DeskLikenessController {
  private readonly likeness: PeopleDesk['likeness'];

  constructor(@Inject(PARTS) parts: ApiParts) {
    this.likeness = parts.peopleDesk.likeness;
  }

  @Get()
  list(@Query() query: unknown, @Staff() staff: StaffCaller): Promise<DeskPersonList> {
    return this.likeness.list(staff, ListDeskPersons.parse(query));
  }

  @Get(':id')
  get(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<DeskPerson> {
    return this.likeness.get(staff, id);
  }

  @Get(':id/uses')
  uses(@Param('id') id: string, @Query() query: unknown, @Staff() staff: StaffCaller): Promise<DeskUseList> {
    return this.likeness.uses(staff, id, ListDeskUses.parse(query));
  }
}

/** The register of people who never enrolled, for staff who review it. */
@Controller('v1/desk/register')
export class DeskRegisterController {
  private readonly register: PeopleDesk['register'];

  constructor(@Inject(PARTS) parts: ApiParts) {
    this.register = parts.peopleDesk.register;
  }

  @Get()
  @May('register.read')
  list(@Query() query: unknown, @Staff() staff: StaffCaller): Promise<DeskProtectedList> {
    return this.register.list(staff, ListDeskProtected.parse(query));
  }

  @Get(':id')
  @May('register.read')
  get(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<DeskProtectedDetail> {
    return this.register.get(staff, id);
  }

  @Get(':id/image')
  @May('register.review')
  async picture(@Param('id') id: string, @Staff() staff: StaffCaller, @Res() response: Response): Promise<void> {
    const bytes = Buffer.from(await this.register.image(staff, id));
    response.setHeader('content-type', imageTypeOf(bytes));
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    response.send(bytes);
  }

  @Post(':id/review')
  @HttpCode(200)
  @May('register.review')
  review(@Param('id') id: string, @Body() body: unknown, @Staff() staff: StaffCaller): Promise<DeskProtectedEntry> {
    return this.register.review(staff, id, ReviewProtected.parse(body ?? {}));
  }

  @Delete(':id')
  @May('register.review')
  end(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<DeskProtectedEntry> {
    return this.register.end(staff, id);
  }
}
