import type { ClipWatcher } from '#domain/gate';
import { raiseAlert } from './alerts.js';

/**
 * Tells guardians of refusals that concern the safety of their teen: of the words asked for, of a finished clip, and by a
 * reviewer.
 */
export const watchForGuardians: ClipWatcher = async (tx, clip, now) => {
  const { makerId, tenantId, statementId } = clip;
  if (clip.state !== 'refused' || !makerId || !statementId) return;
  const statement = await tx.statement.findUnique({ where: { id: statementId }, select: { categories: true } });
  for (const [category, kind] of [
    ['sexual_minors', 'child_safety'],
    ['self_harm', 'self_harm'],
  ] as const)
    if (statement?.categories.includes(category)) await raiseAlert(tx, { makerId, tenantId }, { kind }, now);
};
