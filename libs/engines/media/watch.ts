import { messageOf } from '#kernel';
import type { Decoded, Tally } from './decode.js';
import { MediaError, toMediaError } from './errors.js';
import { LumaReader } from './luma.js';
import * as av from './native.js';
import { plausibleRate } from './rate.js';
import { pass } from './sample.js';
import { SoundReader } from './sound.js';
import { openSource, type Source } from './source.js';
import type { AudioBlock, Timeline, Watchers, WatchOptions, WatchSummary } from './types.js';

/** Seconds that a decoded clip may be shorter than its header claims: a header rounds, and counts the sound. */
const graceS = 0.25;

/** Writes down where each decoded frame stands. */
class Record {
  private readonly times: number[] = [];
  private readonly pts: bigint[] = [];
  private readonly keys: number[] = [];
  private end = 0;
  private firstS = 0;
  private readonly second: number;
  private readonly frameS: number;

  constructor(stream: av.Stream) {
    this.second = stream.timeBase.toDouble();
    const { num, den } = plausibleRate(stream.avgFrameRate);
    this.frameS = num > 0 ? den / num : 0.04;
  }

  add({ frame, index, timeS }: Decoded): void {
    const pts = frame.bestEffortTimestamp;
    if (index === 0 && pts !== av.AV_NOPTS_VALUE) this.firstS = Number(pts) * this.second;
    this.times.push(timeS);
    this.pts.push(pts);
    if (frame.hasFlags(av.AV_FRAME_FLAG_KEY)) this.keys.push(index);
    const stated = Number(frame.duration) * this.second;
    // A duration of many seconds for one picture is damage, or the last frame of a slide show; neither is decoded time.
    this.end = timeS + (stated > 0 && stated <= 1 ? stated : this.frameS);
  }

  get frames(): number {
    return this.times.length;
  }

  get durationS(): number {
    return this.end;
  }

  /** Where the last picture ends by the clock of the file. */
  get endS(): number {
    return this.firstS + this.end;
  }

  timeline(retimed: number): Timeline {
    const timesS = Float64Array.from(this.times);
    return { timesS, pts: BigInt64Array.from(this.pts), keys: this.keys, seekable: retimed === 0 };
  }
}

/** Packets of sound in all: four times those of the shortest packets of Opus over 120 s. */
const maxSoundPackets = 200_000;

/** The sound of a clip beside its pictures: what is wrong with it never ends the pass. */
class Listener {
  private reader: SoundReader | undefined;
  private packets = 0;
  /** Where the sound ends by the clock of the file. */
  endS = 0;
  readonly sound: WatchSummary['sound'] = { state: 'none', damaged: 0 };

  constructor(
    private readonly source: Source,
    private readonly onAudio: ((block: AudioBlock) => void | Promise<void>) | undefined,
  ) {
    if (onAudio === undefined) this.sound.state = 'unread';
  }

  async open(): Promise<void> {
    if (this.source.audio === null || this.onAudio === undefined) return;
    this.sound.state = 'decoded';
    await this.attempt(async () => {
      this.reader = await SoundReader.open(this.source, 16000, 1);
      return [];
    });
  }

  async push(packet: av.Packet | null): Promise<void> {
    const { reader } = this;
    if (packet !== null) this.note(packet);
    if (reader === undefined || this.sound.state !== 'decoded') return;
    const blocks = await this.attempt(async () => {
      if (this.packets > maxSoundPackets) throw new Error('the sound comes in too many pieces');
      return reader.push(packet);
    });
    this.sound.damaged = reader.damaged;
    for (const block of blocks) await this.onAudio?.(block);
  }

  private note({ pts, duration }: av.Packet): void {
    this.packets++;
    const second = av.present(this.source.audio, 'audio stream').timeBase.toDouble();
    if (pts !== av.AV_NOPTS_VALUE) this.endS = Math.max(this.endS, Number(pts + duration) * second);
  }

  private async attempt(work: () => Promise<AudioBlock[]>): Promise<AudioBlock[]> {
    try {
      return await work();
    } catch (thrown) {
      if (thrown instanceof MediaError && thrown.code === 'media_too_long') throw thrown;
      Object.assign(this.sound, { state: 'failed', reason: messageOf(thrown) });
      return [];
    }
  }

  close(): void {
    this.reader?.close();
  }
}

/** What the header claims; `whole`: of the clip with its sound, by the clock of the file. */
function claims({
  info,
  video,
  trimmed,
}: Source): Pick<WatchSummary, 'claimedS' | 'claimedFrames'> & { whole: boolean } {
  const stream = av.present(video, 'video stream');
  const own = stream.duration === av.AV_NOPTS_VALUE ? 0 : Number(stream.duration) * stream.timeBase.toDouble();
  const whole = own <= 0 || info.container.startsWith('matroska');
  // AVI counts pictures that only repeat the one before, and an edit list leaves out what the table counts.
  const frames = trimmed || info.container === 'avi' ? 0 : Number(stream.nbFrames);
  return { claimedS: whole ? info.durationS : own, claimedFrames: frames > 0 ? frames : null, whole };
}

/**
 * Looks at a clip once for all who want to see it: the frames that matter in full, every frame small, and the sound,
 * in one decoding pass with nothing on disk. Damage does not end it; the summary says what was not seen.
 * @throws MediaError `media_empty` when not one frame decodes; the codes of `probe`; the signal's reason; what a
 *   watcher throws, as it is
 */
export async function watchClip(path: string, opts: WatchOptions, watchers: Watchers): Promise<WatchSummary> {
  const { perSecond = 2, cutsPerSecond = 2, maxFrames = 482, maxSide = 1920, lumaWidth = 160, signal } = opts;
  const { onFrame, onLuma, onAudio } = watchers;
  const source = await openSource(path, opts, { video: true, audio: true });
  const tally: Tally = { damaged: 0, retimed: 0 };
  const luma = onLuma && new LumaReader(source, { width: lumaWidth });
  const listener = new Listener(source, onAudio && ((block) => ours(() => onAudio(block))));
  const record = new Record(av.present(source.video, 'video stream'));
  let [sampledFrames, cuts, capped] = [0, 0, false];
  let fault: { thrown: unknown } | undefined;
  const ours = async (work: () => unknown) => {
    try {
      await work();
    } catch (thrown) {
      fault = { thrown };
      throw thrown;
    }
  };
  try {
    await listener.open();
    const frames = pass(source, {
      ...{ perSecond, cutsPerSecond, maxFrames, maxSide, signal, tally, sceneChanges: true },
      onAudio: (packet) => listener.push(packet),
      onPicture: async (decoded, cut) => {
        record.add(decoded);
        if (cut) cuts++;
        if (!luma || !onLuma) return;
        const small = await luma.read(decoded);
        await ours(() => onLuma(small, cut));
      },
      onEnd: (bitten) => (capped = bitten),
    });
    for await (const frame of frames) {
      sampledFrames++;
      await ours(() => onFrame?.(frame));
    }
    await listener.push(null);
    const { whole, ...claimed } = claims(source);
    const { frames: decodedFrames, durationS } = record;
    const reachedS = whole ? Math.max(record.endS, listener.endS) : durationS;
    const all = reachedS >= claimed.claimedS - graceS && decodedFrames >= (claimed.claimedFrames ?? 0);
    const complete = all && tally.damaged === 0 && !source.cutOff;
    const facts = { info: source.info, decodedFrames, sampledFrames, cuts, durationS, ...claimed, ...tally, capped };
    return { ...facts, sound: listener.sound, complete, timeline: record.timeline(tally.retimed) };
  } catch (thrown) {
    if (fault !== undefined) throw fault.thrown;
    throw toMediaError(thrown, 'media_unreadable', signal);
  } finally {
    await av.freeAll(
      () => luma?.close(),
      () => listener.close(),
      () => source.close(),
    );
  }
}
