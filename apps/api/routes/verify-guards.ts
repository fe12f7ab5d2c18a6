import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Response } from 'express';
import { AppError, messageOf } from '#kernel';
import type { Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { shapeError } from '../wire/errors.filter.js';
import type { UploadRequest } from '../wire/uploads.js';

/** A request to verify, with the place that was taken for it. */
export type VerifyRequest = UploadRequest & { verificationId?: string };

/** An upload that is slower than this is cut: it holds a place that others wait for. */
const SLOWEST_BYTES_PER_S = 8_000;
const LOOK_EVERY_S = 15;
/** Time for the sender to read why. */
const LINGER_MS = 1000;

/** Says now and then that an upload goes on, and ends one that hardly does. */
function watchUpload(request: VerifyRequest, response: Response, goesOn: () => void): void {
  let before = request.socket.bytesRead;
  const timer = setInterval(() => {
    const now = request.socket.bytesRead;
    const slow = now - before < SLOWEST_BYTES_PER_S * LOOK_EVERY_S;
    before = now;
    if (request.complete || response.headersSent) return clearInterval(timer);
    if (!slow) return goesOn();
    const { status, body } = shapeError(
      new AppError('invalid', 'upload_too_slow', 'The file arrives too slowly. Try again over a faster line.'),
    );
    // Once it is answered nothing else ends the reading of a body that does not come.
    const end = () => setTimeout(() => request.destroy(new Error('too slow')), LINGER_MS);
    request.once('error', () => undefined);
    response.once('finish', end).status(status).setHeader('connection', 'close').json(body);
  }, LOOK_EVERY_S * 1000);
  response.once('close', () => clearInterval(timer));
}

/** Takes a place in the whole service before the body is read; gives it back when nothing was submitted. */
@Injectable()
export class VerifyPlace implements CanActivate {
  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<VerifyRequest>(), http.getResponse<Response>()];
    const { verifications } = this.parts;
    const id = await verifications.reserve(request.is('json') ? 'url' : 'upload');
    const quietly = (work: Promise<void>) =>
      void work.catch((e: unknown) => this.core.logger.warn({ reason: messageOf(e) }, 'place of a verification'));
    if (response.closed) {
      quietly(verifications.release(id));
      return false;
    }
    request.verificationId = id;
    response.once('close', () => quietly(verifications.release(id)));
    watchUpload(request, response, () => quietly(verifications.keep(id)));
    return true;
  }
}
