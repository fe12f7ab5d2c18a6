import { type ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import {
  DecideSafetyCase,
  ErrorEnvelope,
  Evidence,
  ListSafetyCases,
  ListProtected,
  MissingFile,
  PreserveCase,
  ProtectedEntry,
  ProtectedEntryDetail,
  ProtectedList,
  ReviewProtected,
  SafetyCase,
  SafetyCaseList,
  StillView,
  SubmitProtected,
} from '#contracts';
import { byId, id, json, operation } from './operation.js';

const REGISTER = 'Protected register';
const SAFETY = 'Child safety';
const SubmitForm = SubmitProtected.extend({
  image: z.any().describe('A picture with one large face (PNG, JPEG or WebP).').optional(),
});
const failed = { description: 'Error in the envelope of the OpenAI API.', ...json(ErrorEnvelope) };
const bytes = (...types: string[]) => ({
  200: { description: 'The bytes.', content: Object.fromEntries(types.map((type) => [type, {}])) },
  default: failed,
});

/** Routes of the register of people who never enrolled. Scope `register`. */
export const register: ZodOpenApiPathsObject = {
  '/v1/register': {
    post: operation({
      summary:
        'Submit somebody who may not be shown, with names, a picture or both, and proof. Two other people review it.',
      tag: REGISTER,
      body: SubmitProtected,
      form: SubmitForm,
      answer: ProtectedEntry,
    }),
    get: operation({
      summary: 'Entries of the register, newest first; a list names nobody.',
      tag: REGISTER,
      params: { query: ListProtected },
      answer: ProtectedList,
    }),
  },
  '/v1/register/{id}': {
    get: operation({
      summary: 'One entry with names and proof. Looking is put on record.',
      tag: REGISTER,
      params: byId,
      answer: ProtectedEntryDetail,
    }),
    delete: operation({
      summary: 'End an entry: its key is destroyed, nothing of the person is left.',
      tag: REGISTER,
      params: byId,
      answer: ProtectedEntry,
    }),
  },
  '/v1/register/{id}/image': {
    get: {
      summary: 'The picture that was sent, while it is kept. Looking is put on record.',
      tags: [REGISTER],
      requestParams: byId,
      responses: bytes('application/octet-stream'),
    },
  },
  '/v1/register/{id}/review': {
    post: operation({
      summary: 'Approve or reject an entry. Two people approve it; neither is its submitter.',
      tag: REGISTER,
      params: byId,
      body: ReviewProtected,
      answer: ProtectedEntry,
    }),
  },
};

/** Routes of child safety cases. Scope `child_safety`, which `admin` does not imply. */
export const childSafety: ZodOpenApiPathsObject = {
  '/v1/child-safety/cases': {
    get: operation({
      summary: 'Cases, newest first, without words or pictures.',
      tag: SAFETY,
      params: { query: ListSafetyCases },
      answer: SafetyCaseList,
    }),
  },
  '/v1/child-safety/cases/{id}': {
    get: operation({ summary: 'One case.', tag: SAFETY, params: byId, answer: SafetyCase }),
  },
  '/v1/child-safety/cases/{id}/evidence': {
    get: operation({
      summary: 'Words, findings and files of a case. Looking is put on record.',
      tag: SAFETY,
      params: byId,
      answer: Evidence,
    }),
  },
  '/v1/child-safety/cases/{id}/evidence/files/{name}': {
    get: {
      summary: 'The clip, or the picture that came with the request. Looking is put on record.',
      tags: [SAFETY],
      requestParams: { path: z.object({ id, name: z.enum(['source', 'reference']) }) },
      responses: bytes('video/mp4', 'application/octet-stream'),
    },
  },
  '/v1/child-safety/cases/{id}/evidence/stills/{still}': {
    get: {
      summary: 'A still, blurred unless asked otherwise. Looking is put on record.',
      tags: [SAFETY],
      requestParams: {
        path: z.object({ id, still: z.string().describe('Id from the inspection.') }),
        query: z.object({ view: StillView.optional() }),
      },
      responses: bytes('image/webp'),
    },
  },
  '/v1/child-safety/cases/{id}/report': {
    get: {
      summary: 'The report as it would be sent now, in the form of the CyberTipline reporting API.',
      tags: [SAFETY],
      requestParams: {
        ...byId,
        query: z.object({ file: z.enum(['source', 'reference']).optional() }),
      },
      responses: bytes('application/xml'),
    },
  },
  '/v1/child-safety/cases/{id}/decision': {
    post: operation({
      summary: 'Decide to report or to dismiss a case. Neither releases anything.',
      tag: SAFETY,
      params: byId,
      body: DecideSafetyCase,
      answer: SafetyCase,
    }),
  },
  '/v1/child-safety/cases/{id}/preserve': {
    post: operation({
      summary: 'Preserve the evidence for longer.',
      tag: SAFETY,
      params: byId,
      body: PreserveCase,
      answer: SafetyCase,
    }),
  },
  '/v1/child-safety/cases/{id}/missing': {
    post: operation({
      summary: 'Put on record that a file of the evidence is lost; the case is sealed without it.',
      tag: SAFETY,
      params: byId,
      body: MissingFile,
      answer: SafetyCase,
    }),
  },
  '/v1/child-safety/cases/{id}/send': {
    post: operation({
      summary: 'Send the report. Only a person does; in test mode nothing is sent, and switched off it is refused.',
      tag: SAFETY,
      params: byId,
      answer: SafetyCase,
    }),
  },
};
