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
  /** Pixels become square, so that proportions are those a viewer sees. */
  display?: boolean;
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

/** Filters that turn upright and scale; `before` and `after` stand around them, and go by what comes in. */
export function uprightChain(
  source: Source,
  sizing: Sizing,
  before: (input: av.NativeFrame) => string[],
  after: string[] | ((input: av.NativeFrame) => string[]),
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
      const square = sizing.display ? squaring(input) : { x: 1, y: 1 };
      const [x, y] = swapsSides(turn) ? [square.y, square.x] : [square.x, square.y];
      const to = fixed ?? targetSize(upright.width * x, upright.height * y, sizing);
      if (sizing.forTrack) fixed = to;
      const same = to.width === upright.width && to.height === upright.height;
      const scale = same ? [] : [`scale=${to.width}:${to.height}:flags=area`];
      return [...prepare, ...turn, ...scale, ...(Array.isArray(after) ? after : after(input))].join(',');
    },
    plausibleRate(video.avgFrameRate),
  );
}

/** Filters to upright RGB24 of at most `maxSide` pixels. */
export function rgbChain(source: Source, maxSide: number | undefined): FilterChain {
  // The small picture is brought to SDR, not the large one: that costs fifty times what scaling does.
  const colours = (input: av.NativeFrame) => [...toSdr(input), 'format=rgb24'];
  return uprightChain(source, { maxSide, display: true }, () => [], colours);
}

/**
 * Filters that bring PQ and HLG (BT.2100) to BT.709 as a player on a plain screen does; none for other pictures.
 * White of 203 cd/m2 (BT.2408) becomes white; what is brighter is rolled off.
 */
function toSdr({ colorTrc, colorPrimaries, colorSpace }: av.NativeFrame): string[] {
  if (colorTrc !== av.AVCOL_TRC_SMPTE2084 && colorTrc !== av.AVCOL_TRC_ARIB_STD_B67) return [];
  const primaries = colorPrimaries === av.AVCOL_PRI_UNSPECIFIED ? ':pin=bt2020' : '';
  const matrix = colorSpace === av.AVCOL_SPC_UNSPECIFIED ? ':min=bt2020nc' : '';
  return [
    // 4:4:4: zscale refuses odd sides with anything less.
    ...['format=yuv444p10le', `zscale=t=linear:npl=203${primaries}${matrix}`, 'format=gbrpf32le', 'zscale=p=bt709'],
    ...['tonemap=mobius:param=0.7:desat=0', 'zscale=t=bt709:m=bt709:r=tv', 'format=yuv444p'],
  ];
}

/** Factors that make pixels square without losing any; ratios that no camera writes are taken for damage. */
function squaring({ sampleAspectRatio: { num, den } }: av.NativeFrame): { x: number; y: number } {
  const ratio = num > 0 && den > 0 ? num / den : 1;
  if (ratio < 0.2 || ratio > 5) return { x: 1, y: 1 };
  return ratio > 1 ? { x: ratio, y: 1 } : { x: 1, y: 1 / ratio };
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

/** True when the first plane is luma of more than 8 bits: RGB planes of that depth have none. */
export function hasDeepLumaPlane(frame: av.NativeFrame): boolean {
  return /^yuv4..p(9|1\d)le$/.test(av.avGetPixFmtName(frame.format as av.AVPixelFormat) ?? '');
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
