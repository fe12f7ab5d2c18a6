import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ReviewDecision, type ClipView, type StatementOfReasons } from '#contracts';
import type { Caller } from '#platform/auth';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';

/** Our own view of clips: true states, decisions about held ones, statements of reasons. */
@Controller('v1')
export class ClipsController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Get('clips/held')
  @Needs('review')
  async held(@Calling() caller: Caller): Promise<{ object: 'list'; data: ClipView[] }> {
    const clips = await this.parts.heldClips.list(caller.tenantId);
    const data = await Promise.all(clips.map(({ id }) => this.parts.clips.inspect(caller.tenantId, id)));
    return { object: 'list', data };
  }

  @Get('clips/:id')
  @Needs('videos:read')
  inspect(@Param('id') id: string, @Calling() caller: Caller): Promise<ClipView> {
    return this.parts.clips.inspect(caller.tenantId, id);
  }

  @Post('clips/:id/decision')
  @HttpCode(200)
  @Needs('review')
  async decide(@Param('id') id: string, @Body() body: unknown, @Calling() caller: Caller): Promise<ClipView> {
    await this.parts.heldClips.decide(caller.tenantId, id, ReviewDecision.parse(body ?? {}), `key:${caller.keyId}`);
    return this.parts.clips.inspect(caller.tenantId, id);
  }

  @Get('statements/:id')
  @Needs('videos:read')
  statement(@Param('id') id: string, @Calling() caller: Caller): Promise<StatementOfReasons> {
    return this.parts.clips.statement(caller.tenantId, id);
  }
}
