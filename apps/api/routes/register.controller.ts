import { readFile } from 'node:fs/promises';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import {
  IMAGE_MAX_BYTES,
  ListProtected,
  ReviewProtected,
  SubmitProtected,
  type ProtectedEntry,
  type ProtectedEntryDetail,
  type ProtectedList,
} from '#contracts';
import type { SubmittedImage, TakenFace } from '#domain/protected';
import { AppError } from '#kernel';
import type { Caller } from '#platform/auth';
import type { Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';
import { plainBody, unknownField } from '../wire/body.js';
import { AcceptsUploads, type Upload, type UploadRequest } from '../wire/uploads.js';

/** How long somebody waits for a face to be taken. */
const FACE_MS = 20_000;
const FIELD_BYTES = 200_000;

/** Form fields as the schema wants them: names come one field each, and a form knows no booleans. */
function submission(body: unknown): unknown {
  const { 'names[]': more, names, shared, ...rest } = plainBody(body);
  const all = [names, more].flat().filter((name) => name !== undefined);
  const wanted = shared === 'true' ? true : shared === 'false' ? false : shared;
  return { ...rest, ...(all.length && { names: all }), ...(wanted !== undefined && { shared: wanted }) };
}

/** The register of people who never enrolled: public figures, estates, victims, children, opted-out people. */
@Controller('v1/register')
@Needs('register')
export class RegisterController {
  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {}

  @Post()
  @HttpCode(200)
  @AcceptsUploads(FIELD_BYTES)
  async submit(@Req() request: UploadRequest, @Calling() caller: Caller): Promise<ProtectedEntry> {
    const other = request.uploads?.find(({ field }) => field !== 'image');
    if (other) throw unknownField(other.field);
    const wanted = SubmitProtected.parse(submission(request.body));
    return this.parts.register.submit(caller, wanted, await this.image(request.uploads?.[0]));
  }

  @Get()
  list(@Query() query: unknown, @Calling() caller: Caller): Promise<ProtectedList> {
    return this.parts.register.list(caller, ListProtected.parse(query));
  }

  @Get(':id')
  get(@Param('id') id: string, @Calling() caller: Caller): Promise<ProtectedEntryDetail> {
    return this.parts.register.get(caller, id);
  }

  /** The picture as it was sent; what its bytes are is for the reader to find out. */
  @Get(':id/image')
  async picture(@Param('id') id: string, @Calling() caller: Caller, @Res() response: Response): Promise<void> {
    const bytes = await this.parts.register.image(caller, id);
    response.setHeader('content-type', 'application/octet-stream');
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    response.send(Buffer.from(bytes));
  }

  @Post(':id/review')
  @HttpCode(200)
  review(@Param('id') id: string, @Body() body: unknown, @Calling() caller: Caller): Promise<ProtectedEntry> {
    return this.parts.register.review(caller, id, ReviewProtected.parse(body ?? {}));
  }

  @Delete(':id')
  end(@Param('id') id: string, @Calling() caller: Caller): Promise<ProtectedEntry> {
    return this.parts.register.end(caller, id);
  }

  private async image(upload: Upload | undefined): Promise<SubmittedImage | null> {
    if (!upload) return null;
    if (upload.bytes > IMAGE_MAX_BYTES) {
      const message = `The picture may have at most ${IMAGE_MAX_BYTES / 1_048_576} MB.`;
      throw new AppError('too_large', 'file_too_large', message, { param: 'image' });
    }
    const { path } = upload;
    return {
      bytes: await readFile(path),
      takeFace: async (entryId) =>
        (await this.core.queue.ask('register.face', { entryId, path }, FACE_MS)) as TakenFace,
    };
  }
}
