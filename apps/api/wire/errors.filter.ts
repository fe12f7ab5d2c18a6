import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { MulterError } from 'multer';
import { ZodError } from 'zod';
import type { ErrorEnvelope } from '#contracts';
import { AppError, type ErrorKind } from '#kernel';
import type { Logger } from '#platform/telemetry';
import { discardRest } from './discard.js';
import { StatusError } from './status-error.js';

const STATUS: Record<ErrorKind, number> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  unsupported_media: 400, // the SDK has no class for 415
  rate_limited: 429,
  not_implemented: 501,
  unavailable: 503,
  internal: 500,
};

const TYPE: Partial<Record<ErrorKind, string>> = {
  unauthorized: 'authentication_error',
  forbidden: 'permission_error',
  rate_limited: 'rate_limit_error',
  unavailable: 'server_error',
  internal: 'server_error',
};

/** Sentence of every refusal of a body for its size. */
export const TOO_LARGE = 'The request is larger than this service accepts.';

interface Shaped {
  status: number;
  body: ErrorEnvelope;
  retryAfterS?: number;
}

function shape(
  kind: ErrorKind,
  code: string | null,
  message: string,
  param: string | null = null,
  data: object = {},
): Shaped {
  const error = { message, type: TYPE[kind] ?? 'invalid_request_error', param, code, ...data };
  return { status: STATUS[kind], body: { error } };
}

function fromZod(error: ZodError): Shaped {
  const [issue] = error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const param = [...(issue?.path ?? []), ...(unknown ? [unknown] : [])].join('.') || null;
  let message = issue?.message ?? 'The request is not valid.';
  if (unknown) message = `Unknown parameter: ${unknown.slice(0, 80)}.`;
  // Which of the forms was meant cannot be told.
  else if (issue?.code === 'invalid_union')
    message = `${param ?? 'The body'} has none of the forms that /docs describes.`;
  return shape('invalid', unknown ? 'unknown_parameter' : 'invalid_value', message, param);
}

function fromHttp(error: HttpException): Shaped {
  const status = error.getStatus();
  if (status === 404)
    return shape('not_found', 'not_found', 'There is nothing at this address. See /docs for what there is.');
  // The body parser turns what its `verify` throws into a 403 and keeps the message only.
  if (status === 413 || error.message === TOO_LARGE) return shape('too_large', 'request_too_large', TOO_LARGE);
  if (status >= 500)
    return shape('internal', 'internal_error', 'The service failed. Try again; the request id helps to find out why.');
  return { ...shape('invalid', 'invalid_request', error.message), status };
}

/** Body-parser and friends throw plain errors with a status. */
function fromStatus(error: { status: number; message: string; type?: string }): Shaped {
  if (error.status === 413) return shape('too_large', 'request_too_large', TOO_LARGE);
  return shape(
    'invalid',
    'invalid_body',
    error.type === 'entity.parse.failed' ? 'The body is not valid JSON.' : 'The body cannot be read.',
  );
}

/** Any thrown thing in the error shape of the OpenAI API. Faults of ours are not described to strangers. */
export function shapeError(error: unknown): Shaped {
  if (error instanceof AppError && error.kind !== 'internal') {
    const { param, data, retryAfterS } = error.details;
    const shaped = { ...shape(error.kind, error.code, error.message, param ?? null, data), retryAfterS };
    return error instanceof StatusError ? { ...shaped, status: error.status } : shaped;
  }
  if (error instanceof ZodError) return fromZod(error);
  if (error instanceof MulterError) {
    const large = error.code === 'LIMIT_FILE_SIZE';
    return large
      ? shape('too_large', 'file_too_large', 'The file is larger than this service accepts.', error.field ?? null)
      : shape('invalid', 'invalid_multipart', `The form cannot be read: ${error.message}.`, error.field ?? null);
  }
  if (error instanceof HttpException) return fromHttp(error);
  if (error instanceof Error && /multipart|unexpected end of form|malformed part/i.test(error.message)) {
    return shape('invalid', 'invalid_multipart', 'The form ended too early or is not valid multipart/form-data.');
  }
  const status = (error as { status?: unknown } | null)?.status;
  if (typeof status === 'number' && status >= 400 && status < 500)
    return fromStatus(error as { status: number; message: string });
  return shape('internal', 'internal_error', 'The service failed. Try again; the request id helps to find out why.');
}

/** Turns whatever was thrown into the wire's error shape. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    if (request.socket.destroyed) return; // nobody is there to hear it
    const { status, body, retryAfterS } = shapeError(error);
    if (status >= 500 && status !== 501) this.logger.error({ err: error }, 'request failed');
    if (response.headersSent) {
      response.destroy(); // the reader must not take half a file for a whole one
      return;
    }
    if (retryAfterS !== undefined) response.setHeader('retry-after', String(retryAfterS));
    if (status === 501) response.setHeader('x-should-retry', 'false');
    response.status(status).json(body);
    discardRest(request);
  }
}
