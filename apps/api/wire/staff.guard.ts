import { createParamDecorator, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { StaffAction } from '#contracts';
import { constantTimeEqual } from '#kernel';
import { AuthError, mayAnywhere, notAllowed, type StaffCaller } from '#platform/auth';
import { assertOwnPage, cookieNames, csrfOf, readCookie, type CookieNames } from './cookies.js';

/** Name of the metadata that {@link May} leaves; a test reads it from every route. */
export const MAY = 'imprimatur:may';

/**
 * Action of staff that a route is for. The guard asks the table of rights for the role; the service asks again, with
 * queue, category and tenant. A route with neither `@May` nor `@Needs` is not served at all.
 */
export const May = (action: StaffAction) => SetMetadata(MAY, action);

/** A request of somebody who is signed in. */
export type StaffRequest = Request & { staff?: StaffCaller };

/** Who is signed in, on a route with {@link May}. */
export const Staff = createParamDecorator((_: unknown, context: ExecutionContext): StaffCaller => {
  const { staff } = context.switchToHttp().getRequest<StaffRequest>();
  if (!staff) throw new Error('the route has no staff: it lacks @May');
  return staff;
});

/** Finds who a session's secret belongs to. @throws AuthError `not_signed_in` */
export interface SessionReader {
  authenticate(secret: string | undefined): Promise<StaffCaller>;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Checks the session, that the request comes from our own page, and the role. Keys of tenants mean nothing here. */
export class StaffGuard implements CanActivate {
  private readonly cookies: CookieNames;

  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionReader,
    private readonly publicUrl: string,
  ) {
    this.cookies = cookieNames(publicUrl);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const action = this.reflector.getAllAndOverride<StaffAction | undefined>(MAY, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (action === undefined) return true; // the other guard's
    const request = context.switchToHttp().getRequest<StaffRequest>();
    const secret = readCookie(request, this.cookies.session);
    const staff = await this.sessions.authenticate(secret);
    if (!SAFE.has(request.method)) {
      assertOwnPage(request, this.publicUrl);
      if (!constantTimeEqual(request.header('x-imprimatur-csrf') ?? '', csrfOf(secret!))) {
        throw new AuthError(
          'forbidden',
          'csrf_missing',
          'The header x-imprimatur-csrf is missing or is another session’s. Load the page again.',
        );
      }
    }
    if (!mayAnywhere(staff, action)) throw notAllowed(action);
    request.staff = staff;
    return true;
  }
}
