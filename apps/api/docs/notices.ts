import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import {
  AccountStatus,
  ActOnAccount,
  AppealList,
  AppealView,
  CreateAppeal,
  CreateReport,
  ListAppeals,
  ListMakers,
  ListStatements,
  MakerAccount,
  MakerList,
  ReportQuery,
  ReportReceipt,
  StatementList,
} from '#contracts';
import { byId, operation, type Route } from './operation.js';
import { csrf, staffOperation } from './staff.js';

/** With an API key, or without one. */
const either: Record<string, string[]>[] = [{ key: [] }, {}];
const read = (summary: string, answer: z.ZodType, params?: Route['params']) =>
  staffOperation({ summary, answer, tag: 'Notices', ...(params && { params }) });

const csv = read('Statements as the DSA Transparency Database’s own bulk files have them (RFC 4180).', z.string(), {
  query: ListStatements.omit({ limit: true, after: true }),
});

/** Statements of reasons, reports, appeals and accounts. */
export const noticePaths: ZodOpenApiPathsObject = {
  '/v1/reports': {
    post: {
      ...operation({
        summary: 'Report a release: by a platform for its user, or by anybody without a key.',
        tag: 'Notices',
        body: CreateReport,
        answer: ReportReceipt,
      }),
      security: either,
    },
  },
  '/v1/reports/{id}': {
    get: {
      ...operation({
        summary: 'What became of a report, with an API key or the token of its receipt.',
        tag: 'Notices',
        params: { ...byId, query: ReportQuery },
        answer: ReportReceipt,
      }),
      security: either,
    },
  },
  '/v1/appeals': {
    post: operation({
      summary: 'Contest a statement of reasons for the person concerned: once, within six months.',
      tag: 'Notices',
      body: CreateAppeal,
      answer: AppealView,
    }),
  },
  '/v1/appeals/{id}': {
    get: operation({ summary: 'What became of an appeal.', tag: 'Notices', params: byId, answer: AppealView }),
  },
  '/v1/makers/{id}/standing': {
    get: operation({ summary: 'How a maker’s account stands.', tag: 'Notices', params: byId, answer: AccountStatus }),
  },
  '/v1/desk/statements': { get: read('Statements of reasons.', StatementList, { query: ListStatements }) },
  '/v1/desk/statements.csv': {
    get: {
      ...csv,
      responses: { ...csv.responses, 200: { description: 'Done.', content: { 'text/csv': { schema: z.string() } } } },
    },
  },
  '/v1/desk/appeals': { get: read('Appeals; they are decided as cases are.', AppealList, { query: ListAppeals }) },
  '/v1/desk/makers': { get: read('Makers and how they stand.', MakerList, { query: ListMakers }) },
  '/v1/desk/makers/{id}': { get: read('A maker with everything that was decided.', MakerAccount, byId) },
  '/v1/desk/makers/{id}/actions': {
    post: staffOperation({
      summary: 'Warn, suspend or ban a maker, or lift that.',
      tag: 'Notices',
      params: { ...byId, header: csrf },
      body: ActOnAccount,
      answer: MakerAccount,
    }),
  },
};
