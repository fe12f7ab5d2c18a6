import { toMediaError } from './errors.js';
import { CutDetector } from './cuts.js';
import { decodeVideo, type Decoded, type Tally } from './decode.js';
import type { FilterChain } from './graph.js';
import * as av from './native.js';
import { bitDepth, rgbChain, tightPlane } from './planes.js';
import { Schedule, type ScheduleOptions } from './schedule.js';
import { openSource, type Source } from './source.js';
import type { Frame, SampleOptions } from './types.js';

/** A packed RGB copy of a decoded picture. */
export async function toFrame(chain: FilterChain, from: Decoded, why: Frame['why']): Promise<Frame> {
  const rgb = await chain.convert(from.frame);
  const { width, height } = rgb;
  return { index: from.index, timeS: from.timeS, width, height, rgb: tightPlane(rgb, 0, width * 3, height), why };
}

function looksLikeCut(cuts: CutDetector, frame: av.NativeFrame): boolean {
  const data = frame.data?.[0];
  const stride = frame.linesize[0];
  if (data === undefined || stride === undefined) return false;
  return cuts.isCut({ data, stride, width: frame.width, height: frame.height, bits: bitDepth(frame) });
}

/** How one pass over an opened clip goes. */
export interface PassOptions extends Omit<ScheduleOptions, 'durationS'> {
  sceneChanges: boolean;
  maxSide: number | undefined;
  signal: AbortSignal | undefined;
  tally?: Tally;
  onAudio?: (packet: av.Packet) => Promise<void>;
  /** Called with every decoded picture before it may be given. */
  onPicture?: (decoded: Decoded, cut: boolean) => Promise<void>;
  /** Told at the end whether a bound kept a frame back. */
  onEnd?: (capped: boolean) => void;
}

/** One decoding pass: the frames that a {@link Schedule} chooses, and whether a cut came since the one before. */
export async function* pass(source: Source, options: PassOptions): AsyncGenerator<Frame & { newShot: boolean }> {
  const { sceneChanges, maxSide, signal, tally, onAudio, onPicture } = options;
  const chain = rgbChain(source, maxSide);
  const cuts = new CutDetector();
  const schedule = new Schedule({ ...options, durationS: source.info.durationS });
  const held = new av.NativeFrame();
  held.alloc();
  let last: Decoded | undefined;
  let newShot = false;
  const decoding = { signal, ...(tally && { tally }), ...(onAudio && { onAudio }) };
  try {
    for await (const decoded of decodeVideo(source, decoding)) {
      const isCut = sceneChanges && looksLikeCut(cuts, decoded.frame);
      newShot ||= isCut;
      await onPicture?.(decoded, isCut);
      const why = schedule.choose(decoded.index, decoded.timeS, isCut);
      held.unref();
      last = undefined;
      if (why !== null) {
        yield { ...(await toFrame(chain, decoded, why)), newShot };
        newShot = false;
      } else {
        av.must(held.ref(decoded.frame), 'hold a frame');
        last = { ...decoded, frame: held };
      }
    }
    if (last !== undefined && !schedule.full) yield { ...(await toFrame(chain, last, 'last')), newShot };
    options.onEnd?.(schedule.capped);
  } finally {
    await av.freeAll(
      () => held.free(),
      () => chain.close(),
    );
  }
}

/** Frames after cuts that `sampleFrames` gives per second of clip: more than an editor makes, less than a strobe. */
const maxCutsPerSecond = 8;

/**
 * The frames to look at: `perSecond` regular ones, the first after every hard cut (of at most 8 in a second), the
 * first and the last; upright,
 * in order, in one decoding pass with nothing on disk. A cut is judged on the luma of every frame.
 * Abandoning the generator frees all it holds.
 * @throws MediaError `media_empty` when not one frame decodes; the codes of `probe`; the signal's reason
 */
export async function* sampleFrames(path: string, opts: SampleOptions = {}): AsyncGenerator<Frame> {
  const { perSecond = 2, sceneChanges = true, maxFrames = Infinity, maxSide, signal } = opts;
  const source = await openSource(path, opts, { video: true, audio: false });
  const bounds = { perSecond, maxFrames, cutsPerSecond: maxCutsPerSecond };
  try {
    for await (const { newShot: _, ...frame } of pass(source, { ...bounds, sceneChanges, maxSide, signal }))
      yield frame;
  } catch (thrown) {
    throw toMediaError(thrown, 'media_unreadable', signal);
  } finally {
    await source.close();
  }
}
