import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import {
  AcceptInvitation,
  ChangePassword,
  ChooseLocale,
  CreateStaff,
  ErrorEnvelope,
  PutStaff,
  RecoveryCodes,
  RenewRecoveryCodes,
  StaffCode,
  StaffInvitation,
  StaffMember,
  StaffSessionItem,
  StaffSessionView,
  StaffSignIn,
  StaffSignInOptions,
  StaffTicket,
} from '#contracts';
import { byId, json, listOf, operation, type Route } from './operation.js';

/** What unsafe requests of a session carry. */
export const csrf = z.object({ 'x-imprimatur-csrf': z.string().describe('From the answer that holds the session.') });
const session = [{ staff: [] }];

/** A route for staff who are signed in. */
export function staffOperation(route: Route) {
  return { ...operation(route), security: session };
}

const read = (summary: string, answer: z.ZodType, params?: Route['params']) =>
  staffOperation({ summary, answer, tag: 'Staff', ...(params && { params }) });
const change = (summary: string, answer: z.ZodType, more: Pick<Route, 'body' | 'params'> = {}) =>
  staffOperation({ summary, answer, tag: 'Staff', ...more, params: { ...more.params, header: csrf } });
const open = (summary: string, answer: z.ZodType, body?: z.ZodType) =>
  operation({ summary, answer, tag: 'Staff', open: true, ...(body && { body }) });

const redirect = (summary: string, query?: z.ZodObject) => ({
  summary,
  tags: ['Staff'],
  security: [],
  ...(query && { requestParams: { query } }),
  responses: {
    303: { description: 'Where to go on.' },
    default: { description: 'Error.', ...json(ErrorEnvelope) },
  },
});

const done = (object: string) => z.object({ object: z.literal(object) });

/** Signing in, sessions, and who works here. Staff have a session cookie; keys of tenants mean nothing here. */
export const staffPaths: ZodOpenApiPathsObject = {
  '/v1/staff/sign_in_options': { get: open('Whether the company’s accounts may be used.', StaffSignInOptions) },
  '/v1/staff/sign-in': {
    post: open('First step: e-mail address and password. The answer asks for the second.', StaffTicket, StaffSignIn),
  },
  '/v1/staff/totp': {
    post: open(
      'Second step: a one-time code or a recovery code. Sets the session cookie (HttpOnly, SameSite=Strict).',
      StaffSessionView,
      StaffCode,
    ),
  },
  '/v1/staff/accept': {
    post: open('Take up an invitation with a password of one’s own.', StaffTicket, AcceptInvitation),
  },
  '/v1/staff/oidc/start': { get: redirect('Sign in with the company’s account (OpenID Connect).') },
  '/v1/staff/oidc/callback': {
    get: redirect('Where the company sends the browser back to.', z.object({ code: z.string(), state: z.string() })),
  },
  '/v1/staff/session': { get: read('Who is signed in and what they may do.', StaffSessionView) },
  '/v1/staff/sign-out': { post: change('End this session.', done('staff.signed_out')) },
  '/v1/staff/sessions': {
    get: read('One’s own sessions.', listOf(StaffSessionItem)),
    delete: change(
      'End all of one’s sessions but this one.',
      z.object({ object: z.literal('staff.sessions_ended'), ended: z.number().int() }),
    ),
  },
  '/v1/staff/sessions/{id}': {
    delete: change('End one of one’s sessions.', z.object({ id: z.string(), object: z.string() }), { params: byId }),
  },
  '/v1/staff/password': {
    post: change('Change one’s password; every other session ends.', done('staff.password_changed'), {
      body: ChangePassword,
    }),
  },
  '/v1/staff/recovery_codes': {
    post: change('Ten new recovery codes; the old ones end.', RecoveryCodes, { body: RenewRecoveryCodes }),
  },
  '/v1/staff/locale': { post: change('Choose one’s language.', StaffSessionView, { body: ChooseLocale }) },
  '/v1/desk/staff': {
    get: read('Everybody who works here.', listOf(StaffMember)),
    post: change('Add somebody; the answer holds the invitation, once.', StaffInvitation, { body: CreateStaff }),
  },
  '/v1/desk/staff/{id}': {
    get: read('One member of staff.', StaffMember, byId),
    put: change('Change roles, limits, name or language; holds from the next request on.', StaffMember, {
      params: byId,
      body: PutStaff,
    }),
  },
  '/v1/desk/staff/{id}/disable': { post: change('End somebody’s access at once.', StaffMember, { params: byId }) },
  '/v1/desk/staff/{id}/enable': { post: change('Let somebody in again.', StaffMember, { params: byId }) },
  '/v1/desk/staff/{id}/invite': {
    post: change('A new invitation, for a lost password or phone.', StaffInvitation, { params: byId }),
  },
};
