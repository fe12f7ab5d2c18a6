import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { VerifyReport } from '#contracts';
import { AppError } from '#kernel';
import type { Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Needs } from '../wire/auth.guard.js';
import { AcceptsUploads, type UploadRequest } from '../wire/uploads.js';

const VERIFY_MS = 120_000;

/** Public verification: no account, nothing kept. */
@Controller('v1/verify')
export class VerifyController {
  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {}

  /** Takes a form with a `file`, or the bytes of the file as the body. */
  @Post()
  @HttpCode(200)
  @Needs('public')
  @AcceptsUploads()
  async verify(@Req() request: UploadRequest): Promise<VerifyReport> {
    const upload = request.uploads?.[0];
    const path = upload?.path ?? (await this.raw(request));
    try {
      await this.parts.limits.take(`verify:${request.ip}`, this.core.config.VERIFY_PER_MINUTE);
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
    const limit = this.core.config.maxUploadBytes;
    let bytes = 0;
    const meter = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.length;
        done(
          bytes > limit
            ? new AppError(
                'too_large',
                'file_too_large',
                `Files may have at most ${this.core.config.MAX_UPLOAD_MB} MB.`,
              )
            : null,
          chunk,
        );
      },
    });
    try {
      await pipeline(request, meter, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    } catch (e) {
      await rm(path, { force: true });
      throw e;
    }
    if (bytes > 0) return path;
    await rm(path, { force: true });
    throw new AppError('invalid', 'file_missing', 'The file is empty.', { param: 'file' });
  }
}
