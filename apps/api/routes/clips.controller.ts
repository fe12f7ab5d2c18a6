import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { ReviewDecision, StillView, WithdrawClip, type ClipView, type StatementOfReasons } from '#contracts';
import { openLabelTrack } from '#domain/gate';
import type { Caller } from '#platform/auth';
import type { Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';
import { z } from 'zod';

const StillQuery = z.object({ view: StillView.default('blurred') });

const mayReview = ({ scopes }: Caller) => scopes.includes('review') || scopes.includes('admin');

/** Our own view of clips: true states, decisions about held ones, statements of reasons. */
@Controller('v1')
export class ClipsController {
  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {}

  @Get('clips/held')
  @Needs('review')
  async held(@Calling() caller: Caller): Promise<{ object: 'list'; data: ClipView[] }> {
    const clips = await this.parts.heldClips.list(caller.tenantId);
    const data = await Promise.all(clips.map(({ id }) => this.parts.clips.inspect(caller.tenantId, id)));
    return { object: 'list', data };
  }

  @Get('clips/:id')
  @Needs('videos:read')
  async inspect(@Param('id') id: string, @Calling() caller: Caller): Promise<ClipView> {
    const clip = await this.parts.clips.inspect(caller.tenantId, id);
    // What was said, read and whose faces were seen is for the people who review.
    return mayReview(caller) ? clip : { ...clip, inspection: null };
  }

  /** A still for reviewers. `view=clear` is put on record. */
  @Get('clips/:id/stills/:still')
  @Needs('review')
  async still(
    @Param('id') id: string,
    @Param('still') still: string,
    @Query() query: Record<string, unknown>,
    @Calling() caller: Caller,
    @Res() response: Response,
  ): Promise<void> {
    const { view } = StillQuery.parse(query);
    const bytes = await this.parts.stills.open(caller.tenantId, id, still, view, `key:${caller.keyId}`);
    response.setHeader('content-type', 'image/webp');
    response.setHeader('cache-control', 'no-store');
    response.send(Buffer.from(bytes));
  }

  @Get('clips/:id/label.vtt')
  @Needs('videos:read')
  async labelTrack(@Param('id') id: string, @Calling() caller: Caller, @Res() response: Response): Promise<void> {
    response.setHeader('content-type', 'text/vtt; charset=utf-8');
    response.send(await openLabelTrack(this.core.database, caller.tenantId, id));
  }

  /** 200 with the clip as it went on or ended; 202 with the clip still held where another reader has to agree. */
  @Post('clips/:id/decision')
  @Needs('review')
  async decide(
    @Param('id') id: string,
    @Body() body: unknown,
    @Calling() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ClipView> {
    const review = ReviewDecision.parse(body ?? {});
    const moved = await this.parts.desk.keyReaders.decide(caller.tenantId, id, review, `key:${caller.keyId}`);
    response.status(moved ? 200 : 202);
    return this.parts.clips.inspect(caller.tenantId, id);
  }

  @Post('clips/:id/withdraw')
  @HttpCode(200)
  @Needs('videos:write')
  async withdraw(@Param('id') id: string, @Body() body: unknown, @Calling() caller: Caller): Promise<ClipView> {
    await this.parts.clips.withdraw(caller.tenantId, id, WithdrawClip.parse(body ?? {}), `key:${caller.keyId}`);
    return this.inspect(id, caller);
  }

  @Get('statements/:id')
  @Needs('videos:read')
  statement(@Param('id') id: string, @Calling() caller: Caller): Promise<StatementOfReasons> {
    return this.parts.clips.statement(caller.tenantId, id);
  }
}
