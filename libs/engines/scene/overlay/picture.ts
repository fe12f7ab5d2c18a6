import sharp from 'sharp';

import { drawSprite, type Bitmap } from '../bitmap.js';
import { SceneError } from '../errors.js';
import { n, premultiplied, rasterise } from '../raster.js';
import { type Stage } from '../stage.js';

const readable = new Set(['jpeg', 'png', 'webp', 'gif', 'heif', 'avif', 'tiff']);

/** A picture in a paper frame, and where it hangs. */
export interface Picture {
  bitmap: Bitmap;
  x: number;
  y: number;
  tilt: number;
}

async function decode(bytes: Uint8Array, width: number, height: number): Promise<Bitmap> {
  try {
    const image = sharp(bytes, { limitInputPixels: 64_000_000, failOn: 'error', pages: 1 });
    const { format } = await image.metadata();
    if (!readable.has(format ?? '')) throw new Error(`format ${format ?? 'unknown'}`);
    // Faces sit high in portraits, so what does not fit is cut from the foot first.
    const { data } = await image
      .rotate()
      .resize(width, height, { fit: 'cover', position: 'top' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return premultiplied(data, width, height);
  } catch (cause) {
    throw new SceneError(
      'scene_reference_unreadable',
      'The reference image could not be decoded; send a JPEG, PNG, WebP or AVIF picture.',
      cause,
    );
  }
}

/** Where the nth of several pictures hangs, and the share of the height that one may take. */
function placeOf(stage: Stage, index: number, count: number): { x: number; y: number; tall: number } {
  const wide = stage.width > stage.height;
  if (count === 1) {
    const left = stage.sun.x > stage.width / 2;
    return { x: wide ? (left ? 0.27 : 0.73) : 0.5, y: wide ? 0.45 : 0.4, tall: 0.44 };
  }
  const along = (index + 0.5) / count;
  return wide
    ? { x: along, y: 0.45, tall: Math.min(0.44, 1 / count) }
    : { x: 0.5, y: 0.03 + 0.94 * along, tall: Math.min(0.44, 0.66 / count) };
}

/**
 * Mounts pictures as photographs with a white border and a shadow, large enough that a face in one is known again.
 * @throws SceneError `scene_reference_unreadable`
 */
export function picturesOf(stage: Stage, shown: readonly Uint8Array[]): Promise<Picture[]> {
  return Promise.all(shown.map((bytes, i) => pictureOf(stage, bytes, i, shown.length)));
}

async function pictureOf(stage: Stage, reference: Uint8Array, index: number, count: number): Promise<Picture> {
  const rng = stage.rng.fork(index === 0 ? 'picture' : `picture ${index}`);
  const place = placeOf(stage, index, count);
  const inner = Math.round(Math.min(stage.unit * 1.7, stage.width * 0.5, stage.height * place.tall));
  const tall = Math.round(inner * 1.15);
  const edge = Math.round(inner * 0.06);
  const margin = edge * 2;
  const width = inner + edge * 2 + margin * 2;
  const height = tall + edge * 4 + margin * 2;
  const paper = stage.shade('#fbf8f0');
  const card = `<rect x="${margin}" y="${margin}" width="${inner + edge * 2}" height="${tall + edge * 4}" rx="${n(edge * 0.5)}"`;
  const frame = await rasterise(
    `<defs><filter id="f" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="${n(edge * 0.6)}"/></filter></defs>${card} transform="translate(${n(edge * 0.3)} ${n(edge * 0.5)})" fill="#000000" opacity="0.45" filter="url(#f)"/>${card} fill="${paper}"/>`,
    width,
    height,
  );
  const photo = await decode(reference, inner, tall);
  drawSprite(frame, photo, {
    x: margin + edge + inner / 2,
    y: margin + edge + tall / 2,
    scaleX: (inner + 2) / inner,
    scaleY: (tall + 2) / tall,
    angle: 0,
    opacity: 1,
  });
  return {
    bitmap: frame,
    x: stage.width * place.x,
    y: stage.height * place.y,
    tilt: rng.range(-0.07, 0.07),
  };
}

/** Draws the picture floating in and then swaying a little. */
export function drawPicture(target: Bitmap, picture: Picture, t: number, seconds: number): void {
  const come = Math.min(1, t / Math.min(0.6, seconds * 0.15));
  const grown = 0.9 + 0.1 * come * (2 - come);
  const y = picture.y + Math.sin(t * 0.9) * target.height * 0.008;
  drawSprite(target, picture.bitmap, {
    x: picture.x,
    y,
    scaleX: grown,
    scaleY: grown,
    angle: picture.tilt + Math.sin(t * 0.7) * 0.018,
    opacity: 1,
  });
}
