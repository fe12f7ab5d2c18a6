import { decodeVideo, type Decoded } from './decode.js';
import { toMediaError } from './errors.js';
import * as av from './native.js';
import { rgbChain } from './planes.js';
import { toFrame } from './sample.js';
import { openSource, type Source } from './source.js';
import type { DenseOptions, Frame, TimeSpan, Timeline } from './types.js';

/** The numbers of the frames in some spans, ascending; when there are too many, spread evenly over them. */
function wanted({ timesS }: Timeline, spans: readonly TimeSpan[], maxFrames: number): number[] {
  const inside = Array.from(timesS.keys()).filter((i) => {
    const timeS = timesS[i] ?? NaN;
    return spans.some(({ fromS, toS }) => timeS >= fromS - 5e-4 && timeS <= toS + 5e-4);
  });
  if (inside.length <= maxFrames) return inside;
  return Array.from({ length: maxFrames }, (_, i) => inside[Math.floor(((i + 0.5) * inside.length) / maxFrames)] ?? 0);
}

/** Splits ascending numbers where a key frame lies in a gap: what lies between need not be decoded. */
function runs(numbers: number[], keys: number[]): number[][] {
  const out: number[][] = [];
  for (const n of numbers) {
    const run = out.at(-1);
    const before = run?.at(-1);
    if (run && before !== undefined && !keys.some((key) => key > before + 1 && key <= n)) run.push(n);
    else out.push([n]);
  }
  return out;
}

/** Takes frames of an opened clip by their stated times, decoding from key frame number `key` or the start. */
async function* take(
  source: Source,
  timeline: Timeline,
  run: number[],
  key: number | undefined,
  opts: DenseOptions,
): AsyncGenerator<Decoded> {
  const { signal } = opts;
  const numbers = new Map(Array.from(timeline.pts, (pts, index) => [pts, index]));
  const start = key === undefined ? undefined : timeline.pts[key];
  if (start !== undefined) {
    const stream = av.present(source.video, 'video stream');
    av.must(await source.ctx.seekFrame(stream.index, start, av.AVSEEK_FLAG_BACKWARD), 'seek');
  }
  const due = [...run];
  for await (const decoded of decodeVideo(source, { signal })) {
    const index = start === undefined ? decoded.index : numbers.get(decoded.frame.bestEffortTimestamp);
    const next = due[0];
    if (next === undefined) return;
    if (index === undefined || index < next) continue;
    // A frame that does not come again (or came too late) is left to the next attempt.
    if (index > next) return;
    due.shift();
    yield { ...decoded, index, timeS: timeline.timesS[index] ?? decoded.timeS };
    if (due.length === 0) return;
  }
}

/**
 * Every frame of some stretches of a clip that `watchClip` has seen, upright, in order, each once. Decoding starts at
 * the key frame before a stretch; pixels, numbers and times are those of the first pass.
 * Abandoning the generator frees all it holds.
 * @param spans seconds; they may overlap
 * @throws MediaError `media_unreadable` when the file does not give the same frames again, else as `sampleFrames`
 */
export async function* denseFrames(
  path: string,
  spans: readonly TimeSpan[],
  opts: DenseOptions,
): AsyncGenerator<Frame> {
  const { timeline, maxFrames = 240, maxSide = 1920, signal } = opts;
  const numbers = wanted(timeline, spans, maxFrames);
  for (const run of runs(numbers, timeline.seekable ? timeline.keys : [])) {
    let left = run;
    const before = timeline.seekable ? timeline.keys.filter((key) => key <= (run[0] ?? 0)) : [];
    // The nearest key frame, the one before it (pictures may lean on it), and in the end the start of the file.
    const attempts = [...before.slice(-2).reverse(), undefined];
    for (const key of attempts) {
      if (left.length === 0) break;
      const source = await openSource(path, opts, { video: true, audio: false });
      const chain = rgbChain(source, maxSide);
      try {
        for await (const decoded of take(source, timeline, left, key, opts)) {
          left = left.slice(1);
          yield await toFrame(chain, decoded, 'dense');
        }
      } catch (thrown) {
        throw toMediaError(thrown, 'media_unreadable', signal);
      } finally {
        await av.freeAll(
          () => chain.close(),
          () => source.close(),
        );
      }
    }
    if (left.length > 0) throw toMediaError(new Error('a frame did not come again'), 'media_unreadable');
  }
}
