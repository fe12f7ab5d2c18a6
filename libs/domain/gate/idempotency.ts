import { AppError, newId, sha256Hex, type Clock } from '#kernel';
import type { Database } from '#platform/database';

/** An Idempotency-Key was used in a way that cannot be answered. */
export class IdempotencyError extends AppError {}

/** One request that may arrive more than once. */
export interface RepeatableRequest {
  /** The Idempotency-Key header. */
  key?: string;
  /** True when the SDK says that it repeats a request whose answer it lost (x-stainless-retry-count above 0). */
  retry: boolean;
  /** All that makes the request what it is. */
  body: unknown;
}

/** How long an equal request without a key counts as the SDK's own retry. */
const SDK_RETRY_MS = 120_000;
const KEPT_MS = 24 * 3600_000;
const LONGEST_KEY = 255;

/**
 * One request, one clip: the clip's id is chosen when the request is first seen, before anything is done. Whoever
 * comes again (after a lost answer, a crash in between, or at the same moment) is led to the same id.
 */
export class Idempotency {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * The id under which a request is to be filed.
   * @throws IdempotencyError when the key is too long or was used with another body
   */
  async clipId(tenantId: string, request: RepeatableRequest): Promise<string> {
    const requestSha256 = sha256Hex(JSON.stringify(request.body));
    const createdAt = this.clock.now();
    const fresh = { requestSha256, clipId: newId('video'), createdAt };
    if (request.key !== undefined) return this.byKey(tenantId, request.key, fresh);
    const key = `auto:${requestSha256}`;
    const where = { tenantId_key: { tenantId, key } };
    if (request.retry) {
      const earlier = await this.database.idempotency.findUnique({ where });
      if (earlier && earlier.createdAt.getTime() > createdAt.getTime() - SDK_RETRY_MS) return earlier.clipId;
    }
    await this.database.idempotency.upsert({ where, update: fresh, create: { tenantId, key, ...fresh } });
    return fresh.clipId;
  }

  /** Forgets requests of more than a day ago. */
  async sweep(): Promise<void> {
    await this.database.idempotency.deleteMany({
      where: { createdAt: { lt: new Date(this.clock.now().getTime() - KEPT_MS) } },
    });
  }

  private async byKey(
    tenantId: string,
    given: string,
    fresh: { requestSha256: string; clipId: string; createdAt: Date },
  ): Promise<string> {
    if (given.length === 0 || given.length > LONGEST_KEY) {
      throw new IdempotencyError(
        'invalid',
        'idempotency_key_invalid',
        `Idempotency-Key must have 1 to ${LONGEST_KEY} characters.`,
      );
    }
    const key = `key:${given}`;
    await this.database.idempotency.createMany({ data: [{ tenantId, key, ...fresh }], skipDuplicates: true });
    const row = await this.database.idempotency.findUniqueOrThrow({ where: { tenantId_key: { tenantId, key } } });
    if (row.requestSha256 === fresh.requestSha256) return row.clipId;
    throw new IdempotencyError(
      'invalid',
      'idempotency_key_reused',
      'This Idempotency-Key was used with another body. Use a new key for a new request.',
    );
  }
}
