import type { AccountAction, MakerStanding } from '#contracts';
import type { MakerAction, Transaction } from '#platform/database';

/** All actions about some makers with what ended them, oldest first. */
export async function actionsOf(tx: Transaction, makerIds: readonly string[]): Promise<MakerAction[]> {
  if (!makerIds.length) return [];
  return tx.makerAction.findMany({
    where: { makerId: { in: [...makerIds] } },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
}

/** True for a suspension or ban that is in force. */
export function inForce(action: MakerAction, all: readonly MakerAction[], now: Date): boolean {
  if (action.kind !== 'suspend' && action.kind !== 'ban') return false;
  if (action.until && action.until <= now) return false;
  return !all.some(({ lifts }) => lifts === action.id);
}

/** What restricts an account now: a ban before suspensions, the longest of those. */
export function restrictionOf(all: readonly MakerAction[], now: Date): MakerAction | null {
  const forced = all.filter((action) => inForce(action, all, now));
  const longest = forced.toSorted((a, b) => (b.until?.getTime() ?? Infinity) - (a.until?.getTime() ?? Infinity));
  return forced.find(({ kind }) => kind === 'ban') ?? longest[0] ?? null;
}

/** How an account stands because of what restricts it. */
export function standingOf(restriction: MakerAction | null): MakerStanding {
  if (!restriction) return 'open';
  return restriction.kind === 'ban' ? 'banned' : 'suspended';
}

/** An action as people see it. */
export function actionView(action: MakerAction, all: readonly MakerAction[], now: Date): AccountAction {
  return {
    id: action.id,
    object: 'account_action',
    kind: action.kind as AccountAction['kind'],
    at: action.at.toISOString(),
    by: action.byName,
    reason: action.reason,
    until: action.until?.toISOString() ?? null,
    statement_id: action.statementId,
    lifts: action.lifts,
    active: inForce(action, all, now),
  };
}
