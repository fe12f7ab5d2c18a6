import { Readable } from 'node:stream';
import { Controller, Get, Header, Inject, Param, Query, StreamableFile } from '@nestjs/common';
import {
  AuditFilter,
  ListAuditDays,
  SearchAudit,
  type AuditDayCheck,
  type AuditDays,
  type AuditPage,
} from '#contracts';
import type { StaffCaller } from '#platform/auth';
import type { ApiParts, AuditParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { May, Staff } from '../wire/staff.guard.js';

/** The record of everything that was done. */
@Controller('v1/desk/audit')
export class DeskAuditController {
  private readonly audit: AuditParts;

  constructor(@Inject(PARTS) parts: ApiParts) {
    this.audit = parts.audit;
  }

  @Get()
  @May('audit.read')
  search(@Query() query: unknown, @Staff() caller: StaffCaller): Promise<AuditPage> {
    return this.audit.record.search(caller, SearchAudit.parse(query));
  }

  @Get('export')
  @Header('cache-control', 'no-store')
  @May('audit.export')
  async export(@Query() query: unknown, @Staff() caller: StaffCaller): Promise<StreamableFile> {
    const lines = await this.audit.record.export(caller, AuditFilter.parse(query));
    return new StreamableFile(Readable.from(lines, { objectMode: false }), {
      type: 'application/x-ndjson',
      disposition: 'attachment; filename="audit.ndjson"',
    });
  }

  @Get('days')
  @May('audit.read')
  days(@Query() query: unknown, @Staff() caller: StaffCaller): Promise<AuditDays> {
    return this.audit.days.list(caller, ListAuditDays.parse(query));
  }

  @Get('days/:day/check')
  @May('audit.read')
  check(@Param('day') day: string, @Staff() caller: StaffCaller): Promise<AuditDayCheck> {
    return this.audit.days.checkFor(caller, day);
  }
}
