import { x264 } from './encode.js';
import * as av from './native.js';
import { blendLuma, greyChroma, greyLevels, type GreyLevels } from './overlay.js';
import { Rewriter, type Plan } from './pipeline.js';
import { tightPlane, uprightChain } from './planes.js';
import { plausibleRate } from './rate.js';
import { openSource } from './source.js';
import type { MarkLuma, Overlay, RewriteOptions } from './types.js';

/** Odd sides lose their last row or column: 4:2:0 cannot hold them, and scaling would blur the whole picture. */
export function evenCrop(input: av.NativeFrame): string[] {
  return input.width % 2 || input.height % 2 ? ['crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0'] : [];
}

/** Draws, then marks: so the mark reads over what was drawn. */
function editor(mark: MarkLuma, prepare: RewriteOptions['overlay']): Required<Pick<Plan, 'prepare' | 'edit'>> {
  let overlay: Overlay = () => [];
  let levels: GreyLevels | undefined;
  const edit: Plan['edit'] = (frame, index, timeS) => {
    const { width, height } = frame;
    // `mark` gets a copy, so that a reference it keeps never points into freed native memory.
    const luma = tightPlane(frame, 0, width, height);
    const patches = overlay(timeS);
    levels ??= greyLevels(frame);
    for (const patch of patches) blendLuma(luma, width, height, patch, levels);
    if (patches.length) greyChroma(frame, patches);
    mark(luma, width, height, index, timeS);
    const data = av.present(frame.data?.[0], 'luma plane');
    const stride = av.present(frame.linesize[0], 'line size');
    if (stride === width) data.set(luma);
    else for (let y = 0; y < height; y++) data.set(luma.subarray(y * width, (y + 1) * width), y * stride);
  };
  return {
    edit,
    prepare: async ({ width, height }) => {
      if (prepare) overlay = await prepare(width, height);
    },
  };
}

/**
 * Writes a clip anew with the luma of every frame changed by `mark`, after `overlay` drew on it: H.264 (8-bit 4:2:0) in MP4 with the index first.
 * Frame count and frame times are kept, a rotation is applied to the pixels, AAC sound is copied and other sound
 * encoded as AAC; no metadata, chapters, captions or further tracks are taken over. The same input, mark and options
 * give the same bytes. On failure nothing is left at `output`.
 * @returns frames written, and seconds from the first frame to the end of the last
 * @throws MediaError as `probe`, and `media_empty`; AppError `media_write_failed`; what `mark` and `overlay` throw; the
 *   signal's reason
 */
export async function rewriteLuma(
  input: string,
  output: string,
  mark: MarkLuma,
  opts: RewriteOptions = {},
): Promise<{ frames: number; durationS: number }> {
  const { crf = 18, preset = 'veryfast', threads = 2, overlay, signal, onProgress } = opts;
  const source = await openSource(input, opts, { video: true, audio: true });
  const chain = uprightChain(source, { forTrack: true }, evenCrop, ['format=yuv420p|yuvj420p']);
  try {
    const frameRate = plausibleRate(av.present(source.video, 'video stream').avgFrameRate);
    const video = { ...x264(crf, preset, true), threads, frameRate };
    const rewriter = new Rewriter(source, chain, output, {
      ...{ format: 'mp4', audio: 'copy', video, ...editor(mark, overlay), signal, onProgress },
    });
    return await rewriter.run();
  } finally {
    await av.freeAll(
      () => chain.close(),
      () => source.close(),
    );
  }
}
