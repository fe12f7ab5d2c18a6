import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { OpenContent } from '#domain/gate';

/** Streams a file. A reader that goes away early is no error. */
export async function sendContent(response: Response, content: OpenContent): Promise<void> {
  response.setHeader('content-type', content.contentType);
  response.setHeader('content-length', String(content.bytes));
  response.setHeader('etag', `"${content.sha256}"`);
  response.setHeader('cache-control', 'private, no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  try {
    await pipeline(content.stream, response);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw e;
  }
}
