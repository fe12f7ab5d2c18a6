import { createParamDecorator, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';

/** Requests a minute from one address, before anything is looked up. */
const PER_ADDRESS = 120;
/** Requests a minute of one session. */
const PER_SESSION = 60;
/** Addresses that may be opened a minute from one place. */
const OPENINGS = 10;

type GuardianRequest = Request & { guardianSession?: string };

/** Counts the opening of addresses: a secret has 256 bits, and trying is still not free. */
@Injectable()
export class OpeningRate implements CanActivate {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { ip } = context.switchToHttp().getRequest<GuardianRequest>();
    await this.parts.limits.take(`guardian-open:${ip}`, OPENINGS);
    return true;
  }
}

/** Lets in whoever holds the secret of a guardian's session. */
@Injectable()
export class GuardianGuard implements CanActivate {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<GuardianRequest>();
    const { limits, guardianship } = this.parts;
    await limits.take(`guardian:${request.ip}`, PER_ADDRESS);
    const session = await guardianship.sessions.authenticate(request.headers.authorization);
    await limits.take(`guardian:${session}`, PER_SESSION);
    request.guardianSession = session;
    return true;
  }
}

/** Id of the guardian's session, after the guard. */
export const Session = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { guardianSession } = context.switchToHttp().getRequest<GuardianRequest>();
  if (!guardianSession) throw new Error('the route has no session: it lacks the guard');
  return guardianSession;
});
