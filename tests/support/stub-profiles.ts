import { type StubAnswer, type StubCall } from './stub-http.js';

/** Kinds of servers that the stub can play. */
export type StubProfile = 'openai' | 'vllm-omni' | 'sglang' | 'litellm' | 'imprimatur';

/** One job of the stub. */
export interface StubJob {
  id: string;
  polls: number;
  status: string;
  progress: number;
  model: string;
  prompt: string;
  seconds: string;
  size: string;
  createdAt: number;
  completedAt: number | null;
  error: { code: unknown; message: string } | null;
  remixedFrom: string | null;
}

/** What differs between the servers. */
export interface StubRules {
  idPrefix: string;
  firstStatus: string;
  runningStatus: string;
  deleteRunning: 'yes' | 'conflict' | 'no route';
  health: string;
  /** Names of fields that `create` takes. */
  fields: ReadonlySet<string> | null;
  error(status: number, code: string, message: string): unknown;
}

const OPENAI_FIELDS = [
  'prompt',
  'model',
  'seconds',
  'size',
  'input_reference',
  'input_reference[image_url]',
  'input_reference[file_id]',
];

const envelope = (status: number, code: string, message: string) => ({
  error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error', param: null, code },
});
const detail = (_status: number, code: string, message: string) =>
  code === 'moderation_blocked' ? { detail: { code, message } } : { detail: message };

/** The servers, as their sources and the official SDK's types describe them. */
export const STUB_RULES: Record<StubProfile, StubRules> = {
  openai: {
    idPrefix: 'video_',
    firstStatus: 'queued',
    runningStatus: 'in_progress',
    deleteRunning: 'conflict',
    health: '/v1/models',
    fields: new Set(OPENAI_FIELDS),
    error: envelope,
  },
  'vllm-omni': {
    idPrefix: 'video_gen_',
    firstStatus: 'in_progress',
    runningStatus: 'in_progress',
    deleteRunning: 'yes',
    health: '/health',
    fields: null,
    // Its codes may be integers.
    error: (status, code, message) =>
      code === 'moderation_blocked'
        ? envelope(status, code, message)
        : { error: { message, type: 'BadRequestError', param: null, code: status } },
  },
  sglang: {
    idPrefix: '',
    firstStatus: 'queued',
    runningStatus: 'queued',
    deleteRunning: 'yes',
    health: '/health',
    fields: null,
    error: detail,
  },
  litellm: {
    idPrefix: 'video_',
    firstStatus: 'processing',
    runningStatus: 'processing',
    deleteRunning: 'no route',
    health: '/health/liveliness',
    fields: null,
    error: envelope,
  },
  imprimatur: {
    idPrefix: 'video_',
    firstStatus: 'queued',
    runningStatus: 'in_progress',
    deleteRunning: 'yes',
    health: '/healthz',
    fields: new Set([...OPENAI_FIELDS, 'characters', 'user', 'seed']),
    error: envelope,
  },
};

/** The refusal that `create` of this profile would give, or null. */
export function createRefusal(profile: StubProfile, call: StubCall): StubAnswer | null {
  const rules = STUB_RULES[profile];
  const { fields, files, encoding } = call;
  const refuse = (status: number, message: string) => ({
    status,
    json: rules.error(status, 'invalid_request', message),
  });
  if (profile === 'sglang' && encoding === 'multipart' && files.length === 0) {
    return refuse(400, 'input_reference file is required');
  }
  if (profile === 'vllm-omni' && encoding !== 'multipart') {
    return { status: 422, json: { detail: [{ type: 'missing', loc: ['body', 'prompt'], msg: 'Field required' }] } };
  }
  if (typeof fields['prompt'] !== 'string' || fields['prompt'] === '') return refuse(400, 'prompt is required');
  const unknown = Object.keys(fields).find((name) => rules.fields && !rules.fields.has(name));
  if (unknown !== undefined) return refuse(400, `Unknown parameter: '${unknown}'.`);
  if (profile === 'sglang' && encoding === 'json' && typeof fields['seconds'] === 'string') {
    return refuse(400, 'Invalid request body: seconds: Input should be a valid integer');
  }
  const seconds = fields['seconds'] ?? '4';
  const text = typeof seconds === 'number' ? String(seconds) : seconds;
  if (typeof text !== 'string' || !/^[1-9]\d*$/.test(text)) return refuse(400, 'seconds is invalid');
  return null;
}

/** The Video object of this profile. */
export function videoOf(profile: StubProfile, job: StubJob): Record<string, unknown> {
  const video = {
    id: job.id,
    object: 'video',
    status: job.status,
    progress: job.progress,
    model: job.model,
    seconds: job.seconds,
    size: job.size,
    created_at: job.createdAt,
  };
  const error =
    job.error && profile === 'sglang' && typeof job.error.code !== 'string'
      ? { message: job.error.message }
      : job.error;
  if (profile === 'sglang') return { ...video, quality: 'standard', ...(error ? { error } : {}) };
  return {
    ...video,
    prompt: job.prompt,
    completed_at: job.completedAt,
    expires_at: null,
    error,
    remixed_from_video_id: job.remixedFrom,
  };
}
