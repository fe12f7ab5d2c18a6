import { FilterChain } from './graph.js';
import * as av from './native.js';
import { plausibleRate } from './rate.js';
import { displayMatrix, swapsSides, uprightFilters } from './rotation.js';
import type { Source } from './source.js';

/** How a picture is to be scaled: by its longer side (only down), or its shorter side or width (up or down). */
export interface Sizing {
  maxSide?: number | undefined;
  shortSide?: number | undefined;
  width?: number | undefined;
  /** The result has even sides, as 4:2:0 needs, and the size of the first picture throughout, as a track needs. */
  forTrack?: boolean;
}

/** Size after turning upright and scaling. */
function targetSize(width: number, height: number, sizing: Sizing): { width: number; height: number } {
  const { maxSide, shortSide, forTrack } = sizing;
  let factor = 1;
  if (maxSide !== undefined) factor = Math.min(1, maxSide / Math.max(width, height));
  if (sizing.width !== undefined) factor = sizing.width / width;
  if (shortSide !== undefined) factor = shortSide / Math.min(width, height);
  const fit = (side: number) => {
    if (forTrack) return Math.max(2, factor === 1 ? side - (side % 2) : Math.round((side * factor) / 2) * 2);
    return Math.max(1, Math.round(side * factor));
  };
  return { width: fit(width), height: fit(height) };
}

/** Filters that turn upright and scale; `before` and `after` stand around them. */
export function uprightChain(
  source: Source,
  sizing: Sizing,
  before: (input: av.NativeFrame) => string[],
  after: string[],
): FilterChain {
  const video = av.present(source.video, 'video stream');
  const turn = uprightFilters(displayMatrix(video));
  let fixed: { width: number; height: number } | undefined;
  return new FilterChain(
    'video',
    video.timeBase,
    (input) => {
      const prepare = before(input);
      const upright = swapsSides(turn)
        ? { width: input.height, height: input.width }
        : { width: input.width, height: input.height };
      const to = fixed ?? targetSize(upright.width, upright.height, sizing);
      if (sizing.forTrack) fixed = to;
      const same = to.width === upright.width && to.height === upright.height;
      const scale = same ? [] : [`scale=${to.width}:${to.height}:flags=area`];
      return [...prepare, ...turn, ...scale, ...after].join(',');
    },
    plausibleRate(video.avgFrameRate),
  );
}

/** Filters to upright RGB24 of at most `maxSide` pixels. */
export function rgbChain(source: Source, maxSide: number | undefined): FilterChain {
  return uprightChain(source, { maxSide }, () => [], ['format=rgb24']);
}

/** A tight copy of one plane: rows of `rowBytes` without the decoder's padding. */
export function tightPlane(frame: av.NativeFrame, plane: number, rowBytes: number, height: number): Uint8Array {
  const data = av.present(frame.data?.[plane], 'picture plane');
  const stride = av.present(frame.linesize[plane], 'line size');
  const out = new Uint8Array(rowBytes * height);
  if (stride === rowBytes) {
    out.set(data.subarray(0, out.length));
    return out;
  }
  for (let y = 0; y < height; y++) out.set(data.subarray(y * stride, y * stride + rowBytes), y * rowBytes);
  return out;
}

/** True when the first plane is 8-bit luma. */
export function hasLumaPlane(frame: av.NativeFrame): boolean {
  return lumaFormats.has(frame.format);
}

/** Bits per sample of a planar format, read from FFmpeg's name for it (`yuv420p10le`: 10). */
export function bitDepth(frame: av.NativeFrame): number {
  const name = av.avGetPixFmtName(frame.format as av.AVPixelFormat) ?? '';
  return Number(/(9|10|12|14|16)le$/.exec(name)?.[1] ?? 8);
}

const lumaFormats = new Set<number>([
  ...[av.AV_PIX_FMT_YUV420P, av.AV_PIX_FMT_YUV422P, av.AV_PIX_FMT_YUV444P],
  ...[av.AV_PIX_FMT_YUVJ420P, av.AV_PIX_FMT_YUVJ422P, av.AV_PIX_FMT_YUVJ444P, av.AV_PIX_FMT_GRAY8],
]);
