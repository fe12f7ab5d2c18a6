import { rm } from 'node:fs/promises';
import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import {
  ContentVariant,
  CreateVideo,
  EditVideo,
  ExtendVideo,
  ListVideos,
  RemixVideo,
  Signal,
  type Video,
  type VideoDeleted,
  type VideoList,
} from '#contracts';
import { discardFiles, releasedParent, videoView, type AdmitContext, type ClipRequest } from '#domain/gate';
import { AppError, sha256Hex } from '#kernel';
import type { Caller } from '#platform/auth';
import type { Core } from '#platform/core';
import { correlationId } from '#platform/telemetry';
import { z } from 'zod';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';
import { plainBody } from '../wire/body.js';
import { sendContent } from '../wire/send.js';
import { AcceptsUploads, type Upload, type UploadRequest } from '../wire/uploads.js';
import { screenReference } from './reference.js';

const SyntheticSignals = z.array(Signal.pick({ category: true, score: true, reason: true })).max(10);

const MakerName = z.string().min(1).max(256).optional();
const Variant = z.object({ variant: ContentVariant });

/** Nothing is known of a foreign clip: whose pictures it holds, and whether they agreed to be in a new one (ADR 15). */
function assertNoFile(uploads: Upload[] = []): void {
  if (!uploads.length) return;
  const message = 'Uploaded videos are not accepted: name a completed video of yours by its id.';
  throw new AppError('invalid', 'video_upload_not_supported', message, { param: 'video' });
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
  async create(@Req() request: UploadRequest, @Calling() caller: Caller): Promise<Video> {
    const body = plainBody(request.body);
    const upload = request.uploads?.find(({ field }) => field === 'input_reference');
    if (upload) delete body.input_reference;
    this.assertFields(request.uploads);
    const wanted = CreateVideo.parse(body);
    const context = await this.context(request, caller, {
      ...wanted,
      upload: upload && (await this.fingerprint(upload)),
    });
    const source = upload ? { path: upload.path } : wanted.input_reference;
    if (source) context.reference = await this.reference(source, caller.tenantId);
    return this.admitted(wanted, context);
  }

  @Post('edits')
  @HttpCode(200)
  @Needs('videos:write')
  @AcceptsUploads()
  edits(@Req() request: UploadRequest, @Calling() caller: Caller): Promise<Video> {
    assertNoFile(request.uploads);
    return this.derived('edit', EditVideo.parse(plainBody(request.body)), request, caller);
  }

  @Post('extensions')
  @HttpCode(200)
  @Needs('videos:write')
  @AcceptsUploads()
  extensions(@Req() request: UploadRequest, @Calling() caller: Caller): Promise<Video> {
    assertNoFile(request.uploads);
    return this.derived('extension', ExtendVideo.parse(plainBody(request.body)), request, caller);
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
    const { variant: wanted } = Variant.parse({ variant: variant === '' ? undefined : variant });
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
  async remix(@Param('id') id: string, @Req() request: UploadRequest, @Calling() caller: Caller): Promise<Video> {
    const wanted = RemixVideo.parse(plainBody(request.body));
    const context = await this.context(request, caller, { ...wanted, remix: id });
    context.parent = await releasedParent(this.core.database, caller.tenantId, id);
    return this.admitted(wanted, context);
  }

  /** A clip that is made from the pictures of a released one. */
  private async derived(
    derivation: 'edit' | 'extension',
    { video, ...wanted }: EditVideo | ExtendVideo,
    request: Request,
    caller: Caller,
  ): Promise<Video> {
    const context = await this.context(request, caller, { ...wanted, [derivation]: video.id });
    context.parent = await releasedParent(this.core.database, caller.tenantId, video.id);
    context.derivation = derivation;
    return this.admitted(wanted, context);
  }

  /** Files a request. A reference image that no clip came to name is not kept. */
  private async admitted(wanted: ClipRequest, context: AdmitContext): Promise<Video> {
    try {
      return videoView(await this.parts.admission.admit(wanted, context));
    } catch (e) {
      const { database, blobs } = this.core;
      if (context.reference) await discardFiles(database, blobs, [context.reference.sha256]);
      throw e;
    }
  }

  /** @param body all that makes the request what it is: the same again leads to the same clip */
  private async context(request: Request, caller: Caller, body: object): Promise<AdmitContext> {
    const maker = MakerName.parse(request.header('x-imprimatur-maker'));
    const injected = this.injected(request);
    const key = request.header('idempotency-key');
    const retry = Number(request.header('x-stainless-retry-count') ?? 0) > 0;
    const id = await this.parts.idempotency.clipId(caller.tenantId, { key, retry, body: { ...body, maker, injected } });
    return { id, caller, maker, correlationId: correlationId(), injected };
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

  private async reference(source: Parameters<typeof screenReference>[1], tenantId: string) {
    const { path, signals, faces } = await screenReference(this.core, source, 'input_reference', tenantId);
    try {
      const { sha256 } = await this.core.blobs.put(path);
      return { sha256, signals, faces };
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
