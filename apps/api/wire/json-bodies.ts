import type { NextFunction, Request, Response } from 'express';
import { AppError } from '#kernel';
import type { ApiKeys } from '#platform/auth';
import { discardRest } from './discard.js';
import { shapeError, TOO_LARGE } from './errors.filter.js';

/** Prompts are short; pictures in data URLs are not. */
export const JSON_LIMIT_BYTES = 30_000_000;
/** From here a body counts as large. */
const LARGE_BYTES = 500_000;
/** Large bodies in memory at a time, all together: a body takes three times its length, and the process has 256 MB. */
const BUDGET_BYTES = 60_000_000;

/** Routes that ask for no key, where one would not help. */
const KEYLESS = /^\/v1\/matches\//;

function tooLarge(): AppError {
  return new AppError('too_large', 'request_too_large', TOO_LARGE);
}

/** Commas and brackets that a body may have: each could become an object, and objects take far more than their text. */
const MOST_PARTS = 200_000;
const PART = new Set([...',[{'].map((sign) => sign.charCodeAt(0)));

/** Refuses bodies of very many parts before they are parsed: 30 MB of `{}` would fill the memory. @throws AppError */
export function assertFewParts(_request: unknown, _response: unknown, body: Buffer): void {
  let parts = 0;
  for (const byte of body) if (PART.has(byte) && ++parts > MOST_PARTS) throw tooLarge();
}

/** Room for large bodies: whoever finds none waits, first come first served. */
class Room {
  private used = 0;
  private readonly waiting: { bytes: number; enter: () => void }[] = [];

  async enter(bytes: number): Promise<void> {
    await new Promise<void>((enter) => {
      this.waiting.push({ bytes, enter });
      this.admit();
    });
  }

  leave(bytes: number): void {
    this.used -= bytes;
    this.admit();
  }

  private admit(): void {
    for (let next = this.waiting[0]; next && this.used + next.bytes <= BUDGET_BYTES; next = this.waiting[0]) {
      this.waiting.shift();
      this.used += next.bytes;
      next.enter();
    }
  }
}

/** Answers at once when a body without a stated length passes the limit: the parser would read it to its end. */
function cutWhenTooLong(request: Request, response: Response): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= JSON_LIMIT_BYTES || response.headersSent) return;
    const { status, body } = shapeError(tooLarge());
    response.status(status).json(body);
    discardRest(request);
  });
}

/**
 * Stands before the JSON parser: large bodies are read only for those with a key, and few at a time, so that nobody
 * can fill the memory of this process.
 */
export function jsonBodies(keys: ApiKeys) {
  const room = new Room();
  const check = async (request: Request, response: Response): Promise<void> => {
    const stated = request.headers['content-length'];
    const bytes = stated === undefined ? JSON_LIMIT_BYTES : Number(stated);
    if (!request.is('json') || bytes <= LARGE_BYTES) return;
    if (KEYLESS.test(request.path)) throw tooLarge();
    await keys.authenticate(request.headers.authorization);
    if (bytes > JSON_LIMIT_BYTES) throw tooLarge();
    await room.enter(bytes);
    if (response.closed) return room.leave(bytes);
    response.once('close', () => room.leave(bytes));
    if (stated === undefined) cutWhenTooLong(request, response);
  };
  return (request: Request, response: Response, next: NextFunction): void => {
    check(request, response).then(() => next(), next);
  };
}
