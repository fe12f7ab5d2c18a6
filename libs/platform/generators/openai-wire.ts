import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { z } from 'zod';
import { type GenerationRequest, type GenerationStatus } from '#contracts';
import { sha256Hex } from '#kernel';
import { retryAfterSeconds } from '#platform/http';
import { onlyPicture } from './characters.js';
import { GeneratorError, isRefusalCode, plainCode, type GeneratorFacts } from './errors.js';
import { type Profile } from './profiles.js';

/** An encoded request body. */
export interface EncodedBody {
  contentType: string;
  body: Uint8Array;
}

/** What the operator set for an engine, as far as it goes into a request. */
export interface RequestSettings {
  model?: string | undefined;
  fps?: number | undefined;
  extra?: Record<string, unknown> | undefined;
}

/** Our seed as a number from 0 to 2^31 - 1: itself when it is one, otherwise drawn from its SHA-256. */
export function integerSeed(seed: string): number {
  const own = /^\d{1,10}$/.test(seed) ? Number(seed) : Number.NaN;
  return own < 2 ** 31 ? own : parseInt(sha256Hex(seed).slice(0, 8), 16) >>> 1;
}

/** Width and height of `720x1280`, in pixels. */
export function dimensions(size: string): { width: number; height: number } {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return { width, height };
}

/** The fields of `POST /v1/videos`, by name. What the operator set in `extra` wins. */
export function createFields(
  req: GenerationRequest,
  profile: Profile,
  settings: RequestSettings,
): Record<string, unknown> {
  const { seed, fps, width, height, frames } = profile.extra;
  const fields: Record<string, unknown> = { prompt: req.prompt };
  const model = settings.model ?? (profile.passModel ? req.model : undefined);
  if (model !== undefined) fields['model'] = model;
  fields['seconds'] = profile.secondsAs === 'number' ? req.seconds : String(req.seconds);
  fields['size'] = req.size;
  if (seed) fields[seed.field] = seed.as === 'text' ? req.seed : integerSeed(req.seed);
  if (width) fields[width] = dimensions(req.size).width;
  if (height) fields[height] = dimensions(req.size).height;
  if (settings.fps !== undefined && fps) fields[fps] = settings.fps;
  if (settings.fps !== undefined && frames) fields[frames] = settings.fps * req.seconds;
  return { ...fields, ...settings.extra };
}

const IMAGE_TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
};

/** Media type of an image by the ending of its name. */
export function imageType(path: string): string {
  return IMAGE_TYPES[extname(path).slice(1).toLowerCase()] ?? 'application/octet-stream';
}

/** A file to upload, and the name under which it travels. */
export interface UploadFile {
  path: string;
  as: string;
  /** Media type; by default that of an image with this ending. */
  type?: string;
}

/** Encodes fields and files as multipart/form-data. Values that are not text become JSON. */
export async function encodeMultipart(
  fields: Record<string, unknown>,
  files: Record<string, UploadFile> = {},
): Promise<EncodedBody> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const [name, { path, as, type = imageType(path) }] of Object.entries(files)) {
    form.append(name, new Blob([await readFile(path)], { type }), as);
  }
  const encoded = new Response(form);
  const contentType = encoded.headers.get('content-type') ?? 'multipart/form-data';
  return { contentType, body: Buffer.from(await encoded.arrayBuffer()) };
}

/** Encodes the body of `create` as the profile wants it. @throws GeneratorError `generator_rejected` for several pictures */
export async function encodeCreate(
  req: GenerationRequest,
  profile: Profile,
  settings: RequestSettings,
  generator: string,
): Promise<EncodedBody> {
  const fields = createFields(req, profile, settings);
  const picture = onlyPicture(req, generator);
  if (picture !== undefined) {
    const file = { path: picture, as: `reference${extname(picture)}` };
    return encodeMultipart(fields, { [profile.referenceField]: file });
  }
  if (profile.encoding === 'multipart') return encodeMultipart(fields);
  return { contentType: 'application/json', body: Buffer.from(JSON.stringify(fields)) };
}

/**
 * The request that changes a clip or goes on with it: its file and the words of the change.
 * @throws GeneratorError `generator_rejected` when the server has no such route
 */
export async function encodeDerivation(
  req: GenerationRequest,
  source: NonNullable<GenerationRequest['source']>,
  profile: Profile,
  generator: string,
): Promise<EncodedBody & { path: string }> {
  const path = profile.derives[source.how];
  if (!path)
    throw new GeneratorError('generator_rejected', 'This engine takes no clips to change or to go on with.', generator);
  if (req.characters?.length) {
    const message = 'This engine takes no persons with a clip to go on with.';
    throw new GeneratorError('generator_rejected', message, generator);
  }
  const added = req.seconds - source.seconds;
  const seconds = profile.secondsAs === 'number' ? added : String(added);
  const fields = { prompt: source.change, ...(source.how === 'extension' && { seconds }) };
  const video = { path: source.path, as: 'video.mp4', type: 'video/mp4' };
  return { ...(await encodeMultipart(fields, { video })), path };
}

const WireError = z.object({
  code: z.union([z.string(), z.number()]).nullish(),
  message: z.string().nullish(),
  type: z.string().nullish(),
});
const WireVideo = z.object({
  id: z.string().min(1).max(500),
  status: z.string(),
  progress: z.number().nullish(),
  error: WireError.nullish(),
});
const ErrorBody = z.object({ error: z.union([WireError, z.string()]) });
const DetailBody = z.object({ detail: z.unknown() });

/** A Video object of any of the servers, made uniform. */
export interface UniformVideo {
  id: string;
  status: GenerationStatus;
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Reads a Video object. @throws GeneratorError `generator_bad_answer` */
export function readVideo(body: Buffer, profile: Profile, generator: string): UniformVideo {
  const read = WireVideo.safeParse(json(body));
  if (!read.success) {
    throw new GeneratorError('generator_bad_answer', 'The engine gave an answer that cannot be read.', generator, {
      upstreamMessage: body.toString('utf8', 0, 300),
    });
  }
  const { id, status: said, progress, error } = read.data;
  const own = said === 'queued' || said === 'in_progress' || said === 'completed' || said === 'failed';
  const status = own
    ? said
    : ((Object.hasOwn(profile.states, said) ? profile.states[said] : undefined) ?? 'in_progress');
  const percent = status === 'completed' ? 100 : Math.min(100, Math.max(0, progress ?? 0));
  const failure = { code: String(error?.code ?? 'unknown'), message: error?.message ?? '' };
  return { id, status: { status, progress: percent, error: status === 'failed' ? failure : null } };
}

interface UpstreamError {
  code: string | undefined;
  type: string | undefined;
  message: string | undefined;
}

/** Reads `{error:{code,message,type}}`, `{error:"..."}` and FastAPI's `{detail: "..." | {...} | [{msg}]}`. */
export function readError(body: Buffer): UpstreamError {
  const value = json(body);
  const error = ErrorBody.safeParse(value);
  if (error.success) {
    const inner = error.data.error;
    if (typeof inner === 'string') return { code: undefined, type: undefined, message: inner };
    return { code: plainCode(inner.code), type: plainCode(inner.type), message: inner.message ?? undefined };
  }
  const detail = DetailBody.safeParse(value);
  if (!detail.success) return { code: undefined, type: undefined, message: body.toString('utf8', 0, 300) };
  const nested = WireError.safeParse(detail.data.detail);
  if (nested.success) {
    return {
      code: plainCode(nested.data.code),
      type: plainCode(nested.data.type),
      message: nested.data.message ?? undefined,
    };
  }
  const text = typeof detail.data.detail === 'string' ? detail.data.detail : JSON.stringify(detail.data.detail);
  return { code: undefined, type: undefined, message: text };
}

/** The error that a status outside 2xx stands for. */
export function errorOfStatus(
  answer: { status: number; headers: Record<string, string>; body: Buffer },
  generator: string,
): GeneratorError {
  const { code, type, message } = readError(answer.body);
  const facts: GeneratorFacts = {
    upstreamStatus: answer.status,
    upstreamCode: code ?? type,
    upstreamMessage: message,
    retryAfterS: retryAfterSeconds(answer.headers),
  };
  const { status } = answer;
  if (status >= 400 && status < 500 && (isRefusalCode(code) || isRefusalCode(type))) {
    return new GeneratorError(
      'generator_refused',
      'The engine refused this prompt by its own rules.',
      generator,
      facts,
    );
  }
  if (status === 429) return new GeneratorError('generator_rate_limited', 'The engine is busy.', generator, facts);
  if (status >= 500 || status === 408 || status === 425) {
    return new GeneratorError('generator_unavailable', 'The engine is out of order at the moment.', generator, facts);
  }
  if (status === 401 || status === 403) {
    return new GeneratorError(
      'generator_unauthorized',
      'The engine does not accept our credentials.',
      generator,
      facts,
    );
  }
  return new GeneratorError('generator_rejected', 'The engine does not take this request.', generator, facts);
}
