import type {
  AcceptedInvitation,
  AcceptGuardianship,
  GuardianAlert,
  GuardianLimits,
  GuardianLimitsView,
  GuardianSummary,
  GuardianTeen,
} from '#contracts';
import { call } from '../shared/fault.js';

const BASE = '/v1/guardian';
const link = (id: string, part = '') => `${BASE}/links/${encodeURIComponent(id)}${part}`;

/** Takes up an invitation. @param secret session that goes on, if there is one @throws Fault */
export const accept = (secret: string | null, body: AcceptGuardianship) =>
  call<AcceptedInvitation>('POST', `${BASE}/accept`, secret, { body });
/** All links of the guardian. @throws Fault */
export const links = async (secret: string, signal?: AbortSignal) =>
  (await call<{ data: GuardianTeen[] }>('GET', `${BASE}/links`, secret, signal ? { signal } : {})).data;
/** What a teen made, in numbers. @throws Fault */
export const summary = (secret: string, id: string, days: number) =>
  call<GuardianSummary>('GET', link(id, `/summary?days=${days}`), secret);
/** Alerts, newest first. @throws Fault */
export const alerts = async (secret: string, id: string) =>
  (await call<{ data: GuardianAlert[] }>('GET', link(id, '/alerts'), secret)).data;
/** Marks an alert as seen. @throws Fault */
export const markSeen = (secret: string, alert: string) =>
  call<unknown>('POST', `${BASE}/alerts/${encodeURIComponent(alert)}/seen`, secret);
/** Sets all limits. @throws Fault */
export const putLimits = (secret: string, id: string, body: GuardianLimits) =>
  call<GuardianLimitsView>('PUT', link(id, '/limits'), secret, { body });
/** Ends the session at the service. @throws Fault */
export const signOut = (secret: string) => call<unknown>('DELETE', `${BASE}/session`, secret);
/** Ends a link. @throws Fault */
export const end = (secret: string, id: string) => call<unknown>('DELETE', link(id), secret);
