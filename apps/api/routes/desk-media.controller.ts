import { Controller, Get, Inject, Param, Req, Res, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Request, Response } from 'express';
import { StillView } from '#contracts';
import type { StaffCaller } from '#platform/auth';
import type { Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { cookieNames, readCookie, type CookieNames } from '../wire/cookies.js';
import { sendPart } from '../wire/ranges.js';
import { May, Staff } from '../wire/staff.guard.js';
import { z } from 'zod';

const HEARTBEAT_MS = 15_000;
const StillPath = z.object({ view: StillView });

/** What is looked at and listened to: nothing of it is kept by a browser. */
@Controller('v1/desk')
export class DeskMediaController implements BeforeApplicationShutdown {
  private readonly open = new Set<Response>();
  private readonly cookies: CookieNames;

  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {
    this.cookies = cookieNames(core.config.publicUrl);
  }

  @Get('cases/:id/stills/:still/:view')
  @May('case.watch')
  async still(
    @Param() params: Record<string, string>,
    @Staff() staff: StaffCaller,
    @Res() response: Response,
  ): Promise<void> {
    const { view } = StillPath.parse(params);
    const bytes = await this.parts.desk.views.still(staff, params.id!, params.still!, view);
    response.setHeader('content-type', 'image/webp');
    response.setHeader('cache-control', 'no-store');
    response.send(Buffer.from(bytes));
  }

  /** The clip before it was marked; single ranges of bytes are served. */
  @Get('cases/:id/clip')
  @May('case.watch')
  async clip(
    @Param('id') id: string,
    @Staff() staff: StaffCaller,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const sha256 = await this.parts.desk.views.film(staff, id);
    response.setHeader('cache-control', 'no-store');
    await sendPart(request, response, this.core.blobs, sha256, 'video/mp4');
  }

  /** Events as they happen (server-sent events): ids and counts. A `resync` says that some may have been missed. */
  @Get('events')
  @May('shift.read')
  async events(@Staff() staff: StaffCaller, @Req() request: Request, @Res() response: Response): Promise<void> {
    response.setHeader('content-type', 'text/event-stream; charset=utf-8');
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-accel-buffering', 'no');
    response.flushHeaders();
    response.write('retry: 2000\n: hello\n\n');
    const beat = setInterval(() => void this.beat(request, response), HEARTBEAT_MS);
    this.open.add(response);
    const listening = this.parts.deskStream.listen(staff, (event) => {
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    });
    response.on('close', () => {
      clearInterval(beat);
      this.open.delete(response);
      void listening.then((stop) => stop());
    });
    await listening;
  }

  /** A session that was ended hears nothing more. */
  private async beat(request: Request, response: Response): Promise<void> {
    try {
      await this.parts.staff.sessions.authenticate(readCookie(request, this.cookies.session));
      response.write(': beat\n\n');
    } catch {
      response.end();
    }
  }

  /** Streams never end by themselves. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const response of this.open) response.end();
    await this.parts.deskStream.close();
  }
}
