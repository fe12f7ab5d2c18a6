import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import {
  ApprovePolicy,
  AuditDayCheck,
  AuditDays,
  AuditFilter,
  AuditPage,
  Backtest,
  DiffQuery,
  DraftPolicy,
  EditPolicy,
  ListAuditDays,
  ListPolicies,
  PolicyDiff,
  PolicyVersionList,
  PolicyVersionView,
  PublishPolicy,
  RollBackPolicy,
  SearchAudit,
  SetShadow,
  ShadowNumbers,
  StartBacktest,
} from '#contracts';
import { byId, type Route } from './operation.js';
import { csrf, staffOperation } from './staff.js';

const about = (tag: string) => ({
  read: (summary: string, answer: z.ZodType, params?: Route['params']) =>
    staffOperation({ summary, answer, tag, ...(params && { params }) }),
  change: (summary: string, answer: z.ZodType, more: Pick<Route, 'body' | 'params'> = {}) =>
    staffOperation({ summary, answer, tag, ...more, params: { ...more.params, header: csrf } }),
});

const policies = about('Policies');
const audit = about('Audit');
const onOne = (body: z.ZodType) => ({ params: byId, body });

const exported = staffOperation({
  summary:
    'All events that fit, oldest first, as NDJSON. The last line tells their number and the SHA-256 of all bytes before it; a file without it was cut off.',
  answer: z.string(),
  tag: 'Audit',
  params: { query: AuditFilter },
});

/** Versions of the policy, and the record. */
export const deskPolicyPaths: ZodOpenApiPathsObject = {
  '/v1/desk/policies': {
    get: policies.read('All versions, newest first.', PolicyVersionList, { query: ListPolicies }),
    post: policies.change('Draft a version from any other. Faults are told with line and column.', PolicyVersionView, {
      body: DraftPolicy,
    }),
  },
  '/v1/desk/policies/{id}': {
    get: policies.read('One version with its text.', PolicyVersionView, byId),
    put: policies.change(
      'Edit a draft. Approvals of the text before count no more; whoever edits cannot approve.',
      PolicyVersionView,
      onOne(EditPolicy),
    ),
  },
  '/v1/desk/policies/{id}/discard': {
    post: policies.change('Give a draft up.', PolicyVersionView, { params: byId }),
  },
  '/v1/desk/policies/{id}/diff': {
    get: policies.read('What differs from another version, or from the live one.', PolicyDiff, {
      ...byId,
      query: DiffQuery,
    }),
  },
  '/v1/desk/policies/{id}/backtest': {
    post: policies.change(
      'Try a version on the stored signals of past clips. Nothing is decided.',
      Backtest,
      onOne(StartBacktest),
    ),
    get: policies.read('The newest back-test, with what it has counted so far.', Backtest, byId),
  },
  '/v1/desk/policies/{id}/shadow': {
    post: policies.change(
      'Begin or end deciding beside the live version, without acting.',
      ShadowNumbers,
      onOne(SetShadow),
    ),
    get: policies.read('What it decided beside the live version.', ShadowNumbers, byId),
  },
  '/v1/desk/policies/{id}/approve': {
    post: policies.change(
      'Say yes to exactly one text. It takes two people who did not write in it.',
      PolicyVersionView,
      onOne(ApprovePolicy),
    ),
  },
  '/v1/desk/policies/{id}/publish': {
    post: policies.change('Publish at once or at a time.', PolicyVersionView, onOne(PublishPolicy)),
  },
  '/v1/desk/policies/{id}/cancel': {
    post: policies.change('Take a scheduled version back to the drafts.', PolicyVersionView, { params: byId }),
  },
  '/v1/desk/policies/{id}/rollback': {
    post: policies.change(
      'Go back from the live version to the one before it, at once.',
      PolicyVersionView,
      onOne(RollBackPolicy),
    ),
  },
  '/v1/desk/audit': { get: audit.read('Search the record, newest first.', AuditPage, { query: SearchAudit }) },
  '/v1/desk/audit/export': { get: exported },
  '/v1/desk/audit/days': {
    get: audit.read('Closed days with their roots.', AuditDays, { query: ListAuditDays }),
  },
  '/v1/desk/audit/days/{day}/check': {
    get: audit.read('Hash a day again and compare it with the public log.', AuditDayCheck, {
      path: z.object({ day: z.iso.date() }),
    }),
  },
};
