import { IMAGE_MAX_BYTES } from '#contracts';
import type { ScreenedImage } from '#domain/examination';
import { AppError } from '#kernel';
import { safeDownload } from '#platform/http';
import type { WorkerParts } from './parts.js';

const SCREEN_TIMEOUT_MS = 14_000;
const FETCH_TIMEOUT_MS = 10_000;

/** Checks an image file like a frame of a result. @throws MediaError when it is not a usable image */
export function screenImage({ examiner }: WorkerParts, path: string): Promise<ScreenedImage> {
  return examiner.run('screenImage', { path }, { timeoutMs: SCREEN_TIMEOUT_MS });
}

/** Brings an image from a public address and checks it. @throws HttpError for private addresses and large files; AppError `image_not_fetched` */
export async function fetchImage(parts: WorkerParts, url: string, path: string): Promise<ScreenedImage> {
  const limits = { timeoutMs: FETCH_TIMEOUT_MS, maxBytes: IMAGE_MAX_BYTES, redirect: 'follow' as const };
  const { status } = await safeDownload(url, path, limits);
  if (status < 200 || status > 299) {
    throw new AppError('invalid', 'image_not_fetched', `The address of the image answered with status ${status}.`);
  }
  return screenImage(parts, path);
}
