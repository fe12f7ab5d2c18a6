import { type GenerationStatus } from '#contracts';
import { AppError, type ErrorKind } from '#kernel';
import { HttpError } from '#platform/http';

/** Every way in which a generator fails, with what can be done about it. */
const CODES = {
  /** The engine asks to wait (429). */
  generator_rate_limited: { kind: 'rate_limited', retry: 'same' },
  /** 5xx, no connection, or no answer in time. */
  generator_unavailable: { kind: 'unavailable', retry: 'same' },
  /** An answer that is not in the protocol: not JSON, or without the fields that it must have. */
  generator_bad_answer: { kind: 'unavailable', retry: 'same' },
  /** The clip is not there yet. */
  generator_not_ready: { kind: 'unavailable', retry: 'same' },
  /** The file is not a whole MP4. */
  generator_bad_content: { kind: 'unavailable', retry: 'same' },
  /** The engine forgot the job. */
  generator_job_lost: { kind: 'unavailable', retry: 'create' },
  /** The job failed inside the engine. */
  generator_failed: { kind: 'unavailable', retry: 'create' },
  /** The job did not end before the deadline. */
  generator_timeout: { kind: 'unavailable', retry: 'never' },
  /** The engine does not take this request (400, 404, 422). */
  generator_rejected: { kind: 'unavailable', retry: 'never' },
  /** The engine does not take our credentials (401, 403). */
  generator_unauthorized: { kind: 'unavailable', retry: 'never' },
  /** The engine's own moderation refused; `details.data.upstreamCode` says how it called that. */
  generator_refused: { kind: 'invalid', retry: 'never' },
} as const satisfies Record<string, { kind: ErrorKind; retry: 'same' | 'create' | 'never' }>;

/** Stable codes of {@link GeneratorError}. */
export type GeneratorErrorCode = keyof typeof CODES;

/** What is known about a failure. */
export interface GeneratorFacts {
  /** Seconds that the engine asks to wait. */
  retryAfterS?: number | undefined;
  upstreamStatus?: number | undefined;
  upstreamCode?: string | undefined;
  /** The engine's own words: kept as `cause` for logs, never shown. */
  upstreamMessage?: string | undefined;
  cause?: unknown;
  /** Overrides what the code says. */
  retry?: 'same' | 'create' | 'never';
}

/**
 * A generator failed. `retry` says how to try again: `same` the same call, `create` a new job, `never` not at all.
 * The message never carries the engine's address, its ids or its words.
 */
export class GeneratorError extends AppError {
  declare readonly code: GeneratorErrorCode;
  readonly retry: 'same' | 'create' | 'never';

  constructor(
    code: GeneratorErrorCode,
    message: string,
    readonly generator: string,
    facts: GeneratorFacts = {},
  ) {
    const { retryAfterS, upstreamStatus, upstreamCode, upstreamMessage } = facts;
    const cause = facts.cause ?? (upstreamMessage === undefined ? undefined : new Error(upstreamMessage.slice(0, 500)));
    super(CODES[code].kind, code, message, {
      data: { generator, upstreamStatus, upstreamCode },
      ...(retryAfterS === undefined ? {} : { retryAfterS }),
      ...(cause === undefined ? {} : { cause }),
    });
    this.retry = facts.retry ?? CODES[code].retry;
  }

  /** True when trying again, the way that `retry` says, may succeed. */
  get retryable(): boolean {
    return this.retry !== 'never';
  }
}

const REFUSAL = /moderation|content_?policy|content_?filter|safety|sentinel|responsible_?ai|nsfw|policy_violation/i;

const REJECTION = /not_understood|invalid_(request|prompt|value)|unsupported/i;

/** True for the codes by which engines name a refusal of their own moderation. */
export function isRefusalCode(code: string | undefined): boolean {
  return code !== undefined && REFUSAL.test(code);
}

/** An upstream code fit for showing: short and without anything but word characters. */
export function plainCode(code: unknown): string | undefined {
  if (typeof code !== 'string' && typeof code !== 'number') return undefined;
  const text = String(code);
  return /^[\w.-]{1,64}$/.test(text) ? text : undefined;
}

/** The error that a job with status `failed` stands for: `generator_refused`, `generator_rejected` or `generator_failed`. */
export function failureOf(status: GenerationStatus, generator: string): GeneratorError {
  const facts = { upstreamCode: plainCode(status.error?.code), upstreamMessage: status.error?.message };
  if (isRefusalCode(facts.upstreamCode)) {
    return new GeneratorError(
      'generator_refused',
      'The engine refused this prompt by its own rules.',
      generator,
      facts,
    );
  }
  if (REJECTION.test(facts.upstreamCode ?? ''))
    return new GeneratorError('generator_rejected', 'The engine does not take this request.', generator, facts);
  return new GeneratorError('generator_failed', 'The engine could not make this clip.', generator, facts);
}

/** Gives a failed exchange its place among the codes. A caller's own abort passes unchanged. */
export function fromHttp(thrown: unknown, generator: string): unknown {
  if (!(thrown instanceof HttpError)) return thrown;
  const facts = { cause: thrown };
  if (thrown.code === 'response_too_large') {
    return new GeneratorError('generator_bad_content', 'The engine sent more than was asked for.', generator, {
      ...facts,
      retry: 'never',
    });
  }
  if (thrown.code === 'url_not_allowed') {
    return new GeneratorError('generator_rejected', 'The address of the engine is not allowed.', generator, facts);
  }
  return new GeneratorError('generator_unavailable', 'The engine cannot be reached.', generator, facts);
}

/** The engine no longer knows a job. */
export function jobLost(generator: string, facts: GeneratorFacts = {}): GeneratorError {
  return new GeneratorError('generator_job_lost', 'The engine no longer knows this job.', generator, facts);
}
