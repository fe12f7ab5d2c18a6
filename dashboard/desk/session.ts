import { useSyncExternalStore } from 'react';
import type { StaffAction, StaffSessionView } from '#contracts';
import { get, setCsrf, whenSignedOut } from './wire.js';

/** Who is signed in here; in memory only. `lost` when a session that was there ended. */
interface Known {
  session: StaffSessionView | null;
  lost: boolean;
}

let known: Known = { session: null, lost: false };
const ears = new Set<() => void>();

function tell(next: Known): void {
  known = next;
  ears.forEach((ear) => ear());
}

/** Takes over the answer that opened or showed a session. */
export function takeSession(session: StaffSessionView): void {
  setCsrf(session.csrf);
  tell({ session, lost: false });
}

/** Forgets the session. */
export function dropSession(lost = false): void {
  setCsrf('');
  tell({ session: null, lost: lost && known.session !== null });
}

whenSignedOut(() => dropSession(true));

/** The session as far as it is known. */
export const currentSession = () => known.session;

/** Asks the service for the session, once. @throws DeskError 401 when nobody is signed in */
export async function loadSession(): Promise<StaffSessionView> {
  if (!known.session) takeSession(await get<StaffSessionView>('/v1/staff/session'));
  return known.session!;
}

function listen(ear: () => void): () => void {
  ears.add(ear);
  return () => void ears.delete(ear);
}

/** The session, followed. */
export function useSession(): Known {
  return useSyncExternalStore(listen, () => known);
}

/** Whether the person may do it somewhere; the service asks again, with the place. */
export const may = (action: StaffAction) => known.session?.may.includes(action) ?? false;
