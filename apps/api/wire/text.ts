import type { NextFunction, Request, Response } from 'express';
import { AppError } from '#kernel';

// PostgreSQL stores neither NUL in text nor half a surrogate pair in JSON.
const UNSTORABLE = /\0|\p{Surrogate}/u;

/**
 * Refuses text that cannot be stored as it is, anywhere in a parsed body. Not recursive: nesting is the sender's choice.
 * @throws AppError `invalid_text`
 */
export function assertText(body: unknown): void {
  const open: unknown[] = [body];
  while (open.length) {
    const value = open.pop();
    if (typeof value === 'string') {
      if (UNSTORABLE.test(value)) throw unstorable();
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) open.push(key, child);
    }
  }
}

function unstorable(): AppError {
  return new AppError('invalid', 'invalid_text', 'The request holds a NUL character or half of a surrogate pair.');
}

/** Checks the address and a parsed JSON body. */
export function textOnly(request: Request, _response: Response, next: NextFunction): void {
  if (/%00/.test(request.url)) throw unstorable();
  assertText(request.body);
  next();
}
