import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import {
  DecideSafetyCase,
  ListDeskSafetyCases,
  MissingFile,
  OpenSeal,
  PreserveCase,
  StillView,
  type DeskSafetyCase,
  type DeskSafetyCaseList,
  type Evidence,
} from '#contracts';
import type { StaffCaller } from '#platform/auth';
import type { ApiParts, PeopleDesk } from '../parts.js';
import { PARTS } from '../tokens.js';
import { imageTypeOf } from '../wire/image-type.js';
import { sendBytes } from '../wire/ranges.js';
import { May, Staff } from '../wire/staff.guard.js';
import { sealedHeaders } from '../wire/sealed-headers.js';
import { z } from 'zod';

const FilePath = z.object({ name: z.enum(['source', 'reference']) });
const StillPath = z.object({ view: StillView });
const DraftQuery = z.object({ file: z.enum(['source', 'reference']).optional() });

/** Child safety cases for staff with that role, and no other. What is under seal is shown only after it was opened with a reason. */
@Controller('v1/desk/child-safety/cases')
export class DeskChildSafetyController {
  private readonly safety: PeopleDesk['safety'];

  constructor(@Inject(PARTS) parts: ApiParts) {
    this.safety = parts.peopleDesk.safety;
  }

  @Get()
  @May('child_safety.read')
  list(@Query() query: unknown, @Staff() staff: StaffCaller): Promise<DeskSafetyCaseList> {
    return this.safety.list(staff, ListDeskSafetyCases.parse(query));
  }

  @Get(':id')
  @May('child_safety.read')
  get(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<DeskSafetyCase> {
    return this.safety.get(staff, id);
  }

  @Post(':id/open')
  @HttpCode(200)
  @May('child_safety.view')
  open(@Param('id') id: string, @Body() body: unknown, @Staff() staff: StaffCaller): Promise<DeskSafetyCase> {
    return this.safety.open(staff, id, OpenSeal.parse(body ?? {}));
  }

  @Get(':id/evidence')
  @May('child_safety.view')
  evidence(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<Evidence> {
    return this.safety.evidence(staff, id);
  }

  /** The clip, also in ranges, or the picture that came with the request. */
  @Get(':id/evidence/files/:name')
  @May('child_safety.view')
  async file(
    @Param() params: Record<string, string>,
    @Staff() staff: StaffCaller,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { name } = FilePath.parse(params);
    const bytes = await this.safety.file(staff, params.id!, name);
    sealedHeaders(response, name === 'source' ? 'video/mp4' : imageTypeOf(bytes));
    sendBytes(request, response, bytes);
  }

  @Get(':id/evidence/stills/:still/:view')
  @May('child_safety.view')
  async still(
    @Param() params: Record<string, string>,
    @Staff() staff: StaffCaller,
    @Res() response: Response,
  ): Promise<void> {
    const { view } = StillPath.parse(params);
    const bytes = await this.safety.still(staff, params.id!, params.still!, view);
    sealedHeaders(response, 'image/webp');
    response.send(Buffer.from(bytes));
  }

  /** The report as it would be sent now; `file` asks for the details of one file. */
  @Get(':id/report')
  @May('child_safety.view')
  async report(
    @Param('id') id: string,
    @Query() query: unknown,
    @Staff() staff: StaffCaller,
    @Res() response: Response,
  ): Promise<void> {
    const xml = await this.safety.draft(staff, id, DraftQuery.parse(query).file);
    sealedHeaders(response, 'application/xml; charset=utf-8');
    response.send(xml);
  }

  @Post(':id/decision')
  @HttpCode(200)
  @May('child_safety.decide')
  decide(@Param('id') id: string, @Body() body: unknown, @Staff() staff: StaffCaller): Promise<DeskSafetyCase> {
    return this.safety.decide(staff, id, DecideSafetyCase.parse(body ?? {}));
  }

  @Post(':id/preserve')
  @HttpCode(200)
  @May('child_safety.decide')
  preserve(@Param('id') id: string, @Body() body: unknown, @Staff() staff: StaffCaller): Promise<DeskSafetyCase> {
    return this.safety.preserve(staff, id, PreserveCase.parse(body ?? {}));
  }

  @Post(':id/missing')
  @HttpCode(200)
  @May('child_safety.decide')
  missing(@Param('id') id: string, @Body() body: unknown, @Staff() staff: StaffCaller): Promise<DeskSafetyCase> {
    return this.safety.missing(staff, id, MissingFile.parse(body ?? {}));
  }

  @Post(':id/send')
  @HttpCode(200)
  @May('child_safety.send')
  send(@Param('id') id: string, @Staff() staff: StaffCaller): Promise<DeskSafetyCase> {
    return this.safety.send(staff, id);
  }
}
