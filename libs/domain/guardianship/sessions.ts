import { constantTimeEqual, newId, sha256Hex, type Clock } from '#kernel';
import { recordAudit } from '#platform/audit';
import type { Database, Transaction } from '#platform/database';
import { GuardianshipError } from './errors.js';
import { newSecret } from './secrets.js';

/** A session ends after so long without a request. */
const SILENCE_MS = 30 * 24 * 3600_000;
const SEEN_EVERY_MS = 3600_000;

/** The secret of a bearer header, or null. */
function bearerOf(header: string | undefined): string | null {
  return /^Bearer\s+(gds_\S{20,100})$/i.exec(header ?? '')?.[1] ?? null;
}

/** Signed-in devices of guardians. Only the SHA-256 of a secret is kept; a secret has 256 random bits. */
export class GuardianSessions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The session behind an Authorization header. @throws GuardianshipError `guardian_session_invalid` */
  async authenticate(header: string | undefined): Promise<string> {
    const secret = bearerOf(header);
    const secretHash = sha256Hex(secret ?? '');
    const row = secret ? await this.database.guardianSession.findUnique({ where: { secretHash } }) : null;
    const now = this.clock.now();
    const lives = row && !row.revokedAt && now.getTime() - row.lastSeenAt.getTime() < SILENCE_MS;
    if (!row || !lives || !constantTimeEqual(row.secretHash, secretHash)) {
      const message = 'You are not signed in any more. Open the address that you were sent, or ask for a new one.';
      throw new GuardianshipError('unauthorized', 'guardian_session_invalid', message);
    }
    if (now.getTime() - row.lastSeenAt.getTime() > SEEN_EVERY_MS)
      await this.database.guardianSession.update({ where: { id: row.id }, data: { lastSeenAt: now } });
    return row.id;
  }

  /** The session of a header, or null where there is none that lives. */
  async current(header: string | undefined): Promise<string | null> {
    return this.authenticate(header).catch((e: unknown) => {
      if (e instanceof GuardianshipError) return null;
      throw e;
    });
  }

  /** Makes a session, inside the transaction of the acceptance. @returns its id, and the secret, which is kept nowhere */
  async open(tx: Transaction, now: Date): Promise<{ id: string; secret: string }> {
    const secret = newSecret('gds');
    const id = newId('gds');
    await tx.guardianSession.create({ data: { id, secretHash: sha256Hex(secret), createdAt: now, lastSeenAt: now } });
    return { id, secret };
  }

  /** Signs a device out for good. */
  async revoke(id: string): Promise<void> {
    await this.database.$transaction(async (tx) => {
      await tx.guardianSession.update({ where: { id }, data: { revokedAt: this.clock.now() } });
      await recordAudit(tx, { actor: `guardian:${id}`, action: 'guardian.signed_out', subject: id });
    });
  }
}
