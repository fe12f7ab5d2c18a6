import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import {
  BindingCapabilities,
  BindingDiscovery,
  BindingMatches,
  BindingStatus,
  ErrorEnvelope,
  FetchManifest,
  ManifestId,
  MatchByBinding,
  MatchByContent,
  MatchLimit,
  SoftBinding,
  SupportedAlgorithms,
} from '#contracts';
import { json, operation } from './operation.js';

const TAG = 'Soft bindings (C2PA)';

const bytes = { schema: { type: 'string' as const, format: 'binary' } };
const error = (description: string) => ({ description, ...json(ErrorEnvelope) });

const failures = { 400: error('Invalid query.'), 429: error('Too many questions.'), 500: error('Service failure.') };

const matches = (operation: Omit<ZodOpenApiOperationObject, 'responses'>, more: Record<number, object> = {}) => ({
  ...operation,
  tags: [TAG],
  security: [],
  responses: {
    200: { description: 'Best first; empty when there is none.', ...json(BindingMatches) },
    ...failures,
    ...more,
  },
});

/** The C2PA Soft Binding Resolution API 2.4.0. */
export const bindings: ZodOpenApiPathsObject = {
  '/v1/matches/byBinding': {
    get: matches(
      { summary: 'Manifests that a soft binding leads to.', requestParams: { query: MatchByBinding } },
      { 414: error('The address is too long: use POST.') },
    ),
    post: matches({
      summary: 'The same for long values.',
      requestParams: { query: MatchLimit },
      requestBody: { required: true, ...json(SoftBinding) },
    }),
  },
  '/v1/matches/byContent': {
    post: matches(
      {
        summary: 'Manifests that a file leads to. The file is deleted after the answer.',
        description:
          'The file leaves you: whoever can read the watermark or take the fingerprint himself sends only that to byBinding.',
        requestParams: { query: MatchByContent },
        requestBody: { required: true, content: { 'video/*': bytes, 'image/*': bytes } },
      },
      { 413: error('The file is larger than accepted.'), 415: error('No video and no picture.') },
    ),
  },
  '/v1/manifests/{activeManifestId}': {
    get: {
      summary: 'The manifest store of a release, withdrawn ones too.',
      tags: [TAG],
      security: [],
      requestParams: { path: z.object({ activeManifestId: ManifestId }), query: FetchManifest },
      responses: {
        200: { description: 'The manifest store.', content: { 'application/c2pa': {} } },
        ...failures,
        404: error('No release has this manifest.'),
      },
    },
  },
  '/v1/services/supportedAlgorithms': {
    get: operation({
      summary: 'Algorithms whose bindings lead to manifests here.',
      tag: TAG,
      open: true,
      answer: SupportedAlgorithms,
    }),
  },
  '/v1/services/capabilities': {
    get: operation({ summary: 'Optional parts that are offered.', tag: TAG, open: true, answer: BindingCapabilities }),
  },
  '/v1/services/status': {
    get: operation({ summary: 'Whether questions are answered.', tag: TAG, open: true, answer: BindingStatus }),
  },
  '/.well-known/c2pa-soft-binding-resolution': {
    get: operation({ summary: 'Where this API is.', tag: TAG, open: true, answer: BindingDiscovery }),
  },
};
