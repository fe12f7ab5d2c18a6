import sharp, { type Sharp } from 'sharp';
import { MediaError } from './errors.js';

/** A packed RGB24 picture. */
interface Rgb {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** Longer side of a still in pixels, and of what is left of it before it is blurred. */
const stillSide = 480;
const coarseSide = 12;

function open({ width, height, rgb }: Rgb): Sharp {
  if (rgb.length !== width * height * 3) throw new MediaError('image_unreadable', `${rgb.length} bytes`);
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

/**
 * A moment for the moderator, as two WebP pictures of at most 480 pixels on the longer side: as it is, and with
 * nothing left but a dozen patches of colour, blurred into each other.
 * @param frame packed RGB24
 * @returns size in pixels of both
 * @throws MediaError `image_unreadable` when the bytes do not fit the size
 */
export async function makeStill(
  frame: Rgb,
): Promise<{ width: number; height: number; clear: Uint8Array; blurred: Uint8Array }> {
  const { data, info } = await open(frame)
    .resize(stillSide, stillSide, { fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const small = { raw: { width, height, channels: 3 as const } };
  const clear = await sharp(data, small).webp({ quality: 70, effort: 2 }).toBuffer();
  const coarse = await sharp(data, small)
    .resize(coarseSide, coarseSide, { fit: 'inside', kernel: 'cubic' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const blurred = await sharp(coarse.data, {
    raw: { width: coarse.info.width, height: coarse.info.height, channels: 3 },
  })
    .resize(width, height, { fit: 'fill', kernel: 'nearest' })
    .blur(Math.max(1, Math.max(width, height) / (coarseSide * 2)))
    .webp({ quality: 50, effort: 2 })
    .toBuffer();
  return { width, height, clear: new Uint8Array(clear), blurred: new Uint8Array(blurred) };
}

/**
 * A JPEG of a frame for a service that judges pictures.
 * @param frame packed RGB24
 * @param maxSide longer side in pixels at most; a smaller frame keeps its size. Default 1024
 * @throws MediaError `image_unreadable` when the bytes do not fit the size
 */
export async function makeJpeg(frame: Rgb, maxSide = 1024): Promise<Uint8Array> {
  const image = open(frame).resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true });
  return new Uint8Array(await image.jpeg({ quality: 85 }).toBuffer());
}
