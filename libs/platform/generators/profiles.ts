/** Servers with the OpenAI Videos API, which differ in the details below. */
export const PROFILE_NAMES = ['openai', 'vllm-omni', 'sglang', 'litellm', 'imprimatur'] as const;

/** One kind of server. */
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** Our fields that the public API does not have, and how a server calls them. Absent: it does not take them. */
export interface ExtraFields {
  /** `text` sends our seed as it is, `integer` a number of 31 bits derived from it. */
  seed?: { field: string; as: 'integer' | 'text' };
  fps?: string;
  width?: string;
  height?: string;
  frames?: string;
}

/** How one kind of server speaks the Videos API. */
export interface Profile {
  /** Encoding of `create`. A reference image always travels as a multipart file. */
  encoding: 'json' | 'multipart';
  /** Field of the reference image. */
  referenceField: string;
  secondsAs: 'string' | 'number';
  /** Whether the model asked of us is passed on when none is configured for the engine. */
  passModel: boolean;
  extra: ExtraFields;
  /** What DELETE does to a running job: stops it, only forgets it, or nothing (not called). */
  deletion: 'aborts' | 'forgets' | 'none';
  /** Names of states beside the four of the API. Anything unknown counts as `in_progress`. */
  states: Record<string, 'queued' | 'in_progress' | 'completed' | 'failed'>;
  /** Header of the API key, and what stands before the key. */
  auth: { header: string; prefix: string };
  /** Header that makes `create` idempotent; null where there is none. */
  idempotencyHeader: string | null;
  /** Routes that take a whole clip, by what they make of it. */
  derives: Partial<Record<'edit' | 'extension', string>>;
  /** Asked by the health check, below the base URL. */
  healthPath: string;
}

const bearer = { header: 'authorization', prefix: 'Bearer ' };
const common = {
  referenceField: 'input_reference',
  // Another Imprimatur takes no foreign clips; the other servers have no such route.
  derives: {},
  states: {
    processing: 'in_progress',
    running: 'in_progress',
    pending: 'queued',
    succeeded: 'completed',
    success: 'completed',
    error: 'failed',
    cancelled: 'failed',
    canceled: 'failed',
    deleted: 'failed',
    expired: 'failed',
  },
  auth: bearer,
} as const satisfies Partial<Profile>;

/**
 * What was read in the servers' sources and in captured traffic of the official SDK. Of SGLang: multipart without a
 * file is refused, `seconds` is a number, DELETE only forgets. Of vLLM-Omni: DELETE stops the engine as well as it can.
 */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  openai: {
    ...common,
    encoding: 'multipart',
    secondsAs: 'string',
    passModel: true,
    extra: {},
    derives: { edit: '/v1/videos/edits', extension: '/v1/videos/extensions' },
    deletion: 'forgets',
    idempotencyHeader: 'idempotency-key',
    healthPath: '/v1/models',
  },
  'vllm-omni': {
    ...common,
    encoding: 'multipart',
    secondsAs: 'string',
    passModel: false,
    extra: {
      seed: { field: 'seed', as: 'integer' },
      fps: 'fps',
      width: 'width',
      height: 'height',
      frames: 'num_frames',
    },
    deletion: 'aborts',
    idempotencyHeader: null,
    healthPath: '/health',
  },
  sglang: {
    ...common,
    encoding: 'json',
    secondsAs: 'number',
    passModel: false,
    extra: { seed: { field: 'seed', as: 'integer' }, fps: 'fps', frames: 'num_frames' },
    deletion: 'forgets',
    idempotencyHeader: null,
    healthPath: '/health',
  },
  litellm: {
    ...common,
    encoding: 'multipart',
    secondsAs: 'string',
    passModel: true,
    extra: {},
    deletion: 'none',
    idempotencyHeader: null,
    healthPath: '/health/liveliness',
  },
  imprimatur: {
    ...common,
    encoding: 'multipart',
    secondsAs: 'string',
    passModel: true,
    extra: { seed: { field: 'seed', as: 'text' } },
    deletion: 'aborts',
    idempotencyHeader: 'idempotency-key',
    healthPath: '/healthz',
  },
};
