import { toMediaError } from './errors.js';
import { CutDetector } from './cuts.js';
import { decodeVideo, type Decoded } from './decode.js';
import type { FilterChain } from './graph.js';
import * as av from './native.js';
import { bitDepth, tightPlane, uprightChain } from './planes.js';
import { openSource } from './source.js';
import type { Frame, SampleOptions } from './types.js';

/** A packed RGB copy of a decoded picture. */
async function toFrame(chain: FilterChain, from: Decoded, why: Frame['why']): Promise<Frame> {
  const rgb = await chain.convert(from.frame);
  const { width, height } = rgb;
  return { index: from.index, timeS: from.timeS, width, height, rgb: tightPlane(rgb, 0, width * 3, height), why };
}

/** Chooses regular frames, and says how many cut frames the budget leaves room for. */
class Schedule {
  private readonly step: number;
  private next: number;
  private given = 0;

  constructor(
    private readonly durationS: number,
    perSecond: number,
    private readonly maxFrames: number,
  ) {
    // First and last are always given; with few frames allowed the regular ones spread over the whole clip.
    const room = Math.max(0, maxFrames - 2);
    this.step = Math.max(1 / perSecond, room === 0 ? Infinity : durationS / (room + 1));
    this.next = this.step;
  }

  choose(index: number, timeS: number, isCut: boolean): Frame['why'] | null {
    if (index === 0) return this.give('first');
    if (this.given >= this.maxFrames - 1) return null;
    // Half a millisecond of grace: 0.5 s written in a coarse time base may read 0.4996.
    if (timeS >= this.next - 5e-4) {
      while (this.next - 5e-4 <= timeS) this.next += this.step;
      return this.give(isCut ? 'scene' : 'regular');
    }
    const regularsLeft = Math.max(0, Math.ceil((this.durationS - timeS) / this.step) - 1);
    return isCut && this.given + regularsLeft < this.maxFrames - 1 ? this.give('scene') : null;
  }

  private give(why: Frame['why']): Frame['why'] {
    this.given++;
    return why;
  }

  get full(): boolean {
    return this.given >= this.maxFrames;
  }
}

function looksLikeCut(cuts: CutDetector, frame: av.NativeFrame): boolean {
  const data = frame.data?.[0];
  const stride = frame.linesize[0];
  if (data === undefined || stride === undefined) return false;
  return cuts.isCut({ data, stride, width: frame.width, height: frame.height, bits: bitDepth(frame) });
}

/**
 * The frames to look at: `perSecond` regular ones, the first after every hard cut, the first and the last; upright,
 * in order, in one decoding pass with nothing on disk. A cut is judged on the luma of every frame.
 * Abandoning the generator frees all it holds.
 * @throws MediaError `media_empty` when not one frame decodes; the codes of `probe`; the signal's reason
 */
export async function* sampleFrames(path: string, opts: SampleOptions = {}): AsyncGenerator<Frame> {
  const { perSecond = 2, sceneChanges = true, maxFrames = Infinity, maxSide, signal } = opts;
  const source = await openSource(path, opts, { video: true, audio: false });
  const chain = uprightChain(source, { maxSide }, () => [], ['format=rgb24']);
  const cuts = new CutDetector();
  const schedule = new Schedule(source.info.durationS, perSecond, maxFrames);
  const held = new av.NativeFrame();
  held.alloc();
  let last: Decoded | undefined;
  try {
    for await (const decoded of decodeVideo(source, { signal })) {
      const isCut = sceneChanges && looksLikeCut(cuts, decoded.frame);
      const why = schedule.choose(decoded.index, decoded.timeS, isCut);
      held.unref();
      last = undefined;
      if (why !== null) {
        yield await toFrame(chain, decoded, why);
      } else {
        av.must(held.ref(decoded.frame), 'hold a frame');
        last = { ...decoded, frame: held };
      }
    }
    if (last !== undefined && !schedule.full) yield await toFrame(chain, last, 'last');
  } catch (thrown) {
    throw toMediaError(thrown, 'media_unreadable', signal);
  } finally {
    await av.freeAll(
      () => held.free(),
      () => chain.close(),
      () => source.close(),
    );
  }
}
