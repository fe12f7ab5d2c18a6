import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import {
  applyDecorators,
  Inject,
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import multer, { type StorageEngine } from 'multer';
import type { Observable } from 'rxjs';
import { AppError } from '#kernel';
import type { Core } from '#platform/core';
import type { ScratchSpace } from '#platform/storage';
import { CORE } from '../tokens.js';

/** A file that came with a request; gone when the request is answered. */
export interface Upload {
  field: string;
  path: string;
  bytes: number;
}

/** A request with its uploaded files. */
export type UploadRequest = Request & { uploads?: Upload[] };

/** Text fields may be as long as a picture in a data URL. */
const FIELD_BYTES = 15_000_000;

/** Writes uploads to scratch files and notes each before its first byte, so that none outlives the request. */
function scratchStorage(scratch: ScratchSpace): StorageEngine {
  return {
    _handleFile(request: UploadRequest, file, done) {
      const receive = async () => {
        const { path } = await scratch.file('upload');
        const upload: Upload = { field: file.fieldname, path, bytes: 0 };
        (request.uploads ??= []).push(upload);
        const sink = createWriteStream(path, { flags: 'wx', mode: 0o600 });
        await pipeline(file.stream, sink);
        upload.bytes = sink.bytesWritten;
      };
      receive().then(() => done(null), done);
    },
    _removeFile(_request, _file, done) {
      done(null); // removed with the others when the request has been answered
    },
  };
}

/**
 * Receives multipart bodies into scratch files, which are removed when the request has been answered, however it ends.
 * Other bodies pass untouched.
 */
@Injectable()
export class UploadsInterceptor implements NestInterceptor {
  private readonly receive: ReturnType<multer.Multer['any']>;

  constructor(@Inject(CORE) private readonly core: Core) {
    const limits = { fileSize: core.config.maxUploadBytes, files: 2, fields: 40, fieldSize: FIELD_BYTES, parts: 50 };
    this.receive = multer({ storage: scratchStorage(core.scratch), limits }).any();
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<UploadRequest>();
    const response = http.getResponse<Response>();
    const { maxUploadBytes, MAX_UPLOAD_MB } = this.core.config;
    if (Number(request.headers['content-length'] ?? 0) > maxUploadBytes + FIELD_BYTES) {
      throw new AppError('too_large', 'file_too_large', `Files may have at most ${MAX_UPLOAD_MB} MB.`);
    }
    response.on('close', () => void Promise.all((request.uploads ?? []).map(({ path }) => rm(path, { force: true }))));
    await new Promise<void>((done, fail) => {
      this.receive(request, response, (e?: Error | string) => (e ? fail(e instanceof Error ? e : new Error(e)) : done()));
    });
    return next.handle();
  }
}

/** Accepts multipart bodies on a route. */
export const AcceptsUploads = () => applyDecorators(UseInterceptors(UploadsInterceptor));
