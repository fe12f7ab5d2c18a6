import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { AppError } from '#kernel';
import type { Core } from '#platform/core';
import { fileTooLarge } from './uploads.js';

/** A body that was received into a scratch file; whoever gets it removes it. */
export interface RawBody {
  path: string;
  /** 64 hex digits. */
  sha256: string;
}

/**
 * Receives a body that is a file itself. Nothing is left of it when this throws.
 * @param empty thrown when the body is empty
 * @throws AppError `file_too_large` over the upload limit, before the body is read where its length is stated
 */
export async function receiveRaw(request: Request, { config, scratch }: Core, empty: AppError): Promise<RawBody> {
  if (Number(request.headers['content-length'] ?? 0) > config.maxUploadBytes) throw fileTooLarge(config);
  const { path } = await scratch.file('upload');
  const hash = createHash('sha256');
  let bytes = 0;
  async function* limited() {
    // The request outlives the reading of it: its sender is to hear why it was refused.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > config.maxUploadBytes) throw fileTooLarge(config);
      hash.update(chunk as Buffer);
      yield chunk as Buffer;
    }
  }
  try {
    await pipeline(limited, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    if (bytes === 0) throw empty;
  } catch (e) {
    await rm(path, { force: true });
    throw e;
  }
  return { path, sha256: hash.digest('hex') };
}

/** Aborted when the caller goes away without having the answer. */
export function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => !response.writableFinished && gone.abort());
  return gone.signal;
}
