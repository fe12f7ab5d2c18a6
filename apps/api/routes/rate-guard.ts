import { Inject, Injectable, type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';
import type { Request } from 'express';
import type { Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';

const SETTINGS = { verify: 'VERIFY_PER_MINUTE', bindings: 'BINDINGS_PER_MINUTE' } as const;

/**
 * A guard that counts the requests of an address, before the first byte of a file is read.
 * @param what they are counted as; each has a setting of its own
 */
export function PerAddress(what: keyof typeof SETTINGS): Type<CanActivate> {
  @Injectable()
  class AddressRate implements CanActivate {
    constructor(
      @Inject(CORE) private readonly core: Core,
      @Inject(PARTS) private readonly parts: ApiParts,
    ) {}

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const { ip } = context.switchToHttp().getRequest<Request>();
      await this.parts.limits.take(`${what}:${ip}`, this.core.config[SETTINGS[what]]);
      return true;
    }
  }
  return AddressRate;
}
