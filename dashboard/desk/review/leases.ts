import type { QueryClient } from '@tanstack/react-query';
import type {
  CaseWatch,
  DecideCase,
  DecisionReceipt,
  HeartbeatReceipt,
  LeaseGrant,
  TakenCase,
  UndoReceipt,
} from '#contracts';
import { DeskError, post, query } from '../wire.js';
import { loadCase } from './case-query.js';

/** A case that this page holds. The token is kept in memory: a page that was closed gives its case back by being silent. */
export interface Held {
  token: string;
  until: string;
  heartbeat_s: number;
}

const held = new Map<string, Held>();

/** What this page holds of a case. */
export const heldOf = (caseId: string) => held.get(caseId) ?? null;

/** No longer ours. */
export const forget = (caseId: string) => void held.delete(caseId);

/**
 * Takes the next case of a queue, or of all, and reads it in the same request; the one that is held already comes first,
 * and is read by its own page. Null when there is nothing.
 */
export async function takeNext(client: QueryClient, queue?: string | null): Promise<string | null> {
  try {
    const taken = await post<TakenCase | undefined>('/v1/desk/cases/next', { view: true, ...(queue && { queue }) });
    if (!taken) return null;
    const { view, ...grant } = taken;
    held.set(grant.case_id, grant);
    if (view) client.setQueryData(loadCase(grant.case_id).queryKey, view);
    return grant.case_id;
  } catch (e) {
    if (e instanceof DeskError && e.code === 'lease_held' && typeof e.data.case_id === 'string') return e.data.case_id;
    throw e;
  }
}

/** Takes one case by name. */
export async function takeCase(caseId: string): Promise<Held> {
  const grant = await post<LeaseGrant>(`/v1/desk/cases/${caseId}/take`);
  held.set(caseId, grant);
  return grant;
}

/** Says that somebody looks, and what was seen. */
export async function beat(caseId: string, seen: CaseWatch): Promise<HeartbeatReceipt> {
  const mine = held.get(caseId);
  if (!mine) throw new DeskError(409, 'lease_lost', 'This case is not held here.');
  const receipt = await post<HeartbeatReceipt>(`/v1/desk/cases/${caseId}/heartbeat`, { token: mine.token, ...seen });
  held.set(caseId, { ...mine, until: receipt.until });
  return receipt;
}

/** Gives a case back undecided. */
export async function giveBack(caseId: string): Promise<void> {
  const mine = held.get(caseId);
  held.delete(caseId);
  if (mine) await post(`/v1/desk/cases/${caseId}/return`, { token: mine.token });
}

/** Decides a case. */
export async function decide(caseId: string, body: Omit<DecideCase, 'token'>): Promise<DecisionReceipt> {
  const mine = held.get(caseId);
  if (!mine) throw new DeskError(409, 'lease_lost', 'This case is not held here.');
  const receipt = await post<DecisionReceipt>(`/v1/desk/cases/${caseId}/decide`, { token: mine.token, ...body });
  held.delete(caseId);
  return receipt;
}

/** Takes a decision back before it leaves; the case is ours again, and another one that was taken meanwhile is not. */
export async function undo(decisionId: string): Promise<string> {
  const { case_id: caseId, lease } = await post<UndoReceipt>(`/v1/desk/decisions/${decisionId}/undo`);
  held.clear();
  held.set(caseId, { ...lease, heartbeat_s: 10 });
  return caseId;
}

/** Address of a case on its own page. */
export const caseUrl = (id: string, queue?: string | null) => `/review/${id}${query({ queue })}`;
