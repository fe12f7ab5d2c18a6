import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import { ErrorEnvelope, RegisterAgainstLog } from '#contracts';
import { json, operation } from './operation.js';

const index = { path: z.object({ index: z.int().min(0).describe('Place of the entry, from 0.') }) };

function file(
  summary: string,
  type: string,
  description: string,
  params?: ZodOpenApiOperationObject['requestParams'],
): ZodOpenApiOperationObject {
  return {
    summary,
    tags: ['Transparency log'],
    security: [],
    ...(params && { requestParams: params }),
    responses: {
      200: { description, content: { [type]: {} } },
      default: { description: 'Error in the envelope of the OpenAI API.', ...json(ErrorEnvelope) },
    },
  };
}

/** The public log, for any client of C2SP tlog-tiles. */
export const logPaths: ZodOpenApiPathsObject = {
  '/log/checkpoint': {
    get: file('The newest signed tree head.', 'text/plain', 'A signed note (C2SP tlog-checkpoint).'),
  },
  '/log/key': { get: file('The key that checks it.', 'text/plain', 'A verifier key (C2SP signed-note).') },
  '/log/report-key': {
    get: file('The key that signs verification reports.', 'text/plain', 'Its SHA-256, and the key in PEM.'),
  },
  '/log/tile/{path}': {
    get: file(
      'Hashes of the tree, or entries.',
      'application/octet-stream',
      'A tile (C2SP tlog-tiles), such as 0/x001/234.p/5 or entries/000.',
      { path: z.object({ path: z.string() }) },
    ),
  },
  '/log/proof/{index}': {
    get: file('A proof that an entry is in the log.', 'text/plain', 'C2SP tlog-proof.', index),
  },
  '/log/entry/{index}': { get: file('One entry, as it is hashed.', 'application/json', 'Canonical JSON.', index) },
  '/v1/log/register': {
    get: operation({
      summary: 'Where register and log do not agree: nowhere, in a deployment in order. Needs the scope admin.',
      tag: 'Transparency log',
      answer: RegisterAgainstLog,
    }),
  },
};
