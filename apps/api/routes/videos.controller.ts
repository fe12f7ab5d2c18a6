import { rm } from 'node:fs/promises';
import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import {
  ContentVariant,
  CreateVideo,
  ListVideos,
  RemixVideo,
  Signal,
  type Video,
  type VideoDeleted,
  type VideoList,
} from '#contracts';
import { PromptRefusedError, releasedParent, videoView, type AdmitContext } from '#domain/gate';
import { AppError, sha256Hex } from '#kernel';
import type { Caller } from '#platform/auth';
import type { Core } from '#platform/core';
import { correlationId } from '#platform/telemetry';
import { z } from 'zod';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';
import { plainBody } from '../wire/body.js';
import { shapeError } from '../wire/errors.filter.js';
import { sendContent } from '../wire/send.js';
import { AcceptsUploads, type Upload, type UploadRequest } from '../wire/uploads.js';
import { screenReference } from './reference.js';

const SyntheticSignals = z.array(Signal.pick({ category: true, score: true, reason: true })).max(10);

function notYet(what: string): never {
  throw new AppError('not_implemented', 'not_implemented', `${what} is not offered by this version.`);
}

/** The OpenAI Videos API, as the official SDK speaks it. */
@Controller('v1/videos')
export class VideosController {
  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('videos:write')
  @AcceptsUploads()
  async create(
    @Req() request: UploadRequest,
    @Calling() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    const body = plainBody(request.body);
    const upload = request.uploads?.find(({ field }) => field === 'input_reference');
    if (upload) delete body.input_reference;
    this.assertFields(request.uploads);
    const wanted = CreateVideo.parse(body);
    if (wanted.characters?.length) notYet('Cameos (characters)');
    return this.once(
      request,
      response,
      caller,
      { ...wanted, upload: upload && (await this.fingerprint(upload)) },
      async () => {
        const context = this.context(request, caller);
        const source = upload ? { path: upload.path } : wanted.input_reference;
        if (source) context.reference = await this.reference(source);
        return this.parts.admission.admit(wanted, context);
      },
    );
  }

  @Post('edits')
  @Needs('videos:write')
  @AcceptsUploads()
  edits(): never {
    return notYet('Editing a video');
  }

  @Post('extensions')
  @Needs('videos:write')
  @AcceptsUploads()
  extensions(): never {
    return notYet('Extending a video');
  }

  @Post('characters')
  @Needs('videos:write')
  @AcceptsUploads()
  createCharacter(): never {
    return notYet('Cameo enrolment');
  }

  @Get('characters/:id')
  @Needs('videos:read')
  character(): never {
    return notYet('Cameo enrolment');
  }

  @Get()
  @Needs('videos:read')
  list(@Query() query: Record<string, unknown>, @Calling() caller: Caller): Promise<VideoList> {
    return this.parts.clips.list(caller.tenantId, ListVideos.parse(query));
  }

  @Get(':id')
  @Needs('videos:read')
  async retrieve(@Param('id') id: string, @Calling() caller: Caller): Promise<Video> {
    return videoView(await this.parts.clips.get(caller.tenantId, id));
  }

  @Get(':id/content')
  @Needs('videos:read')
  async content(
    @Param('id') id: string,
    @Query('variant') variant: unknown,
    @Calling() caller: Caller,
    @Res() response: Response,
  ): Promise<void> {
    const wanted = ContentVariant.parse(variant === '' ? undefined : variant);
    await sendContent(response, await this.parts.content.open(caller.tenantId, id, wanted));
  }

  @Delete(':id')
  @Needs('videos:write')
  async remove(@Param('id') id: string, @Calling() caller: Caller): Promise<VideoDeleted> {
    await this.parts.clips.remove(caller.tenantId, id, `key:${caller.keyId}`);
    return { id, deleted: true, object: 'video.deleted' };
  }

  @Post(':id/remix')
  @HttpCode(200)
  @Needs('videos:write')
  @AcceptsUploads()
  async remix(
    @Param('id') id: string,
    @Req() request: UploadRequest,
    @Calling() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    const wanted = RemixVideo.parse(plainBody(request.body));
    return this.once(request, response, caller, { ...wanted, remix: id }, async () => {
      const parent = await releasedParent(this.core.database, caller.tenantId, id);
      return this.parts.admission.admit(wanted, { ...this.context(request, caller), parent });
    });
  }

  /** Answers a request once. A refusal is an answer like any other: the same key is refused again, not judged again. */
  private async once(
    request: Request,
    response: Response,
    caller: Caller,
    body: object,
    admit: () => ReturnType<ApiParts['admission']['admit']>,
  ) {
    const key = request.header('idempotency-key');
    const retry = Number(request.header('x-stainless-retry-count') ?? 0) > 0;
    const answer = await this.parts.idempotency.once(caller.tenantId, { key, retry, body }, async () => {
      try {
        return { status: 200, body: videoView(await admit()) };
      } catch (e) {
        if (e instanceof PromptRefusedError) return shapeError(e);
        throw e;
      }
    });
    response.status(answer.status);
    return answer.body;
  }

  private context(request: Request, caller: Caller): AdmitContext {
    const maker = request.header('x-imprimatur-maker');
    return { caller, maker, correlationId: correlationId(), injected: this.injected(request) };
  }

  /** Signals that a rehearsal adds to its own clip. They are labelled, and the policy only grows stricter with them. */
  private injected(request: Request): Signal[] {
    const header = request.header('x-imprimatur-synthetic-signals');
    if (!header) return [];
    if (!this.core.config.SYNTHETIC_SIGNALS)
      throw new AppError('forbidden', 'synthetic_signals_off', 'Synthetic signals are switched off here.');
    let parsed: unknown;
    try {
      parsed = JSON.parse(header);
    } catch {
      throw new AppError(
        'invalid',
        'invalid_synthetic_signals',
        'x-imprimatur-synthetic-signals must be a JSON array.',
      );
    }
    return SyntheticSignals.parse(parsed).map((signal) => ({
      ...signal,
      detector: 'synthetic',
      source: 'frames',
      state: 'measured',
      coverage: 'none',
      synthetic: true,
      model: { name: 'synthetic', version: '1' },
    }));
  }

  private async reference(source: Parameters<typeof screenReference>[1]) {
    const { path, signals } = await screenReference(this.core, source);
    try {
      const { sha256 } = await this.core.blobs.put(path);
      return { sha256, signals };
    } finally {
      await rm(path, { force: true });
    }
  }

  private async fingerprint(upload: Upload): Promise<string> {
    const { createReadStream } = await import('node:fs');
    const parts: string[] = [];
    for await (const chunk of createReadStream(upload.path)) parts.push(sha256Hex(chunk as Buffer));
    return sha256Hex(parts.join());
  }

  private assertFields(uploads: Upload[] = []): void {
    const other = uploads.find(({ field }) => field !== 'input_reference');
    if (other)
      throw new AppError('invalid', 'unknown_parameter', `Unknown file field: ${other.field.slice(0, 80)}.`, {
        param: other.field.slice(0, 80),
      });
  }
}
