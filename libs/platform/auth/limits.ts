import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '#kernel';

/** Too many requests; `details.retryAfterS` says when to come back. */
export class RateLimitError extends AppError {
  constructor(message: string, retryAfterS: number) {
    super('rate_limited', 'rate_limit_exceeded', message, { retryAfterS });
  }
}

/** What is left of a limit, for the x-ratelimit headers. */
export interface RateState {
  limit: number;
  remaining: number;
  resetS: number;
}

/**
 * Requests a minute, per name, in this process. With several API processes each grants its share, so the limit is
 * a guard of the service, not an invoice.
 */
export class RateLimits {
  private readonly limiters = new Map<number, RateLimiterMemory>();

  private limiter(perMinute: number): RateLimiterMemory {
    let limiter = this.limiters.get(perMinute);
    if (!limiter) {
      limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
      this.limiters.set(perMinute, limiter);
    }
    return limiter;
  }

  /** Takes one request from the name's minute. @throws RateLimitError when none is left */
  async take(name: string, perMinute: number): Promise<RateState> {
    try {
      const state = await this.limiter(perMinute).consume(name);
      return { limit: perMinute, remaining: state.remainingPoints, resetS: Math.ceil(state.msBeforeNext / 1000) };
    } catch (e) {
      if (!(e instanceof RateLimiterRes)) throw e;
      const wait = Math.max(1, Math.ceil(e.msBeforeNext / 1000));
      throw new RateLimitError(`Too many requests: ${perMinute} a minute are allowed. Try again in ${wait} s.`, wait);
    }
  }
}

/** No try is left; `first` for the one that found it so. */
export class TriesUsedUp extends RateLimitError {
  constructor(
    waitS: number,
    readonly first: boolean,
  ) {
    super(`Too many tries. Try again in ${waitS} s.`, waitS);
  }
}

/** So many tries in so long. */
export interface TryLimit {
  points: number;
  seconds: number;
}

/**
 * Tries at something secret, counted by name in this process. A name that has none left waits until its time is
 * over, and no longer: nobody is locked out for ever, whatever others try in their name.
 */
export class Tries {
  private readonly limiter: RateLimiterMemory;

  private readonly points: number;

  constructor({ points, seconds }: TryLimit) {
    this.points = points;
    this.limiter = new RateLimiterMemory({ points, duration: seconds });
  }

  /** Takes one try. @throws TriesUsedUp when none is left */
  async take(name: string): Promise<void> {
    try {
      await this.limiter.consume(name);
    } catch (e) {
      if (!(e instanceof RateLimiterRes)) throw e;
      const wait = Math.max(1, Math.ceil(e.msBeforeNext / 1000));
      throw new TriesUsedUp(wait, e.consumedPoints === this.points + 1);
    }
  }

  /** Forgets a name's tries after a success. */
  async forgive(name: string): Promise<void> {
    await this.limiter.delete(name);
  }
}
