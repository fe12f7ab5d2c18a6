import { createParamDecorator, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { bearerHash, type EnrolmentRow, type PersonRow } from '#domain/consent';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import type { UploadRequest } from '../wire/uploads.js';

/** Requests a minute of one address to the pages of persons: polling a page takes about forty. */
const PER_MINUTE = 300;
/** Recordings a minute of one enrolment. */
const RECORDINGS_PER_MINUTE = 6;

type ConsentRequest = UploadRequest & { enrolment?: EnrolmentRow; person?: PersonRow };

/** Answers with somebody's secrets and faces are nobody else's, caches included. */
function privately(context: ExecutionContext): ConsentRequest {
  const http = context.switchToHttp();
  http.getResponse<Response>().setHeader('cache-control', 'no-store');
  return http.getRequest<ConsentRequest>();
}

/** Lets in whoever has the secret of an enrolment, before the first byte of a file is read. */
@Injectable()
export class EnrolGuard implements CanActivate {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = privately(context);
    const { limits, consent } = this.parts;
    await limits.take(`consent:${request.ip}`, PER_MINUTE);
    const row = await consent.enrolments.withSecret(bearerHash(request.headers.authorization, 'ers'));
    if (request.is('multipart')) await limits.take(`recording:${row.id}`, RECORDINGS_PER_MINUTE);
    request.enrolment = row;
    return true;
  }
}

/** Lets in the person whose page it is. */
@Injectable()
export class PersonGuard implements CanActivate {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = privately(context);
    await this.parts.limits.take(`consent:${request.ip}`, PER_MINUTE);
    request.person = await this.parts.consent.persons.withSecret(bearerHash(request.headers.authorization, 'prs'));
    return true;
  }
}

/** Lets nobody ask more often than the pages need. */
@Injectable()
export class ConsentRate implements CanActivate {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.parts.limits.take(`consent:${context.switchToHttp().getRequest<Request>().ip}`, PER_MINUTE);
    return true;
  }
}

/** The enrolment of a route, after {@link EnrolGuard}. */
export const Enrolling = createParamDecorator((_: unknown, context: ExecutionContext): EnrolmentRow => {
  const { enrolment } = context.switchToHttp().getRequest<ConsentRequest>();
  if (!enrolment) throw new Error('the route has no enrolment: it lacks its guard');
  return enrolment;
});

/** The person of a route, after {@link PersonGuard}. */
export const Myself = createParamDecorator((_: unknown, context: ExecutionContext): PersonRow => {
  const { person } = context.switchToHttp().getRequest<ConsentRequest>();
  if (!person) throw new Error('the route has no person: it lacks its guard');
  return person;
});
