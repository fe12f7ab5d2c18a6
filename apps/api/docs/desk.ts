import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import {
  BudgetView,
  CaseAhead,
  CaseList,
  CaseView,
  ChartsView,
  CloseQueue,
  CreateGolden,
  CreateQueue,
  DecideCase,
  DecisionReceipt,
  DeskEvent,
  EditQueue,
  GoldenList,
  GoldenView,
  Heartbeat,
  HeartbeatReceipt,
  LeaseGrant,
  ListCases,
  PeekNext,
  PutBudget,
  PutRouting,
  PutSampling,
  QualityQuery,
  QualityView,
  QueueClosed,
  QueueList,
  QueueView,
  ReturnCase,
  Routing,
  RoutingTest,
  SamplingView,
  ShiftView,
  StillView,
  TakeNext,
  TakenCase,
  TestRouting,
  UndoReceipt,
  WriteNote,
} from '#contracts';
import { byId, id, type Route } from './operation.js';
import { csrf, staffOperation } from './staff.js';

const read = (summary: string, answer: z.ZodType, params?: Route['params']) =>
  staffOperation({ summary, answer, tag: 'Review', ...(params && { params }) });
const change = (summary: string, answer: z.ZodType, more: Pick<Route, 'body' | 'params'> = {}) =>
  staffOperation({ summary, answer, tag: 'Review', ...more, params: { ...more.params, header: csrf } });

/** An answer that is no JSON. */
function raw(summary: string, type: string, params: Route['params'], schema: z.ZodType = z.string()) {
  const one = staffOperation({ summary, answer: z.string(), tag: 'Review', ...(params && { params }) });
  const response = { description: 'Done.', content: { [type]: { schema } } };
  return { ...one, responses: { ...one.responses, 200: response } };
}

const next = change(
  'Take the most pressing case: two people never get the same one. 204 when there is none.',
  TakenCase,
  {
    body: TakeNext,
  },
);

const ahead = read('The case that would come next, so that its blurred stills are there early.', CaseAhead, {
  query: PeekNext,
});
const none = { 204: { description: 'No case waits.' } };

/** Human review, for staff who are signed in. */
export const deskPaths: ZodOpenApiPathsObject = {
  '/v1/desk/shift': { get: read('How one’s own day stands.', ShiftView) },
  '/v1/desk/queues': {
    get: read('Queues with their numbers.', QueueList),
    post: change('Open a queue.', QueueView, { body: CreateQueue }),
  },
  '/v1/desk/queues/{id}': {
    put: change('Change a queue; what is left out stays.', QueueView, { params: byId, body: EditQueue }),
  },
  '/v1/desk/queues/{id}/close': {
    post: change('Close a queue; its cases move in the same transaction.', QueueClosed, {
      params: byId,
      body: CloseQueue,
    }),
  },
  '/v1/desk/routing': {
    get: read('The ordered rules.', Routing),
    put: change('Replace the rules.', Routing, { body: PutRouting }),
  },
  '/v1/desk/routing/test': {
    post: change('Where a case would go, and why.', RoutingTest, { body: TestRouting }),
  },
  '/v1/desk/cases': { get: read('Cases, by priority, due time or age.', CaseList, { query: ListCases }) },
  '/v1/desk/cases/ahead': { get: { ...ahead, responses: { ...ahead.responses, ...none } } },
  '/v1/desk/cases/next': {
    post: { ...next, responses: { ...next.responses, ...none } },
  },
  '/v1/desk/cases/{id}': { get: read('All that this person may see of a case; put on record.', CaseView, byId) },
  '/v1/desk/cases/{id}/take': { post: change('Take this case.', LeaseGrant, { params: byId }) },
  '/v1/desk/cases/{id}/heartbeat': {
    post: change('Keep the lease, and say what was seen.', HeartbeatReceipt, { params: byId, body: Heartbeat }),
  },
  '/v1/desk/cases/{id}/return': {
    post: change('Give a case back.', z.object({ object: z.literal('case.returned'), id }), {
      params: byId,
      body: ReturnCase,
    }),
  },
  '/v1/desk/cases/{id}/decide': {
    post: change('Decide. Nothing leaves for ten seconds.', DecisionReceipt, { params: byId, body: DecideCase }),
  },
  '/v1/desk/decisions/{id}/undo': {
    post: change('Take a decision back before it leaves.', UndoReceipt, { params: byId }),
  },
  '/v1/desk/cases/{id}/note': { post: change('Write beside a case.', CaseView, { params: byId, body: WriteNote }) },
  '/v1/desk/cases/{id}/stills/{still}/{view}': {
    get: raw('A still; a look at a clear one is put on record.', 'image/webp', {
      path: z.object({ id, still: z.string().describe('Identifier of the still.'), view: StillView }),
    }),
  },
  '/v1/desk/cases/{id}/clip': {
    get: raw('The clip before its release, also in ranges; put on record.', 'video/mp4', byId),
  },
  '/v1/desk/events': {
    get: raw('Server-sent events: ids and counts of what changed.', 'text/event-stream', undefined, DeskEvent),
  },
  '/v1/desk/golden': {
    get: read('Cases whose right answer is known.', GoldenList),
    post: change('Make a golden item of a closed case.', GoldenView, { body: CreateGolden }),
  },
  '/v1/desk/golden/{id}': { delete: change('Take an item out.', GoldenView, { params: byId }) },
  '/v1/desk/sampling/{tenant}': {
    put: change('Share of a tenant’s released clips that are looked at.', SamplingView, {
      params: { path: z.object({ tenant: id }) },
      body: PutSampling,
    }),
  },
  '/v1/desk/exposure/{staff}': {
    put: change('A person’s budget of unblurred video a day.', BudgetView, {
      params: { path: z.object({ staff: id }) },
      body: PutBudget,
    }),
  },
  '/v1/desk/quality': { get: read('Agreement, accuracy, precision, overturns.', QualityView, { query: QualityQuery }) },
  '/v1/desk/charts': { get: read('Numbers for charts.', ChartsView, { query: QualityQuery }) },
};
