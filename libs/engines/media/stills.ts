import sharp from 'sharp';
import { decodeVideo, type Decoded } from './decode.js';
import { MediaError, toMediaError } from './errors.js';
import { makeJpeg } from './evidence.js';
import type { FilterChain } from './graph.js';
import { LumaReader } from './luma.js';
import * as av from './native.js';
import { tightPlane, uprightChain } from './planes.js';
import { probe } from './probe.js';
import { openSource, type Source } from './source.js';
import type { LumaFrame, LumaOptions, ReadOptions } from './types.js';

interface Picture {
  rgb: Uint8Array;
  width: number;
  height: number;
}

const THUMBNAIL_WIDTH = 480;
const COLUMNS = 5;
const ROWS = 5;
const TILE_WIDTH = 160;

/** The middle of each of `count` equal parts. */
const tileShares = (count: number) => Array.from({ length: count }, (_, i) => (i + 0.5) / count);

function webp([picture]: Picture[]): Promise<Buffer> {
  const { rgb, ...size } = av.present(picture, 'picture');
  return sharp(rgb, { raw: { ...size, channels: 3 } })
    .webp({ quality: 80 })
    .toBuffer();
}

function contactSheet(tiles: Picture[], columns: number, rows: number): Promise<Buffer> {
  const { height, width: tileWidth } = av.present(tiles[0], 'picture');
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

/** Filters to RGB at a given width, upright and with square pixels assumed. */
function toWidth(source: Source, width: number) {
  return uprightChain(source, {}, () => [], [`scale=${width}:-1:flags=area`, 'format=rgb24']);
}

/** Takes the first picture at or after each of some ascending shares of a clip's duration. */
class Spread {
  private readonly chain: FilterChain;
  private readonly times: number[];
  private readonly taken: Picture[] = [];

  constructor(
    source: Source,
    width: number,
    private readonly shares: number[],
  ) {
    this.chain = toWidth(source, width);
    // The first picture is always taken as well: a header may promise more than the file holds.
    this.times = [0, ...shares.map((share) => share * source.info.durationS)];
  }

  private get next(): number {
    return this.times[this.taken.length] ?? Infinity;
  }

  get done(): boolean {
    return this.taken.length === this.times.length;
  }

  async offer({ frame, timeS }: Decoded): Promise<void> {
    if (timeS + 1e-6 < this.next) return;
    const rgb = await this.chain.convert(frame);
    const picture = { rgb: tightPlane(rgb, 0, rgb.width * 3, rgb.height), width: rgb.width, height: rgb.height };
    while (timeS + 1e-6 >= this.next) this.taken.push(picture);
  }

  /** One picture for each share; the last one again for those past the end. */
  pictures(): Picture[] {
    const [first, ...rest] = this.taken;
    if (first === undefined) throw new MediaError('media_empty');
    const last = rest.at(-1) ?? first;
    return this.shares.map((_, i) => rest[i] ?? last);
  }

  close(): void {
    this.chain.close();
  }
}

/** Opens a clip, takes pictures at shares of its duration, and closes it. */
async function spread(path: string, opts: ReadOptions, width: number, shares: number[]): Promise<Picture[]> {
  const source = await openSource(path, opts, { video: true, audio: false });
  const taker = new Spread(source, width, shares);
  try {
    for await (const decoded of decodeVideo(source, { signal: opts.signal })) {
      await taker.offer(decoded);
      if (taker.done) break;
    }
    return taker.pictures();
  } catch (thrown) {
    throw toMediaError(thrown, 'media_unreadable', opts.signal);
  } finally {
    await av.freeAll(
      () => taker.close(),
      () => source.close(),
    );
  }
}

/**
 * `thumbnail` and `spritesheet` in one decoding pass, which also hands the luma of every n-th frame to `take`, as
 * `decodeLuma` gives it. The whole clip is decoded.
 * @throws as `decodeLuma`; what `take` throws
 */
export async function stillsWithLuma(
  path: string,
  take: (luma: LumaFrame) => void,
  opts: Pick<LumaOptions, 'signal' | 'limits' | 'shortSide' | 'every'> = {},
): Promise<{ thumbnail: Buffer; sheet: Buffer }> {
  const { every = 1, shortSide, signal } = opts;
  const source = await openSource(path, opts, { video: true, audio: false });
  const reader = new LumaReader(source, { shortSide });
  const one = new Spread(source, THUMBNAIL_WIDTH, [1 / 3]);
  const many = new Spread(source, TILE_WIDTH, tileShares(COLUMNS * ROWS));
  try {
    for await (const decoded of decodeVideo(source, { signal })) {
      if (decoded.index % every === 0) take(await reader.read(decoded));
      await one.offer(decoded);
      await many.offer(decoded);
    }
    return { thumbnail: await webp(one.pictures()), sheet: await contactSheet(many.pictures(), COLUMNS, ROWS) };
  } catch (thrown) {
    throw toMediaError(thrown, 'media_unreadable', signal);
  } finally {
    await av.freeAll(
      () => one.close(),
      () => many.close(),
      () => reader.close(),
      () => source.close(),
    );
  }
}

/** A moment of a clip as a JPEG picture. */
export interface JpegStill {
  timeS: number;
  jpeg: Uint8Array;
}

/**
 * Pictures of single moments: the first frame at or after each of some ascending times, upright, `width` pixels wide;
 * times past the end give the last frame taken. Decodes up to the last time, and no further.
 * @param when times in seconds, or a number of moments spread evenly over the clip
 * @throws as `sampleFrames`; RangeError for a width outside 1..4096
 */
export async function stillsAt(
  path: string,
  when: number[] | number,
  opts: ReadOptions & { width?: number } = {},
): Promise<JpegStill[]> {
  const { width = THUMBNAIL_WIDTH } = opts;
  checkSide(width, 'width');
  const { durationS } = await probe(path, opts);
  const times = typeof when === 'number' ? tileShares(when).map((share) => share * durationS) : when;
  const pictures = await spread(
    path,
    opts,
    width,
    times.map((time) => (durationS > 0 ? time / durationS : 0)),
  );
  return Promise.all(
    pictures.map(async (picture, i) => ({ timeS: times[i]!, jpeg: await makeJpeg(picture, Math.max(width, 1024)) })),
  );
}

function checkSide(value: number, name: string): void {
  if (!Number.isInteger(value) || value < 1 || value > 4096) throw new RangeError(`${name} must be 1 to 4096`);
}

/**
 * A WebP picture of the frame one third into the clip, upright, `width` pixels wide (default 480).
 * @throws as `sampleFrames`; RangeError for a width outside 1..4096
 */
export async function thumbnail(path: string, opts: ReadOptions & { width?: number } = {}): Promise<Buffer> {
  const { width = THUMBNAIL_WIDTH } = opts;
  checkSide(width, 'width');
  return webp(await spread(path, opts, width, [1 / 3]));
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
  const { columns = COLUMNS, rows = ROWS, tileWidth = TILE_WIDTH } = opts;
  checkSide(columns * tileWidth, 'columns x tileWidth');
  checkSide(rows, 'rows');
  return contactSheet(await spread(path, opts, tileWidth, tileShares(columns * rows)), columns, rows);
}
