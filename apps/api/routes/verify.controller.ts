import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import {
  Controller,
  HttpCode,
  Inject,
  Injectable,
  Post,
  Req,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { VerifyReport } from '#contracts';
import { AppError } from '#kernel';
import type { Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Needs } from '../wire/auth.guard.js';
import { AcceptsUploads, fileTooLarge, type UploadRequest } from '../wire/uploads.js';

const VERIFY_MS = 120_000;

/** Counts before the first byte of the file is read. */
@Injectable()
export class VerifyRate implements CanActivate {
  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { ip } = context.switchToHttp().getRequest<UploadRequest>();
    await this.parts.limits.take(`verify:${ip}`, this.core.config.VERIFY_PER_MINUTE);
    return true;
  }
}

/** Form fields beside the file: there are none that matter. */
const FIELD_BYTES = 10_000;

/** Public verification: no account, nothing kept. */
@Controller('v1/verify')
export class VerifyController {
  constructor(@Inject(CORE) private readonly core: Core) {}

  /** Takes a form with a `file`, or the bytes of the file as the body. */
  @Post()
  @HttpCode(200)
  @Needs('public')
  @UseGuards(VerifyRate)
  @AcceptsUploads(FIELD_BYTES)
  async verify(@Req() request: UploadRequest): Promise<VerifyReport> {
    const upload = request.uploads?.[0];
    const path = upload?.path ?? (await this.raw(request));
    try {
      return VerifyReport.parse(await this.core.queue.ask('file.verify', { path }, VERIFY_MS));
    } finally {
      await rm(path, { force: true });
    }
  }

  private async raw(request: UploadRequest): Promise<string> {
    const type = request.header('content-type') ?? '';
    if (!/^(video\/|image\/|application\/octet-stream)/.test(type)) {
      throw new AppError(
        'invalid',
        'file_missing',
        'Send the file as the form field "file", or as the body with its media type.',
        { param: 'file' },
      );
    }
    const { path } = await this.core.scratch.file('upload');
    const { config } = this.core;
    let bytes = 0;
    async function* limited() {
      // The request outlives the reading of it: its sender is to hear why it was refused.
      for await (const chunk of request.iterator({ destroyOnReturn: false })) {
        bytes += (chunk as Buffer).length;
        if (bytes > config.maxUploadBytes) throw fileTooLarge(config);
        yield chunk as Buffer;
      }
    }
    try {
      await pipeline(limited, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    } catch (e) {
      await rm(path, { force: true });
      throw e;
    }
    if (bytes > 0) return path;
    await rm(path, { force: true });
    throw new AppError('invalid', 'file_missing', 'The file is empty.', { param: 'file' });
  }
}
