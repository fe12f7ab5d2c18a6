import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import {
  DecideSafetyCase,
  DeskPerson,
  DeskPersonList,
  DeskProtectedDetail,
  DeskProtectedEntry,
  DeskProtectedList,
  DeskSafetyCase,
  DeskSafetyCaseList,
  DeskUseList,
  Evidence,
  ListDeskPersons,
  ListDeskProtected,
  ListDeskSafetyCases,
  ListDeskUses,
  MissingFile,
  OpenSeal,
  PreserveCase,
  ReviewProtected,
  StillView,
} from '#contracts';
import { byId, id, type Route } from './operation.js';
import { csrf, staffOperation } from './staff.js';

/** Routes of one part of the desk. */
function routesOf(tag: string) {
  return {
    read: (summary: string, answer: z.ZodType, params: Route['params'] = byId) =>
      staffOperation({ summary, answer, tag, params }),
    change: (summary: string, answer: z.ZodType, body?: z.ZodType) =>
      staffOperation({ summary, answer, tag, ...(body && { body }), params: { ...byId, header: csrf } }),
    /** An answer that is no JSON. */
    raw: (summary: string, types: readonly string[], params: Route['params'] = byId) => {
      const one = staffOperation({ summary, answer: z.string(), tag, params });
      const content = Object.fromEntries(types.map((type) => [type, {}]));
      return { ...one, responses: { ...one.responses, 200: { description: 'The bytes.', content } } };
    },
  };
}

const safety = routesOf('Child safety');
const people = routesOf('Consent');
const register = routesOf('Protected register');
const BASE = '/v1/desk/child-safety/cases';

const childSafety: ZodOpenApiPathsObject = {
  [BASE]: {
    get: safety.read('Cases, newest first, without words or pictures.', DeskSafetyCaseList, {
      query: ListDeskSafetyCases,
    }),
  },
  [`${BASE}/{id}`]: { get: safety.read('One case.', DeskSafetyCase) },
  [`${BASE}/{id}/open`]: {
    post: safety.change('Open the seal for this session, with a reason, for half an hour.', DeskSafetyCase, OpenSeal),
  },
  [`${BASE}/{id}/evidence`]: {
    get: safety.read('Words, findings and files, while the seal is open. Looking is put on record.', Evidence),
  },
  [`${BASE}/{id}/evidence/files/{name}`]: {
    get: safety.raw(
      'The clip, also in ranges, or the picture that came with the request, while the seal is open. Put on record.',
      ['video/mp4', 'image/png', 'image/jpeg', 'image/webp', 'application/octet-stream'],
      { path: z.object({ id, name: z.enum(['source', 'reference']) }) },
    ),
  },
  [`${BASE}/{id}/evidence/stills/{still}/{view}`]: {
    get: safety.raw('A still, while the seal is open. Looking is put on record.', ['image/webp'], {
      path: z.object({ id, still: z.string().describe('Id from the inspection.'), view: StillView }),
    }),
  },
  [`${BASE}/{id}/report`]: {
    get: safety.raw('The report as it would be sent now, while the seal is open.', ['application/xml'], {
      ...byId,
      query: z.object({ file: z.enum(['source', 'reference']).optional() }),
    }),
  },
  [`${BASE}/{id}/decision`]: {
    post: safety.change('Report or dismiss. Neither releases anything.', DeskSafetyCase, DecideSafetyCase),
  },
  [`${BASE}/{id}/preserve`]: {
    post: safety.change('Preserve the evidence for longer.', DeskSafetyCase, PreserveCase),
  },
  [`${BASE}/{id}/missing`]: {
    post: safety.change('Put on record that a file of the evidence is lost.', DeskSafetyCase, MissingFile),
  },
  [`${BASE}/{id}/send`]: {
    post: safety.change('Send the report. Only a person does; switched off it is refused.', DeskSafetyCase),
  },
};

/** Child safety, likeness and the protected register, for staff who are signed in. */
export const deskPeoplePaths: ZodOpenApiPathsObject = {
  ...childSafety,
  '/v1/desk/likeness': {
    get: people.read('People who lent their likeness, in numbers.', DeskPersonList, { query: ListDeskPersons }),
  },
  '/v1/desk/likeness/{id}': { get: people.read('One of them.', DeskPerson) },
  '/v1/desk/likeness/{id}/uses': {
    get: people.read('The clips with their likeness, and the case about each.', DeskUseList, {
      ...byId,
      query: ListDeskUses,
    }),
  },
  '/v1/desk/register': {
    get: register.read('Entries, newest first; a list names nobody.', DeskProtectedList, { query: ListDeskProtected }),
  },
  '/v1/desk/register/{id}': {
    get: register.read('One entry with names and proof. Looking is put on record.', DeskProtectedDetail),
    delete: register.change('End an entry; one that protects somebody takes two people.', DeskProtectedEntry),
  },
  '/v1/desk/register/{id}/image': {
    get: register.raw('The picture that was sent. Looking is put on record.', [
      ...['image/png', 'image/jpeg', 'image/webp', 'application/octet-stream'],
    ]),
  },
  '/v1/desk/register/{id}/review': {
    post: register.change(
      'Approve or reject. Two people approve; neither is its submitter.',
      DeskProtectedEntry,
      ReviewProtected,
    ),
  },
};
