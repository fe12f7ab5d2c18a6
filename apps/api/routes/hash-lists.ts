import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { NewHash } from '#contracts';
import type { OpenList } from '#domain/hash-banks';
import { checkHash, FingerprintError, readHashList, type ListItem } from '#engines/fingerprint';
import { AppError } from '#kernel';
import type { Core } from '#platform/core';
import { fileTooLarge, type UploadRequest } from '../wire/uploads.js';

/** A list that came with a request. */
export interface SentList {
  open: OpenList;
  dispose(): Promise<void>;
}

const LIST_TYPES = /^(text\/(plain|csv|xml)|application\/(csv|xml|x-ndjson|jsonl|octet-stream))/;

/** Hashes of a JSON body; their place counts as the line, from 1. */
export function jsonList(hashes: readonly NewHash[]): OpenList {
  const itemOf = ({ type, hash, quality, label, at_s: atS }: NewHash, line: number): ListItem => {
    try {
      return { line, entry: { algorithm: type, hash: checkHash(type, hash), quality, label, atS } };
    } catch (e) {
      if (e instanceof FingerprintError) return { line, fault: e };
      throw e;
    }
  };
  return async function* () {
    for (const [i, hash] of hashes.entries()) yield itemOf(hash, i + 1);
  };
}

/** The uploaded file, or the body itself, written to a scratch file so that it can be read twice. @throws AppError */
export async function fileList(core: Core, request: UploadRequest): Promise<SentList> {
  const upload = request.uploads?.[0];
  const path = upload?.path ?? (await spool(core, request));
  return { open: () => readHashList(createReadStream(path)), dispose: () => rm(path, { force: true }) };
}

async function spool({ scratch, config }: Core, request: UploadRequest): Promise<string> {
  if (!LIST_TYPES.test(request.header('content-type') ?? '')) {
    const message = 'Send hashes as JSON, as the form field "file", or as the body with text/plain or text/csv.';
    throw new AppError('invalid', 'file_missing', message, { param: 'hashes' });
  }
  const { path } = await scratch.file('hashes');
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
    return path;
  } catch (e) {
    await rm(path, { force: true });
    throw e;
  }
}
