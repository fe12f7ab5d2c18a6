export { MediaError, type MediaErrorCode } from './errors.js';
export { checkImage, decodeImageFrame } from './images.js';
export { denseFrames } from './dense.js';
export { makeJpeg, makeStill } from './evidence.js';
export { decodeAudio } from './sound.js';
export { decodeLuma } from './luma.js';
export { openClipWriter } from './clip-writer.js';
export { probe } from './probe.js';
export { rewriteLuma } from './rewrite.js';
export { sampleFrames } from './sample.js';
export { spritesheet, stillsAt, stillsWithLuma, thumbnail, type JpegStill } from './stills.js';
export { transcode } from './transcode.js';
export { watchClip } from './watch.js';
export {
  defaultMediaLimits,
  type AudioBlock,
  type AudioOptions,
  type ClipFormat,
  type ClipWriter,
  type DenseOptions,
  type Frame,
  type GreyPatch,
  type ImageLimits,
  type LumaFrame,
  type LumaOptions,
  type MarkLuma,
  type MediaInfo,
  type MediaLimits,
  type Overlay,
  type ReadOptions,
  type RewriteOptions,
  type SampleOptions,
  type Timeline,
  type TimeSpan,
  type TranscodeOptions,
  type WatchedFrame,
  type Watchers,
  type WatchOptions,
  type WatchSummary,
} from './types.js';
