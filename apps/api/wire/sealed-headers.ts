import type { Response } from 'express';

/** For what is under seal: nothing of it stays in a cache, and no browser guesses what its bytes are. */
export function sealedHeaders(response: Response, type: string): void {
  response.setHeader('content-type', type);
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
}
