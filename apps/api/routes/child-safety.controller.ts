import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import {
  DecideSafetyCase,
  ListSafetyCases,
  MissingFile,
  PreserveCase,
  StillView,
  type Evidence,
  type SafetyCase,
  type SafetyCaseList,
} from '#contracts';
import type { Caller } from '#platform/auth';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';
import { sealedHeaders } from '../wire/sealed-headers.js';
import { z } from 'zod';

const FileName = z.object({ name: z.enum(['source', 'reference']) });
const StillQuery = z.object({ view: StillView.default('blurred') });
const DraftQuery = z.object({ file: z.enum(['source', 'reference']).optional() });

/** Child safety cases, for keys with the scope `child_safety` and no others. */
@Controller('v1/child-safety/cases')
@Needs('child_safety')
export class ChildSafetyController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Get()
  list(@Query() query: unknown, @Calling() caller: Caller): Promise<SafetyCaseList> {
    return this.parts.safetyCases.list(caller, ListSafetyCases.parse(query));
  }

  @Get(':id')
  get(@Param('id') id: string, @Calling() caller: Caller): Promise<SafetyCase> {
    return this.parts.safetyCases.get(caller, id);
  }

  @Get(':id/evidence')
  evidence(@Param('id') id: string, @Calling() caller: Caller): Promise<Evidence> {
    return this.parts.safetyCases.evidence(caller, id);
  }

  @Get(':id/evidence/files/:name')
  async file(
    @Param('id') id: string,
    @Param('name') name: string,
    @Calling() caller: Caller,
    @Res() response: Response,
  ): Promise<void> {
    const pieces = await this.parts.safetyCases.file(caller, id, FileName.parse({ name }).name);
    sealedHeaders(response, name === 'source' ? 'video/mp4' : 'application/octet-stream');
    try {
      await pipeline(Readable.from(pieces), response);
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw e;
    }
  }

  @Get(':id/evidence/stills/:still')
  async still(
    @Param('id') id: string,
    @Param('still') still: string,
    @Query() query: unknown,
    @Calling() caller: Caller,
    @Res() response: Response,
  ): Promise<void> {
    const bytes = await this.parts.safetyCases.still(caller, id, still, StillQuery.parse(query).view);
    sealedHeaders(response, 'image/webp');
    response.send(Buffer.from(bytes));
  }

  /** The report as it would be sent now; `file` asks for the details of one file. */
  @Get(':id/report')
  async report(
    @Param('id') id: string,
    @Query() query: unknown,
    @Calling() caller: Caller,
    @Res() response: Response,
  ): Promise<void> {
    const { file } = DraftQuery.parse(query);
    const { safetyReports } = this.parts;
    const xml = file ? await safetyReports.draftFile(caller, id, file) : await safetyReports.draft(caller, id);
    sealedHeaders(response, 'application/xml; charset=utf-8');
    response.send(xml);
  }

  @Post(':id/decision')
  @HttpCode(200)
  decide(@Param('id') id: string, @Body() body: unknown, @Calling() caller: Caller): Promise<SafetyCase> {
    return this.parts.safetyCases.decide(caller, id, DecideSafetyCase.parse(body ?? {}));
  }

  @Post(':id/preserve')
  @HttpCode(200)
  preserve(@Param('id') id: string, @Body() body: unknown, @Calling() caller: Caller): Promise<SafetyCase> {
    return this.parts.safetyCases.preserve(caller, id, PreserveCase.parse(body ?? {}));
  }

  @Post(':id/missing')
  @HttpCode(200)
  missing(@Param('id') id: string, @Body() body: unknown, @Calling() caller: Caller): Promise<SafetyCase> {
    return this.parts.safetyCases.missing(caller, id, MissingFile.parse(body ?? {}));
  }

  @Post(':id/send')
  @HttpCode(200)
  send(@Param('id') id: string, @Calling() caller: Caller): Promise<SafetyCase> {
    return this.parts.safetyReports.send(caller, id);
  }
}
