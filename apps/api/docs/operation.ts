import { type ZodOpenApiOperationObject } from 'zod-openapi';
import { z } from 'zod';
import { ErrorEnvelope } from '#contracts';

/** A body of JSON. */
export const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });
/** Any identifier. */
export const id = z.string().describe('Identifier.');
/** Path parameters of a route for one thing. */
export const byId = { path: z.object({ id }) };
/** A list in the form of the OpenAI API. */
export const listOf = (item: z.ZodType) => z.object({ object: z.literal('list'), data: z.array(item) });

/** What the documentation says of one route. */
export interface Route {
  summary: string;
  answer: z.ZodType;
  tag: string;
  body?: z.ZodType;
  form?: z.ZodType;
  params?: ZodOpenApiOperationObject['requestParams'];
  open?: boolean;
}

/** One route with JSON in and out, and the common error. */
export function operation({ summary, answer, tag, body, form, params, open }: Route): ZodOpenApiOperationObject {
  const content = {
    ...(body && { 'application/json': { schema: body } }),
    ...(form && { 'multipart/form-data': { schema: form } }),
  };
  return {
    summary,
    tags: [tag],
    ...(open && { security: [] }),
    ...(params && { requestParams: params }),
    ...((body ?? form) && { requestBody: { required: true, content } }),
    responses: {
      200: { description: 'Done.', ...json(answer) },
      default: { description: 'Error in the envelope of the OpenAI API.', ...json(ErrorEnvelope) },
    },
  };
}
