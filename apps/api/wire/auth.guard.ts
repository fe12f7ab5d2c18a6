import { createParamDecorator, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import type { Scope } from '#contracts';
import {
  RateLimitError,
  requireScope,
  type ApiKeys,
  type Caller,
  type RateLimits,
  type RateState,
} from '#platform/auth';
import { MAY } from './staff.guard.js';

/** Name of the metadata that {@link Needs} leaves. */
export const SCOPE = 'imprimatur:scope';

/** Right that a route asks for; `public` asks for none. A route without it is not served at all. */
export const Needs = (scope: Scope | 'public') => SetMetadata(SCOPE, scope);

/** A request whose key was checked. */
export type AuthorisedRequest = Request & { caller?: Caller };

/** The caller of a route, after the guard. */
export const Calling = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<AuthorisedRequest>();
  if (!caller) throw new Error('the route has no caller: it is public');
  return caller;
});

function rateHeaders(response: Response): (rate: RateState) => void {
  return ({ limit, remaining, resetS }) => {
    response.setHeader('x-ratelimit-limit-requests', String(limit));
    response.setHeader('x-ratelimit-remaining-requests', String(remaining));
    response.setHeader('x-ratelimit-reset-requests', `${resetS}s`);
  };
}

/** Checks the key, its scope and the tenant's rate. Routes that name no right are refused: forgetting one closes the door. */
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeys,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const scope = this.reflector.getAllAndOverride<Scope | 'public' | undefined>(SCOPE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (scope === undefined) return this.isForStaff(context);
    if (scope === 'public') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<AuthorisedRequest>();
    const caller = await this.keys.authenticate(request.headers.authorization);
    requireScope(caller, scope);
    const show = rateHeaders(http.getResponse<Response>());
    try {
      show(await this.limits.take(`tenant:${caller.tenantId}`, caller.ratePerMinute));
    } catch (e) {
      if (e instanceof RateLimitError)
        show({ limit: caller.ratePerMinute, remaining: 0, resetS: e.details.retryAfterS ?? 60 });
      throw e;
    }
    request.caller = caller;
    return true;
  }

  private isForStaff(context: ExecutionContext): boolean {
    return this.reflector.getAllAndOverride(MAY, [context.getHandler(), context.getClass()]) !== undefined;
  }
}
