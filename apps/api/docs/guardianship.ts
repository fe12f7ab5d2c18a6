import { type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import {
  AcceptedInvitation,
  AcceptGuardianship,
  AccessView,
  ConfirmGuardian,
  Contacts,
  CreateInvite,
  GuardianAlert,
  GuardianInvitation,
  GuardianLimits,
  GuardianLimitsView,
  GuardianLink,
  GuardianSummary,
  GuardianSummaryQuery,
  GuardianTeen,
  Invite,
  InviteGuardian,
  Maker,
  PutAccess,
  PutContacts,
  PutMaker,
  RedeemCode,
} from '#contracts';
import { byId, id, listOf, operation, type Route } from './operation.js';

const link = z.string().describe('Identifier of the link.');
const byLink = { path: z.object({ id, link }) };

const account = (route: Omit<Route, 'tag'>) => operation({ ...route, tag: 'Accounts' });

/** A route whose bearer secret is a guardian's session. */
function guardian(route: Omit<Route, 'tag'>): ZodOpenApiOperationObject {
  return { ...operation({ ...route, tag: 'Guardians' }), security: [{ guardian: [] }] };
}

const makers: ZodOpenApiPathsObject = {
  '/v1/makers/{id}': {
    get: account({ summary: 'A maker: the tenant’s end user.', params: byId, answer: Maker }),
    put: account({
      summary: 'State a maker’s age, country or credits. Evidence of age is added, never replaced.',
      params: byId,
      body: PutMaker,
      answer: Maker,
    }),
  },
  '/v1/makers/{id}/contacts': {
    get: account({ summary: 'Whom a maker follows, and who follows back.', params: byId, answer: Contacts }),
    put: account({ summary: 'Replace whom a maker follows.', params: byId, body: PutContacts, answer: Contacts }),
  },
  '/v1/makers/{id}/redeem': {
    post: account({ summary: 'Redeem an invitation code for a maker.', params: byId, body: RedeemCode, answer: Maker }),
  },
  '/v1/makers/{id}/guardians': {
    get: account({ summary: 'The guardians of a maker.', params: byId, answer: listOf(GuardianLink) }),
    post: account({
      summary: 'Invite a guardian for a teen: an address to pass on, good once and for seven days.',
      params: byId,
      body: InviteGuardian,
      answer: GuardianInvitation,
    }),
  },
  '/v1/makers/{id}/guardians/{link}': {
    delete: account({ summary: 'End a link from the teen’s side.', params: byLink, answer: GuardianLink }),
  },
  '/v1/makers/{id}/guardians/{link}/confirm': {
    post: account({
      summary: 'Confirm the two-digit number that the guardian sees; the third wrong one ends the link.',
      params: byLink,
      body: ConfirmGuardian,
      answer: GuardianLink,
    }),
  },
  '/v1/makers/{id}/guardians/{link}/address': {
    post: account({
      summary: 'A new address for a link; earlier ones stop.',
      params: byLink,
      answer: GuardianInvitation,
    }),
  },
  '/v1/guardian_alerts/{id}': {
    get: account({
      summary: 'The alert that a webhook guardian.alert spoke of.',
      params: byId,
      answer: GuardianAlert.extend({ maker: z.string() }),
    }),
  },
};

const access: ZodOpenApiPathsObject = {
  '/v1/access': {
    get: account({ summary: 'Who may generate: codes, countries, free allowance.', answer: AccessView }),
    put: account({ summary: 'Replace the access rules.', body: PutAccess, answer: AccessView }),
  },
  '/v1/access/invites': {
    get: account({ summary: 'List invitation codes, without the codes.', answer: listOf(Invite) }),
    post: account({ summary: 'Make an invitation code; it is shown once.', body: CreateInvite, answer: Invite }),
  },
};

const guardians: ZodOpenApiPathsObject = {
  '/v1/guardian/accept': {
    post: {
      ...guardian({
        summary:
          'Open an address: accept an invitation, or come back to a link. Answers the secret of a session; one that is sent along goes on.',
        body: AcceptGuardianship,
        answer: AcceptedInvitation,
      }),
      security: [], // a session may be sent along, and is not needed
    },
  },
  '/v1/guardian/session': {
    delete: guardian({
      summary: 'Sign this device out for good.',
      answer: z.object({ object: z.literal('guardian.session'), signed_out: z.literal(true) }),
    }),
  },
  '/v1/guardian/links': {
    get: guardian({ summary: 'The teens of this session.', answer: listOf(GuardianTeen) }),
  },
  '/v1/guardian/links/{id}': {
    delete: guardian({ summary: 'End a link.', params: byId, answer: GuardianTeen }),
  },
  '/v1/guardian/links/{id}/summary': {
    get: guardian({
      summary: 'What a teen made, in numbers: no prompts, no pictures.',
      params: { ...byId, query: GuardianSummaryQuery },
      answer: GuardianSummary,
    }),
  },
  '/v1/guardian/links/{id}/limits': {
    get: guardian({ summary: 'The limits of a teen.', params: byId, answer: GuardianLimitsView }),
    put: guardian({
      summary: 'Set all limits of a teen.',
      params: byId,
      body: GuardianLimits,
      answer: GuardianLimitsView,
    }),
  },
  '/v1/guardian/links/{id}/alerts': {
    get: guardian({ summary: 'Alerts, newest first.', params: byId, answer: listOf(GuardianAlert) }),
  },
  '/v1/guardian/alerts/{id}/seen': {
    post: guardian({ summary: 'Note that an alert was read.', params: byId, answer: GuardianAlert }),
  },
};

/** Routes of makers, access rules and guardians. */
export const guardianship: ZodOpenApiPathsObject = { ...makers, ...access, ...guardians };
