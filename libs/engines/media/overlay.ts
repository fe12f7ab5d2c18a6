import * as av from './native.js';
import type { GreyPatch } from './types.js';

/** Levels of black and white in 8-bit luma. */
export interface GreyLevels {
  black: number;
  white: number;
}

/** Levels for a frame's range and brightness: white of HDR pictures is that of paper (203 cd/m2, BT.2408). */
export function greyLevels(frame: Pick<av.NativeFrame, 'colorRange' | 'colorTrc'>): GreyLevels {
  const full = frame.colorRange === av.AVCOL_RANGE_JPEG;
  const [black, span] = full ? [0, 255] : [16, 219];
  if (frame.colorTrc === av.AVCOL_TRC_SMPTE2084) return { black, white: Math.round(black + 0.58 * span) };
  if (frame.colorTrc === av.AVCOL_TRC_ARIB_STD_B67) return { black, white: Math.round(black + 0.75 * span) };
  return { black, white: black + span };
}

/** Lays a patch over a luma plane of `stride` bytes a row; what sticks out of the picture is cut off. */
export function blendLuma(
  luma: Uint8Array,
  stride: number,
  height: number,
  patch: GreyPatch,
  levels: GreyLevels,
): void {
  const scale = (levels.white - levels.black) / 255;
  const columns = Math.min(patch.width, stride - patch.left);
  for (let y = 0; y < patch.height && patch.top + y < height; y++) {
    let from = y * patch.width;
    let at = (patch.top + y) * stride + patch.left;
    for (let x = 0; x < columns; x++, from++, at++) {
      const alpha = patch.alpha[from]!;
      if (alpha === 0) continue;
      const ink = levels.black + patch.grey[from]! * scale;
      luma[at] = Math.round(luma[at]! + ((ink - luma[at]!) * alpha) / 255);
    }
  }
}

/** Takes the colour out of a 4:2:0 chroma plane under a patch, as far as the patch covers it. */
export function blendChroma(chroma: Uint8Array, stride: number, height: number, patch: GreyPatch): void {
  const { width, alpha } = patch;
  const columns = Math.min(width >> 1, stride - (patch.left >> 1));
  for (let y = 0; y < patch.height >> 1 && (patch.top >> 1) + y < height; y++) {
    let at = ((patch.top >> 1) + y) * stride + (patch.left >> 1);
    for (let x = 0; x < columns; x++, at++) {
      const from = y * 2 * width + x * 2;
      const cover = alpha[from]! + alpha[from + 1]! + alpha[from + width]! + alpha[from + width + 1]!;
      if (cover > 0) chroma[at] = Math.round(chroma[at]! + ((128 - chroma[at]!) * cover) / 1020);
    }
  }
}

/** The chroma planes of a 4:2:0 picture lose their colour under the patches. */
export function greyChroma(frame: av.NativeFrame, patches: readonly GreyPatch[]): void {
  for (const plane of [1, 2]) {
    const data = av.present(frame.data?.[plane], 'chroma plane');
    const stride = av.present(frame.linesize[plane], 'line size');
    for (const patch of patches) blendChroma(data, stride, frame.height >> 1, patch);
  }
}
