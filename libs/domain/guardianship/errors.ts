import { AppError, type ErrorKind } from '#kernel';

/** Whose rule refused. */
export type LimitOwner = 'platform' | 'policy' | 'guardian';

/**
 * A maker may not do this, or not now. 403, for an SDK is not to repeat it; `resets_at` and Retry-After say when it is
 * allowed again, where time is all that it takes.
 */
export class AccessError extends AppError {
  constructor(
    code: string,
    message: string,
    readonly setBy: LimitOwner,
    now?: Date,
    resetsAt: Date | null = null,
  ) {
    const wait =
      now && resetsAt ? { retryAfterS: Math.max(1, Math.ceil((resetsAt.getTime() - now.getTime()) / 1000)) } : {};
    const resets = resetsAt ? { resets_at: resetsAt.toISOString() } : {};
    super('forbidden', code, message, { ...wait, data: { limit: code, set_by: setBy, ...resets } });
  }
}

/** Something about guardians, invitations or contacts cannot be done. */
export class GuardianshipError extends AppError {
  constructor(kind: ErrorKind, code: string, message: string, details: { param?: string; triesLeft?: number } = {}) {
    const { param, triesLeft } = details;
    super(kind, code, message, { param, ...(triesLeft !== undefined && { data: { tries_left: triesLeft } }) });
  }
}

/** There is no such maker for this tenant. */
export function makerNotFound(id: string): GuardianshipError {
  return new GuardianshipError('not_found', 'maker_not_found', `There is no maker ${id.slice(0, 80)}.`);
}

/** There is no such link, or it is somebody else's. */
export function linkNotFound(id: string): GuardianshipError {
  return new GuardianshipError('not_found', 'guardian_link_not_found', `There is no guardian link ${id.slice(0, 80)}.`);
}
