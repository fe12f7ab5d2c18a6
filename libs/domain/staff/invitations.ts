import { randomBytes } from 'node:crypto';
import { newId, sha256Hex } from '#kernel';
import { recordAudit } from '#platform/audit';
import type { Database, Staff, Transaction } from '#platform/database';
import { StaffError } from './errors.js';

const INVITATION_MS = 72 * 3600_000;

const ended = () =>
  new StaffError('gone', 'invitation_ended', 'This invitation was used, replaced or is too old. Ask for a new one.');

/** An invitation that was made now; its token is told once. */
export interface Invited {
  token: string;
  expiresAt: Date;
}

/** Makes an invitation inside the caller's transaction; those of before end. */
export async function invite(tx: Transaction, staffId: string, actor: string, now: Date): Promise<Invited> {
  const token = `inv_${randomBytes(24).toString('base64url')}`;
  const expiresAt = new Date(now.getTime() + INVITATION_MS);
  await tx.staffInvitation.updateMany({ where: { staffId, endedAt: null }, data: { endedAt: now } });
  await tx.staffInvitation.create({
    data: { id: newId('inv', now.getTime()), staffId, tokenHash: sha256Hex(token), createdAt: now, expiresAt },
  });
  await recordAudit(tx, { actor, action: 'staff.invited', subject: staffId });
  return { token, expiresAt };
}

/** Whom a token invites. @throws StaffError `invitation_ended` for anything but a living invitation */
export async function findInvitation(
  database: Database,
  token: string,
  now: Date,
): Promise<{ id: string; staff: Staff }> {
  const row = await database.staffInvitation.findUnique({
    where: { tokenHash: sha256Hex(token) },
    include: { staff: true },
  });
  if (!row || row.endedAt || row.expiresAt <= now || row.staff.disabledAt) throw ended();
  return row;
}

/** Uses an invitation up: of two at once, one. @throws StaffError `invitation_ended` */
export async function useInvitation(tx: Transaction, id: string, now: Date): Promise<void> {
  const { count } = await tx.staffInvitation.updateMany({ where: { id, endedAt: null }, data: { endedAt: now } });
  if (count === 0) throw ended();
}
