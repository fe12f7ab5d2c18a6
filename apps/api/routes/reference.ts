import { writeFile } from 'node:fs/promises';
import { IMAGE_MAX_BYTES, ReferenceFaces, type InputReference, type Signal } from '#contracts';
import { AppError } from '#kernel';
import type { Core } from '#platform/core';
import type { JobPayload } from '#platform/queue';

/** What the worker says of a usable image. */
export interface ScreenedReference {
  path: string;
  signals: Signal[];
  /** Whose faces it shows; `unable` where they were not asked for. */
  faces: ReferenceFaces;
}

const SCREEN_MS = 25_000;

const NOT_ASKED: ReferenceFaces = { state: 'unable', reason: 'The faces were not looked at.' };

function bad(code: string, message: string): AppError {
  return new AppError('invalid', code, message);
}

/** Bytes of a base64 data URL. @throws AppError when it is none or too large */
function dataUrlBytes(url: string): Buffer {
  const match = /^data:image\/[a-z0-9.+-]{1,40};base64,/i.exec(url);
  if (!match) throw bad('invalid_image_url', 'The image must be an https URL or a base64 data URL of an image.');
  const bytes = Buffer.from(url.slice(match[0].length), 'base64');
  if (bytes.length > IMAGE_MAX_BYTES)
    throw new AppError('too_large', 'image_too_large', 'Images may have at most 20 MB.');
  return bytes;
}

/**
 * Has an image looked at by a worker: this process opens no media. The caller removes the file of a usable image.
 * @param param name of the request's field that holds it, for errors
 * @param tenantId asks for the faces in it too, compared as for a clip of this tenant
 * @throws AppError when it is not a usable image, or could not be looked at in time
 */
export async function screenReference(
  core: Core,
  source: { path: string } | InputReference,
  param: string,
  tenantId?: string,
): Promise<ScreenedReference> {
  try {
    return await look(core, source, tenantId);
  } catch (e) {
    if (e instanceof AppError) throw new AppError(e.kind, e.code, e.message, { ...e.details, param });
    throw e;
  }
}

async function look(
  core: Core,
  source: { path: string } | InputReference,
  tenantId: string | undefined,
): Promise<ScreenedReference> {
  if ('file_id' in source)
    throw bad('file_id_not_supported', 'file_id is not supported: send the image itself or its URL.');
  if ('path' in source) return screen(core, 'image.screen', { path: source.path, tenantId });
  const { path, dispose } = await core.scratch.file('image');
  try {
    if (!source.image_url.startsWith('data:')) {
      return await screen(core, 'image.fetch', { url: source.image_url, path, tenantId });
    }
    await writeFile(path, dataUrlBytes(source.image_url), { flag: 'wx', mode: 0o600 });
    return await screen(core, 'image.screen', { path, tenantId });
  } catch (e) {
    await dispose();
    throw e;
  }
}

async function screen<N extends 'image.screen' | 'image.fetch'>(
  core: Core,
  job: N,
  payload: JobPayload<N>,
): Promise<ScreenedReference> {
  try {
    const answer = await core.queue.ask(job, payload, SCREEN_MS);
    const { signals, faces } = answer as { signals: Signal[]; faces: unknown };
    return { path: payload.path, signals, faces: faces === null ? NOT_ASKED : ReferenceFaces.parse(faces) };
  } catch (e) {
    if (e instanceof AppError && e.kind !== 'unavailable' && e.kind !== 'internal') throw e;
    core.logger.warn({ err: e }, 'image not screened');
    throw new AppError('unavailable', 'image_not_checked', 'The image could not be checked right now. Try again.', {
      retryAfterS: 5,
    });
  }
}
