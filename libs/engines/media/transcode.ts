import { extname } from 'node:path';
import { x264, type VideoSettings } from './encode.js';
import * as av from './native.js';
import { Rewriter, type Plan } from './pipeline.js';
import { uprightChain } from './planes.js';
import { evenCrop } from './rewrite.js';
import { plausibleRate, rationalRate } from './rate.js';
import { openSource } from './source.js';
import type { TranscodeOptions } from './types.js';

function codecSettings(
  codec: NonNullable<TranscodeOptions['codec']>,
  crf: number | undefined,
): Pick<VideoSettings, 'encoder' | 'options'> {
  switch (codec) {
    case 'h264':
      return x264(crf ?? 23, 'veryfast');
    case 'hevc':
      return {
        encoder: 'libx265',
        options: { crf: String(crf ?? 23), preset: 'veryfast', 'x265-params': 'log-level=none:info=0:pools=2' },
      };
    case 'av1':
      // SVT-AV1 prints its settings past FFmpeg's log; its own variable is the only switch.
      process.env['SVT_LOG'] ??= '0';
      return { encoder: 'libsvtav1', options: { crf: String(crf ?? 32), preset: '10' } };
    case 'vp9':
      return {
        encoder: 'libvpx-vp9',
        options: { crf: String(crf ?? 32), b: '0', deadline: 'realtime', 'cpu-used': '6', 'row-mt': '1' },
      };
  }
}

function formatOf(path: string): Plan['format'] {
  const extension = extname(path).toLowerCase();
  if (extension === '.webm') return 'webm';
  return extension === '.mkv' ? 'matroska' : 'mp4';
}

/**
 * A plain re-encode that keeps no metadata: what a platform or messenger does to a clip. The container follows the
 * name of the output: WebM (Opus sound; needs `vp9` or `av1`), Matroska, or MP4 (AAC sound).
 * @returns frames written, and seconds from the first frame to the end of the last
 * @throws as `rewriteLuma`
 */
export async function transcode(
  input: string,
  output: string,
  opts: TranscodeOptions = {},
): Promise<{ frames: number; durationS: number }> {
  const { crf, shortSide, fps, codec = 'h264', dropAudio, signal } = opts;
  const source = await openSource(input, opts, { video: true, audio: !dropAudio });
  const rate = fps === undefined ? undefined : rationalRate(fps);
  const after = [...(rate ? [`fps=${rate.num}/${rate.den}`] : []), 'format=yuv420p'];
  const chain = uprightChain(source, { shortSide, forTrack: true }, evenCrop, after);
  try {
    const frameRate = rate ?? plausibleRate(av.present(source.video, 'video stream').avgFrameRate);
    const video = { ...codecSettings(codec, crf), threads: 2, frameRate };
    const audio = dropAudio ? 'drop' : 'encode';
    return await new Rewriter(source, chain, output, { format: formatOf(output), audio, video, signal }).run();
  } finally {
    await av.freeAll(
      () => chain.close(),
      () => source.close(),
    );
  }
}
