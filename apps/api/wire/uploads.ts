import { createHash } from 'node:crypto';
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
  type Type,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import multer, { type StorageEngine } from 'multer';
import type { Observable } from 'rxjs';
import { AppError } from '#kernel';
import type { Core } from '#platform/core';
import type { ScratchSpace } from '#platform/storage';
import { CORE } from '../tokens.js';
import { assertText } from './text.js';

/** A file that came with a request; gone when the request is answered, unless it is taken with {@link takeUpload}. */
export interface Upload {
  field: string;
  path: string;
  bytes: number;
  /** As its sender called it. Attacker-controlled text, never a path. */
  name: string;
  /** Of the bytes as they arrived, 64 hex digits; empty until all have. */
  sha256: string;
}

/** A request with its uploaded files. */
export type UploadRequest = Request & { uploads?: Upload[]; answered?: boolean; fileBytes?: number };

/** Text fields may be as long as a picture in a data URL, all together. */
const FIELD_BYTES = 15_000_000;
/** Names of parts, boundaries, and what is between the wire and the disk. */
const SLACK_BYTES = 500_000;

/** Writes uploads to scratch files and notes each before its first byte, so that none outlives the request. */
function scratchStorage(scratch: ScratchSpace): StorageEngine {
  return {
    _handleFile(request: UploadRequest, file, done) {
      const receive = async () => {
        const { path } = await scratch.file('upload');
        const upload: Upload = { field: file.fieldname, path, bytes: 0, name: file.originalname, sha256: '' };
        (request.uploads ??= []).push(upload);
        const sink = createWriteStream(path, { flags: 'wx', mode: 0o600 });
        const hash = createHash('sha256');
        try {
          file.stream.on('data', (chunk: Buffer) => {
            request.fileBytes = (request.fileBytes ?? 0) + chunk.length;
            hash.update(chunk);
          });
          await pipeline(file.stream, sink);
          upload.bytes = sink.bytesWritten;
          upload.sha256 = hash.digest('hex');
        } finally {
          // The request may have ended before the file was even opened.
          if (request.answered) await rm(path, { force: true });
        }
      };
      receive().then(() => done(null), done);
    },
    _removeFile(_request, _file, done) {
      done(null); // removed with the others when the request has been answered
    },
  };
}

/** Takes a file over: it is no longer removed when the request is answered. Null when there is none, or no more. */
export function takeUpload(request: UploadRequest, field: string): Upload | null {
  const upload = request.answered ? undefined : request.uploads?.find((one) => one.field === field);
  request.uploads = request.uploads?.filter((one) => one !== upload);
  return upload ?? null;
}

/** The refusal of a file that is too large. */
export function fileTooLarge({ MAX_UPLOAD_MB }: Core['config']): AppError {
  return new AppError('too_large', 'file_too_large', `Files may have at most ${MAX_UPLOAD_MB} MB.`);
}

/**
 * Receives multipart bodies into scratch files, which are removed when the request has been answered, however it ends.
 * Other bodies pass untouched.
 * @param fieldBytes most that all text fields may have together
 */
function uploadsInterceptor(fieldBytes: number): Type<NestInterceptor> {
  @Injectable()
  class UploadsInterceptor implements NestInterceptor {
    private readonly receive: ReturnType<multer.Multer['any']>;

    constructor(@Inject(CORE) private readonly core: Core) {
      const limits = { fileSize: core.config.maxUploadBytes, files: 2, fields: 40, fieldSize: fieldBytes, parts: 50 };
      this.receive = multer({ storage: scratchStorage(core.scratch), limits, defParamCharset: 'utf8' }).any();
    }

    async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
      const http = context.switchToHttp();
      const [request, response] = [http.getRequest<UploadRequest>(), http.getResponse<Response>()];
      const { config } = this.core;
      const stated = Number(request.headers['content-length'] ?? 0);
      if (stated > config.maxUploadBytes + fieldBytes + SLACK_BYTES) throw fileTooLarge(config);
      if (!request.is('multipart')) return next.handle();
      response.on('close', () => {
        request.answered = true;
        void Promise.all((request.uploads ?? []).map(({ path }) => rm(path, { force: true })));
      });
      await new Promise<void>((done, fail) => {
        let bytes = 0;
        // Multer reads what it refuses to its end, and keeps fields in memory: both are bounded here.
        request.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          const inFiles = request.fileBytes ?? 0;
          if (bytes - inFiles <= fieldBytes + SLACK_BYTES) return;
          fail(inFiles >= config.maxUploadBytes ? fileTooLarge(config) : fieldsTooLarge());
        });
        this.receive(request, response, (e?: Error | string) =>
          e ? fail(e instanceof Error ? e : new Error(e)) : done(),
        );
      });
      assertText(request.body);
      return next.handle();
    }
  }
  return UploadsInterceptor;
}

function fieldsTooLarge(): AppError {
  return new AppError('too_large', 'request_too_large', 'The fields of the form are larger than this service accepts.');
}

/** Accepts multipart bodies on a route. */
export const AcceptsUploads = (fieldBytes = FIELD_BYTES) =>
  applyDecorators(UseInterceptors(uploadsInterceptor(fieldBytes)));
