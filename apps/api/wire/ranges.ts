import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { AppError } from '#kernel';
import type { BlobStore, ByteRange } from '#platform/storage';

/** The one range that a request names; null for none, or for several, which are answered with the whole. */
export function readRange(header: string | undefined, bytes: number): Required<ByteRange> | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [, from = '', to = ''] = match;
  // `-500` is the last 500 bytes.
  const start = from === '' ? Math.max(bytes - Number(to), 0) : Number(from);
  const end = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  return start > end || start >= bytes ? 'unsatisfiable' : { start, end };
}

/** Streams a stored file, or the part that the request asks for. A reader that goes away early is no error. */
export async function sendPart(
  request: Request,
  response: Response,
  blobs: BlobStore,
  sha256: string,
  contentType: string,
): Promise<void> {
  const stat = await blobs.stat(sha256);
  if (!stat) throw new AppError('not_found', 'content_not_found', 'This file is no longer stored.');
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('content-type', contentType);
  response.setHeader('x-content-type-options', 'nosniff');
  const range = readRange(request.headers.range, stat.bytes);
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${stat.bytes}`);
    response.status(416).end();
    return;
  }
  const part = range ?? { start: 0, end: stat.bytes - 1 };
  const stream = await blobs.open(sha256, part);
  if (range) response.setHeader('content-range', `bytes ${part.start}-${part.end}/${stat.bytes}`);
  response.status(range ? 206 : 200);
  response.setHeader('content-length', String(part.end - part.start + 1));
  try {
    await pipeline(stream, response);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw e;
  }
}

/** The same of bytes that are at hand. The type of the answer is set by then. */
export function sendBytes(request: Request, response: Response, bytes: Buffer): void {
  response.setHeader('accept-ranges', 'bytes');
  const range = readRange(request.headers.range, bytes.length);
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${bytes.length}`);
    response.status(416).end();
    return;
  }
  if (!range) {
    response.status(200).send(bytes);
    return;
  }
  response.setHeader('content-range', `bytes ${range.start}-${range.end}/${bytes.length}`);
  response.status(206).send(bytes.subarray(range.start, range.end + 1));
}
