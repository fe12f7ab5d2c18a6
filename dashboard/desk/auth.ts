import type { AuthProvider } from 'react-admin';
import type { StaffAction, StaffSessionView } from '#contracts';
import { currentSession, dropSession, loadSession, may, takeSession } from './session.js';
import { DeskError, post } from './wire.js';

/** Which right opens which screen of a list, by resource and action. */
const NEEDED: Record<string, Partial<Record<string, StaffAction>>> = {
  cases: { list: 'case.list', show: 'case.read' },
};

/** Sign-in, for react-admin. The steps themselves are on the page of sign-in: this takes the session that they ended in. */
export const authProvider: AuthProvider = {
  async login(session: StaffSessionView) {
    takeSession(session);
  },
  async logout() {
    if (currentSession()) await post('/v1/staff/sign-out').catch(() => undefined);
    dropSession();
  },
  async checkAuth() {
    await loadSession();
  },
  async checkError(error: unknown) {
    if (error instanceof DeskError && error.status === 401) throw error;
  },
  async getIdentity() {
    const { staff } = await loadSession();
    return { id: staff.id, fullName: staff.name };
  },
  async canAccess({ resource, action }) {
    await loadSession();
    const needed = NEEDED[resource]?.[action];
    return needed !== undefined && may(needed);
  },
};
