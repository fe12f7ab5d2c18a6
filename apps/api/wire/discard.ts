import type { Request } from 'express';

const LINGER_MS = 5000;

/**
 * What is left of a refused body is thrown away for a moment, so that the sender reads the answer and not a broken
 * connection; then the line is cut.
 */
export function discardRest(request: Request): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(timer));
}
