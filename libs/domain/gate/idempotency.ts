import { AppError, sha256Hex, type Clock } from '#kernel';
import { json, type Database } from '#platform/database';

/** An Idempotency-Key was used in a way that cannot be answered. */
export class IdempotencyError extends AppError {}

/** An answer that is given again. */
export interface StoredAnswer {
  status: number;
  body: unknown;
}

/** How long a repeated request without a key counts as the SDK's own retry. */
const SDK_RETRY_MS = 120_000;
/** A first request that died with its process stops blocking its key after this. */
const ABANDONED_MS = 60_000;

/** One request, once: the same key and body get the first answer again. */
export class Idempotency {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs `work` once for a key.
   * @param key the Idempotency-Key header; without one, `retry` says that the SDK repeats a request whose answer it
   *   lost (x-stainless-retry-count above 0), and an equal request of the last two minutes is answered again
   * @throws IdempotencyError when the key came with another body, or its first request is still being served
   */
  async once(
    tenantId: string,
    request: { key?: string; retry: boolean; body: unknown },
    work: () => Promise<StoredAnswer>,
  ): Promise<StoredAnswer> {
    const requestSha256 = sha256Hex(JSON.stringify(request.body));
    if (!request.key) return this.withoutKey(tenantId, requestSha256, request.retry, work);
    if (request.key.length > 255)
      throw new IdempotencyError(
        'invalid',
        'idempotency_key_invalid',
        'Idempotency-Key may have at most 255 characters.',
      );
    const key = request.key;
    const earlier = await this.claim(tenantId, key, requestSha256);
    if (earlier) return earlier;
    const where = { tenantId_key: { tenantId, key } };
    try {
      const answer = await work();
      await this.database.idempotency.update({ where, data: { status: answer.status, body: json(answer.body) } });
      return answer;
    } catch (e) {
      // Nothing was done that must not be done again, or it is on record under the clip's own id.
      await this.database.idempotency.deleteMany({ where: { tenantId, key, status: null } });
      throw e;
    }
  }

  private async claim(tenantId: string, key: string, requestSha256: string): Promise<StoredAnswer | null> {
    const now = this.clock.now();
    const { count } = await this.database.idempotency.createMany({
      data: [{ tenantId, key, requestSha256, createdAt: now }],
      skipDuplicates: true,
    });
    if (count) return null;
    const row = await this.database.idempotency.findUnique({ where: { tenantId_key: { tenantId, key } } });
    if (row && row.requestSha256 !== requestSha256) {
      throw new IdempotencyError(
        'invalid',
        'idempotency_key_reused',
        'This Idempotency-Key was used with another body. Use a new key for a new request.',
      );
    }
    if (row?.status != null) return { status: row.status, body: row.body };
    const abandoned = { tenantId, key, status: null, createdAt: { lt: new Date(now.getTime() - ABANDONED_MS) } };
    const taken = await this.database.idempotency.updateMany({ where: abandoned, data: { createdAt: now } });
    if (taken.count) return null;
    throw new IdempotencyError(
      'conflict',
      'idempotency_in_progress',
      'The first request with this Idempotency-Key is still being served. Try again.',
    );
  }

  private async withoutKey(
    tenantId: string,
    requestSha256: string,
    retry: boolean,
    work: () => Promise<StoredAnswer>,
  ): Promise<StoredAnswer> {
    const where = { tenantId_key: { tenantId, key: `auto:${requestSha256}` } };
    if (retry) {
      const row = await this.database.idempotency.findUnique({ where });
      const recent = row && row.createdAt.getTime() > this.clock.now().getTime() - SDK_RETRY_MS;
      if (recent && row.status != null) return { status: row.status, body: row.body };
    }
    const answer = await work();
    const data = { requestSha256, status: answer.status, body: json(answer.body), createdAt: this.clock.now() };
    await this.database.idempotency.upsert({ where, update: data, create: { ...where.tenantId_key, ...data } });
    return answer;
  }
}
