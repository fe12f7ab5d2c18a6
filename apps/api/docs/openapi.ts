import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import {
  ApiKey,
  ClipView,
  ContentVariant,
  CreateKey,
  CreateModeration,
  CreateVideo,
  CreateWebhookEndpoint,
  EditVideo,
  ErrorEnvelope,
  ExtendVideo,
  LabelView,
  ListVideos,
  Moderation,
  PutLabel,
  RemixVideo,
  ReviewDecision,
  StatementOfReasons,
  StillView,
  Video,
  VideoDeleted,
  VideoList,
  WebhookEndpoint,
  WithdrawClip,
} from '#contracts';
import { bindings } from './bindings.js';
import { consent } from './consent.js';
import { deskPaths } from './desk.js';
import { deskPeoplePaths } from './desk-people.js';
import { deskPlatformPaths } from './desk-platforms.js';
import { deskPolicyPaths } from './desk-policies.js';
import { guardianship } from './guardianship.js';
import { hashBanks } from './hash-banks.js';
import { logPaths } from './log.js';
import { noticePaths } from './notices.js';
import { byId, id, json, listOf, operation } from './operation.js';
import { childSafety, register } from './protected.js';
import { staffPaths } from './staff.js';
import { verify } from './verify.js';

const createHeaders = z.object({
  'Idempotency-Key': z.string().max(255).describe('The same key and body get the first answer again.').optional(),
  'X-Imprimatur-Maker': z
    .string()
    .describe('The tenant’s own name for the person who asks; a `user` in the body must be the same.')
    .optional(),
  'X-Imprimatur-Synthetic-Signals': z
    .string()
    .describe(
      'JSON list of signals (category, score, reason) that a rehearsal adds to its own clip; they only make the gate stricter.',
    )
    .optional(),
});

const CreateVideoForm = CreateVideo.omit({ input_reference: true }).extend({
  input_reference: z.any().describe('An image file (PNG, JPEG or WebP).').optional(),
});

const videos: ZodOpenApiPathsObject = {
  '/v1/videos': {
    post: operation({
      summary: 'Ask for a clip. A refused prompt is a 400 with code moderation_blocked.',
      tag: 'Videos',
      params: { header: createHeaders },
      body: CreateVideo,
      form: CreateVideoForm,
      answer: Video,
    }),
    get: operation({ summary: 'List clips.', tag: 'Videos', params: { query: ListVideos }, answer: VideoList }),
  },
  '/v1/videos/{id}': {
    get: operation({
      summary: 'Retrieve a clip. A clip that waits for a person is in_progress.',
      tag: 'Videos',
      params: byId,
      answer: Video,
    }),
    delete: operation({ summary: 'Delete or cancel a clip.', tag: 'Videos', params: byId, answer: VideoDeleted }),
  },
  '/v1/videos/{id}/content': {
    get: {
      summary: 'Download a released clip: the video, a thumbnail or a spritesheet.',
      tags: ['Videos'],
      requestParams: { ...byId, query: z.object({ variant: ContentVariant }) },
      responses: {
        200: {
          description: 'The bytes, exactly as they were signed.',
          content: { 'video/mp4': {}, 'image/webp': {}, 'image/jpeg': {} },
        },
        default: { description: 'Error.', ...json(ErrorEnvelope) },
      },
    },
  },
  '/v1/videos/{id}/remix': {
    post: operation({
      summary: 'Ask for a changed version of a released clip.',
      tag: 'Videos',
      params: { ...byId, header: createHeaders },
      body: RemixVideo,
      form: RemixVideo,
      answer: Video,
    }),
  },
  '/v1/videos/edits': {
    post: operation({
      summary: 'Ask for a released clip with a change; everything else stays. Uploaded files are not accepted.',
      tag: 'Videos',
      params: { header: createHeaders },
      body: EditVideo,
      form: EditVideo,
      answer: Video,
    }),
  },
  '/v1/videos/extensions': {
    post: operation({
      summary: 'Ask for a released clip that goes on; the answer is the whole clip, up to 60 seconds.',
      tag: 'Videos',
      params: { header: createHeaders },
      body: ExtendVideo,
      form: ExtendVideo,
      answer: Video,
    }),
  },
};

const Health = z.object({ status: z.enum(['ok', 'degraded']), version: z.string() }).loose();

const operators: ZodOpenApiPathsObject = {
  '/healthz': {
    get: operation({
      summary: 'Whether the service lives, and what it stands on.',
      tag: 'Operators',
      open: true,
      answer: Health,
    }),
  },
  '/readyz': {
    get: operation({
      summary: 'Whether requests can be served to the end: 200 or 503.',
      tag: 'Operators',
      open: true,
      answer: z.object({ ready: z.boolean(), missing: z.string().optional() }),
    }),
  },
  '/metrics': {
    get: {
      summary: 'Numbers of all processes in the Prometheus text format.',
      tags: ['Operators'],
      security: [],
      responses: { 200: { description: 'Done.', content: { 'text/plain': { schema: z.string() } } } },
    },
  },
};

const ours: ZodOpenApiPathsObject = {
  '/v1/moderations': {
    post: operation({
      summary: 'Score texts and images.',
      tag: 'Moderations',
      body: CreateModeration,
      answer: Moderation,
    }),
  },
  '/v1/clips/{id}': {
    get: operation({
      summary: 'The true state of a clip: signals, decisions, timings, history.',
      tag: 'Clips',
      params: byId,
      answer: ClipView,
    }),
  },
  '/v1/clips/held': {
    get: operation({ summary: 'Clips that wait for a person.', tag: 'Clips', answer: listOf(ClipView) }),
  },
  '/v1/clips/{id}/stills/{still}': {
    get: {
      summary: 'A still of a clip for reviewers, blurred unless asked otherwise; looks at clear ones are on record.',
      tags: ['Clips'],
      requestParams: {
        path: z.object({ id, still: z.string().describe('Id from the inspection.') }),
        query: z.object({ view: StillView.optional() }),
      },
      responses: {
        200: { description: 'The picture.', content: { 'image/webp': {} } },
        default: { description: 'Error.', ...json(ErrorEnvelope) },
      },
    },
  },
  '/v1/clips/{id}/label.vtt': {
    get: {
      summary: 'The visible label as a text track, where it is delivered beside the clip.',
      tags: ['Clips'],
      requestParams: byId,
      responses: {
        200: { description: 'WebVTT.', content: { 'text/vtt': { schema: z.string() } } },
        default: { description: 'Error.', ...json(ErrorEnvelope) },
      },
    },
  },
  '/v1/clips/{id}/decision': {
    post: operation({
      summary:
        'Decide a held clip. 202 with the clip still held where another reader has to agree; 409 while somebody looks at it in the console.',
      tag: 'Clips',
      params: byId,
      body: ReviewDecision,
      answer: ClipView,
    }),
  },
  '/v1/clips/{id}/withdraw': {
    post: operation({
      summary: 'Withdraw a released clip: it is served no more and verification says so.',
      tag: 'Clips',
      params: byId,
      body: WithdrawClip,
      answer: ClipView,
    }),
  },
  '/v1/statements/{id}': {
    get: operation({ summary: 'A statement of reasons.', tag: 'Clips', params: byId, answer: StatementOfReasons }),
  },
  '/v1/webhook_endpoints': {
    post: operation({
      summary: 'Register a webhook endpoint (Standard Webhooks).',
      tag: 'Webhooks',
      body: CreateWebhookEndpoint,
      answer: WebhookEndpoint,
    }),
    get: operation({ summary: 'List webhook endpoints.', tag: 'Webhooks', answer: listOf(WebhookEndpoint) }),
  },
  '/v1/webhook_endpoints/{id}': {
    get: operation({ summary: 'One endpoint.', tag: 'Webhooks', params: byId, answer: WebhookEndpoint }),
    delete: operation({
      summary: 'Remove an endpoint.',
      tag: 'Webhooks',
      params: byId,
      answer: z.object({ id, object: z.string(), deleted: z.literal(true) }),
    }),
  },
  '/v1/webhook_endpoints/{id}/rotate_secret': {
    post: operation({
      summary: 'Make a new signing secret.',
      tag: 'Webhooks',
      params: byId,
      body: z.object({ keep_old_secret_active_for_24_hours: z.boolean().optional() }),
      answer: WebhookEndpoint,
    }),
  },
  '/v1/keys': {
    get: operation({ summary: 'List API keys.', tag: 'Accounts', answer: listOf(ApiKey) }),
    post: operation({
      summary: 'Make an API key; it is shown once.',
      tag: 'Accounts',
      body: CreateKey,
      answer: ApiKey,
    }),
  },
  '/v1/keys/{id}': {
    delete: operation({
      summary: 'Revoke an API key.',
      tag: 'Accounts',
      params: byId,
      answer: z.object({ id, object: z.string(), revoked: z.literal(true) }),
    }),
  },
  '/v1/label': {
    get: operation({ summary: 'How clips say that they were made with AI.', tag: 'Accounts', answer: LabelView }),
    put: operation({
      summary: 'Choose the label of clips: a market, or kinds of labels.',
      tag: 'Accounts',
      body: PutLabel,
      answer: LabelView,
    }),
    delete: operation({ summary: 'Go back to the default label.', tag: 'Accounts', answer: LabelView }),
  },
};

/** The OpenAPI 3.1 description of the API, from the schemas that the routes use. */
export function openApiDocument(serverUrl: string, version: string) {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Imprimatur',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Trust, safety and provenance for text-to-video. Speaks the OpenAI Videos and Moderations APIs: change the base URL of your client.',
    },
    servers: [{ url: serverUrl }],
    security: [{ key: [] }],
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer' },
        staff: { type: 'apiKey', in: 'cookie', name: '__Host-imprimatur-staff' },
        guardian: { type: 'http', scheme: 'bearer', description: 'Secret of a guardian’s session.' },
        personSecret: { type: 'http', scheme: 'bearer', description: 'The secret behind the # of somebody’s link.' },
      },
    },
    paths: {
      ...videos,
      ...consent,
      ...ours,
      ...verify,
      ...bindings,
      ...guardianship,
      ...hashBanks,
      ...register,
      ...childSafety,
      ...logPaths,
      ...staffPaths,
      ...deskPaths,
      ...deskPeoplePaths,
      ...deskPolicyPaths,
      ...deskPlatformPaths,
      ...noticePaths,
      ...operators,
    },
  });
}
