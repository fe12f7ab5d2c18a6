import { type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import {
  ErrorEnvelope,
  Verification,
  VerificationDeleted,
  VerifyFeedback,
  VerifyFeedbackTaken,
  VerifyReport,
  VerifyUrl,
} from '#contracts';
import { byId, json, operation } from './operation.js';

const TAG = 'Verify';

const prefer = z.object({
  Prefer: z.string().describe('`respond-async`: answer 202 at once, with an address to ask at.').optional(),
});

const bytes = { schema: { type: 'string' as const, format: 'binary' } };

const take: ZodOpenApiOperationObject = {
  summary:
    'What can be proven of a file or of what lies at an address. No account. The file is deleted when it has been examined.',
  description:
    'Waits up to 60 seconds for the report, not for its files: those are made right after it. Later, or with `Prefer: respond-async`, answers 202 with a job. 429 with Retry-After comes before the body is read.',
  tags: [TAG],
  security: [],
  requestParams: { header: prefer },
  requestBody: {
    required: true,
    content: {
      'multipart/form-data': { schema: z.object({ file: z.any().describe('The file.') }) },
      'application/json': { schema: VerifyUrl },
      'video/*': bytes,
      'image/*': bytes,
      'application/octet-stream': bytes,
    },
  },
  responses: {
    200: { description: 'The report.', ...json(VerifyReport) },
    202: {
      description: 'Taken; `Location` says where to ask.',
      headers: z.object({ Location: z.string() }),
      ...json(Verification),
    },
    default: { description: 'Error in the envelope of the OpenAI API.', ...json(ErrorEnvelope) },
  },
};

/** A file of a report as a download. */
function download(summary: string, type: string): ZodOpenApiOperationObject {
  return {
    summary,
    tags: [TAG],
    security: [],
    requestParams: byId,
    responses: {
      200: { description: 'The file.', content: { [type]: {} } },
      409: {
        description: '`report_not_ready`: it is still being made; `Retry-After` says when to ask again.',
        headers: z.object({ 'Retry-After': z.string() }),
        ...json(ErrorEnvelope),
      },
      default: { description: 'Error: not made, deleted, or expired.', ...json(ErrorEnvelope) },
    },
  };
}

/** Routes of public verification. */
export const verify: ZodOpenApiPathsObject = {
  '/v1/verify': { post: take },
  '/v1/verify/{id}': {
    get: operation({
      summary:
        'How far an examination is, and its report, which may be there before `status` is `completed`: its files follow. 404 once it has expired.',
      tag: TAG,
      open: true,
      params: byId,
      answer: Verification,
    }),
    delete: operation({
      summary: 'Delete the report and its files at once.',
      tag: TAG,
      open: true,
      params: byId,
      answer: VerificationDeleted,
    }),
  },
  '/v1/verify/{id}/report.json': { get: download('The report as JSON.', 'application/json') },
  '/v1/verify/{id}/report.pdf': { get: download('The report for people.', 'application/pdf') },
  '/v1/verify/{id}/bundle.zip': { get: download('All that an examination offline needs.', 'application/zip') },
  '/v1/verify/{id}/feedback': {
    post: operation({
      summary: 'Say whether the answer helped; kept with its verdict code, without the file and without a name.',
      tag: TAG,
      open: true,
      params: byId,
      body: VerifyFeedback,
      answer: VerifyFeedbackTaken,
    }),
  },
};
