import sharp from 'sharp';
import { decodeVideo, type Decoded } from './decode.js';
import { MediaError, toMediaError } from './errors.js';
import * as av from './native.js';
import { tightPlane, uprightChain } from './planes.js';
import { openSource, type Source } from './source.js';
import type { ReadOptions } from './types.js';

interface Picture {
  rgb: Uint8Array;
  width: number;
  height: number;
}

/** Filters to RGB at a given width, upright and with square pixels assumed. */
function toWidth(source: Source, width: number) {
  return uprightChain(source, {}, () => [], [`scale=${width}:-1:flags=area`, 'format=rgb24']);
}

/** Calls `take` with the first picture at or after each of the ascending times; times past the end get none. */
async function picturesAt(
  source: Source,
  width: number,
  times: number[],
  signal: AbortSignal | undefined,
): Promise<Picture[]> {
  const chain = toWidth(source, width);
  const taken: Picture[] = [];
  const read = async ({ frame }: Decoded): Promise<Picture> => {
    const rgb = await chain.convert(frame);
    return { rgb: tightPlane(rgb, 0, rgb.width * 3, rgb.height), width: rgb.width, height: rgb.height };
  };
  try {
    for await (const decoded of decodeVideo(source, { signal })) {
      if (decoded.timeS + 1e-6 < (times[taken.length] ?? Infinity)) continue;
      const picture = await read(decoded);
      while (decoded.timeS + 1e-6 >= (times[taken.length] ?? Infinity)) taken.push(picture);
      if (taken.length === times.length) break;
    }
    return taken;
  } finally {
    chain.close();
  }
}

/** Opens a clip, takes pictures at `count` times spread over it (the middle of each part), and closes it. */
async function spread(path: string, opts: ReadOptions, width: number, fractions: number[]): Promise<Picture[]> {
  const source = await openSource(path, opts, { video: true, audio: false });
  try {
    const times = fractions.map((f) => f * source.info.durationS);
    // The first picture is always taken as well: a header may promise more than the file holds.
    const [first, ...rest] = await picturesAt(source, width, [0, ...times], opts.signal);
    if (first === undefined) throw new MediaError('media_empty');
    const last = rest.at(-1) ?? first;
    return fractions.map((_, i) => rest[i] ?? last);
  } catch (thrown) {
    throw toMediaError(thrown, 'media_unreadable', opts.signal);
  } finally {
    await av.freeAll(() => source.close());
  }
}

function checkSide(value: number, name: string): void {
  if (!Number.isInteger(value) || value < 1 || value > 4096) throw new RangeError(`${name} must be 1 to 4096`);
}

/**
 * A WebP picture of the frame one third into the clip, upright, `width` pixels wide (default 480).
 * @throws as `sampleFrames`; RangeError for a width outside 1..4096
 */
export async function thumbnail(path: string, opts: ReadOptions & { width?: number } = {}): Promise<Buffer> {
  const { width = 480 } = opts;
  checkSide(width, 'width');
  const [picture] = await spread(path, opts, width, [1 / 3]);
  const { rgb, ...size } = av.present(picture, 'picture');
  return sharp(rgb, { raw: { ...size, channels: 3 } })
    .webp({ quality: 80 })
    .toBuffer();
}

/**
 * A JPEG with `columns` x `rows` (default 5 x 5) upright pictures spread evenly over the clip, in reading order, each
 * `tileWidth` pixels wide (default 160). A clip shorter than that repeats pictures.
 * @throws as `sampleFrames`; RangeError when a number or the whole picture is out of 1..4096
 */
export async function spritesheet(
  path: string,
  opts: ReadOptions & { columns?: number; rows?: number; tileWidth?: number } = {},
): Promise<Buffer> {
  const { columns = 5, rows = 5, tileWidth = 160 } = opts;
  checkSide(columns * tileWidth, 'columns x tileWidth');
  checkSide(rows, 'rows');
  const count = columns * rows;
  const tiles = await spread(
    path,
    opts,
    tileWidth,
    Array.from({ length: count }, (_, i) => (i + 0.5) / count),
  );
  const { height } = av.present(tiles[0], 'picture');
  const stride = columns * tileWidth * 3;
  const sheet = new Uint8Array(stride * height * rows);
  tiles.forEach((tile, i) => {
    const start = Math.floor(i / columns) * height * stride + (i % columns) * tileWidth * 3;
    for (let y = 0; y < Math.min(height, tile.height); y++) {
      sheet.set(tile.rgb.subarray(y * tileWidth * 3, (y + 1) * tileWidth * 3), start + y * stride);
    }
  });
  return sharp(sheet, { raw: { width: columns * tileWidth, height: height * rows, channels: 3 } })
    .jpeg({ quality: 80 })
    .toBuffer();
}
