import { IMAGE_MAX_BYTES, type ReferenceFaces, type Signal } from '#contracts';
import { referenceFaces } from '#domain/likeness';
import { AppError } from '#kernel';
import { safeDownload } from '#platform/http';
import type { WorkerParts } from './parts.js';

const SCREEN_TIMEOUT_MS = 14_000;
const FETCH_TIMEOUT_MS = 10_000;

/** What leaves this process of a screened image: findings, and who was recognised; never a template. */
export interface ScreenedReference {
  format: string;
  width: number;
  height: number;
  signals: Signal[];
  /** Null when they were not asked for. */
  faces: ReferenceFaces | null;
}

/**
 * Checks an image file like a frame of a result.
 * @param tenantId compares the faces in it too, as for a clip of this tenant
 * @throws MediaError when it is not a usable image
 */
export async function screenImage(parts: WorkerParts, path: string, tenantId?: string): Promise<ScreenedReference> {
  const { examiner, faces: register } = parts;
  const asked = { path, faces: tenantId !== undefined };
  const screened = await examiner.run('screenImage', asked, { timeoutMs: SCREEN_TIMEOUT_MS });
  const { format, width, height, signals } = screened;
  const faces = tenantId === undefined ? null : await referenceFaces(register, tenantId, screened);
  return { format, width, height, signals, faces };
}

/** Brings an image from a public address and checks it. @throws HttpError for private addresses and large files; AppError `image_not_fetched` */
export async function fetchImage(
  parts: WorkerParts,
  url: string,
  path: string,
  tenantId?: string,
): Promise<ScreenedReference> {
  const limits = { timeoutMs: FETCH_TIMEOUT_MS, maxBytes: IMAGE_MAX_BYTES, redirect: 'follow' as const };
  const { status } = await safeDownload(url, path, limits);
  if (status < 200 || status > 299) {
    throw new AppError('invalid', 'image_not_fetched', `The address of the image answered with status ${status}.`);
  }
  return screenImage(parts, path, tenantId);
}
