import sharp, { type Metadata } from 'sharp';
import { MediaError } from './errors.js';
import type { Frame, ImageLimits } from './types.js';

type ImageFormat = 'png' | 'jpeg' | 'webp';

/** Seconds one picture may take to decode. */
const decodeTimeoutS = 20;

/** The format by its first bytes; libvips knows dozens more (SVG, TIFF, PDF ...) that are not let near. */
function formatOf(bytes: Buffer): ImageFormat | null {
  if (bytes.length >= 8 && bytes.readUInt32BE(0) === 0x89504e47 && bytes.readUInt32BE(4) === 0x0d0a1a0a) return 'png';
  if (bytes.length >= 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  const riff = bytes.length >= 12 && bytes.toString('latin1', 0, 4) === 'RIFF';
  return riff && bytes.toString('latin1', 8, 12) === 'WEBP' ? 'webp' : null;
}

/** An APNG shows players frames that a still decoder never sees; its control chunk stands before the picture data. */
function isAnimatedPng(bytes: Buffer): boolean {
  for (let at = 8; at + 8 <= bytes.length;) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
    at += 12 + bytes.readUInt32BE(at);
  }
  return false;
}

/**
 * Checks an image by its header alone; no pixel is decoded, so a decompression bomb costs nothing.
 * @param bytes PNG, JPEG or WebP, one picture (no animation)
 * @returns format, and the size in pixels after EXIF orientation
 * @throws MediaError `image_unsupported`, `image_too_large`, `image_unreadable`
 */
export async function checkImage(
  bytes: Buffer,
  limits: ImageLimits = {},
): Promise<{ format: ImageFormat; width: number; height: number }> {
  const { maxPixels = 40e6, maxBytes = 50 * 2 ** 20 } = limits;
  if (bytes.length > maxBytes) throw new MediaError('image_too_large', undefined, { maxBytes });
  const format = formatOf(bytes);
  if (format === null) throw new MediaError('image_unsupported');
  if (format === 'png' && isAnimatedPng(bytes)) throw new MediaError('image_unsupported');
  let facts: Metadata;
  try {
    // The limit is checked here and not by sharp, whose refusal looks like damage.
    facts = await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (thrown) {
    throw new MediaError('image_unreadable', thrown);
  }
  if (facts.format !== format || (facts.pages ?? 1) > 1) throw new MediaError('image_unsupported');
  const { width, height } = facts.autoOrient;
  if (width * height > maxPixels) throw new MediaError('image_too_large', undefined, { width, height, maxPixels });
  return { format, width, height };
}

/**
 * Decodes a checked image to upright sRGB; transparency is laid on white.
 * @param opts `maxSide` scales down so that the longer side has at most this many pixels
 * @returns a frame with index 0, time 0, `why: 'first'`
 * @throws MediaError as `checkImage`; `image_unreadable` also for a truncated file
 */
export async function decodeImageFrame(bytes: Buffer, opts: ImageLimits & { maxSide?: number } = {}): Promise<Frame> {
  const { maxSide, maxPixels = 40e6 } = opts;
  await checkImage(bytes, opts);
  try {
    let image = sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true })
      .timeout({ seconds: decodeTimeoutS })
      .autoOrient()
      .flatten({ background: 'white' })
      .toColourspace('srgb');
    if (maxSide !== undefined) image = image.resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true });
    const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`${info.channels} channels`);
    return { index: 0, timeS: 0, width: info.width, height: info.height, rgb: new Uint8Array(data), why: 'first' };
  } catch (thrown) {
    throw new MediaError('image_unreadable', thrown);
  }
}
