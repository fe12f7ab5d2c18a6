import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addSubtitles, writeAtTimes, writeLongSound } from './testing/remux.js';
import { scratch, writeClip } from './testing/clips.js';
import { transcode, watchClip, type WatchSummary } from './index.js';

const { dir, remove } = scratch();
afterAll(remove);
const at = (name: string) => join(dir, name);
const audio = { sampleRate: 48000, channels: 1 } as const;
let clip: Buffer;

beforeAll(async () => {
  await writeClip(at('clip.mp4'), { audio, width: 160, height: 96, frames: 36 });
  clip = readFileSync(at('clip.mp4'));
  await transcode(at('clip.mp4'), at('clip.mkv'), { codec: 'h264' });
  await transcode(at('clip.mp4'), at('clip.webm'), { codec: 'vp9' });
});

const watch = (name: string) => watchClip(at(name), {}, { onLuma: () => undefined, onAudio: () => undefined });

/** The summary, or the code that it ended with. */
async function outcome(name: string, bytes: Buffer): Promise<WatchSummary | { code: string }> {
  writeFileSync(at(name), bytes);
  return watch(name).catch(({ code }: { code: string }) => ({ code }));
}

/** A copy with a big-endian number at a place after the first box of a name. */
function patched(type: string, offset: number, value: number, bytes = clip): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(value, copy.indexOf(type) + 4 + offset);
  return copy;
}

describe('a file cut off', () => {
  it.each(['clip.mp4', 'clip.mkv', 'clip.webm'])('%s is never complete', async (name) => {
    const bytes = readFileSync(at(name));
    expect(await watch(name)).toMatchObject({ complete: true, damaged: 0, sound: { state: 'decoded', damaged: 0 } });
    for (const share of [0.02, 0.2, 0.5, 0.8, 0.95, 0.995]) {
      const end = await outcome(`cut.${name}`, bytes.subarray(0, Math.floor(bytes.length * share)));
      if ('code' in end) expect(end.code).toMatch(/^media_(unreadable|empty|no_video)$/);
      else expect(end.complete).toBe(false);
    }
    expect(await outcome(`cut.${name}`, bytes.subarray(0, -1))).toMatchObject({ complete: false });
  });

  it('is told by its elements when the header states no length', async () => {
    const bytes = readFileSync(at('clip.mkv'));
    // Segment and its duration: size unknown, and a Void in place of the Duration element.
    const segment = bytes.indexOf(Buffer.from('18538067', 'hex')) + 4;
    Buffer.from('01ffffffffffffff', 'hex').copy(bytes, segment);
    const duration = bytes.indexOf(Buffer.from('448988', 'hex'));
    Buffer.from('ec89', 'hex').copy(bytes, duration);
    expect(await outcome('live.mkv', bytes)).toMatchObject({ complete: true, claimedS: 0 });
    expect(await outcome('live.mkv', bytes.subarray(0, Math.floor(bytes.length * 0.7)))).toMatchObject({
      complete: false,
    });
  });
});

describe('headers that lie', () => {
  it('about duration do not hide pictures', async () => {
    for (const box of ['mvhd', 'mdhd']) {
      for (const value of [0, 1, 300_000, 0xffffffff]) {
        const end = await outcome('duration.mp4', patched(box, 16, value));
        expect(end).toMatchObject({ decodedFrames: 36, complete: true });
      }
    }
  });

  it('about times and counts are not complete, or looked at in full', async () => {
    for (const bytes of [patched('stts', 12, 1), patched('stts', 12, 0x7fffffff), patched('stsz', 8, 20)]) {
      const end = await outcome('tables.mp4', bytes);
      if (!('code' in end)) expect(end.complete && end.decodedFrames < 36).toBe(false);
    }
    expect(await outcome('none.mp4', patched('stsz', 8, 0))).toEqual({ code: 'media_empty' });
  });

  it('about size are refused', async () => {
    const entry = clip.indexOf('avc1', clip.indexOf('stsd'));
    const large = Buffer.from(clip);
    large.writeUInt16BE(7680, entry + 28);
    large.writeUInt16BE(4320, entry + 30);
    expect(await outcome('8k.mp4', large)).toEqual({ code: 'media_too_large' });
  });

  it.each(['h264', 'vp9'] as const)('a small header over a large %s picture: nothing is decoded', async (codec) => {
    await writeClip(at('large.mp4'), { width: 5120, height: 4096, frames: 2, preset: 'ultrafast' });
    const limits = { maxWidth: 8192, maxHeight: 8192 };
    if (codec !== 'h264') await transcode(at('large.mp4'), at(`${codec}.mp4`), { codec, limits });
    const bytes = readFileSync(at(codec === 'h264' ? 'large.mp4' : `${codec}.mp4`));
    const entry = bytes.indexOf(codec === 'h264' ? 'avc1' : 'vp09', bytes.indexOf('stsd'));
    bytes.writeUInt16BE(160, entry + 28);
    bytes.writeUInt16BE(96, entry + 30);
    const before = process.cpuUsage();
    expect(await outcome('small.mp4', bytes)).toEqual({ code: 'media_empty' });
    expect(process.cpuUsage(before).user).toBeLessThan(500_000);
  });
});

describe('honest but unusual', () => {
  it('sound that outlasts the pictures', async () => {
    for (const name of ['sound.mkv', 'sound.mp4']) {
      await writeLongSound(at(name), { frames: 24, soundS: 3 });
      const summary = await watch(name);
      expect(summary).toMatchObject({ complete: true, decodedFrames: 24, sound: { state: 'decoded' } });
      expect(summary.info.durationS).toBeGreaterThan(2.9);
      const silent = await watchClip(at(name), {}, {});
      expect(silent).toMatchObject({ complete: true, sound: { state: 'unread' } });
    }
  });

  it('an edit list that trims', async () => {
    const movie = clip.indexOf('mvhd');
    const scale = clip.readUInt32BE(movie + 16);
    expect(await outcome('trim.mp4', patched('elst', 8, scale))).toMatchObject({
      ...{ complete: true, claimedFrames: null, damaged: 0, decodedFrames: 24 },
    });
    const late = patched('elst', 12, 12288, patched('elst', 8, scale / 2));
    expect(await outcome('late.mp4', late)).toMatchObject({ complete: true, claimedFrames: null, decodedFrames: 12 });
  });

  it('one picture; times that start late, stand still, jump back and forth', async () => {
    const times = { one: [0], late: [30_000, 30_040, 30_080], far: [0, 40, 80, 100_000, 100_040] };
    for (const [name, ms] of Object.entries(times)) {
      await writeAtTimes(at(`${name}.mkv`), ms);
      expect(await watch(`${name}.mkv`)).toMatchObject({ complete: true, decodedFrames: ms.length, retimed: 0 });
    }
    await writeAtTimes(at('hours.mkv'), [0, 40, 80, 7_200_000]);
    await expect(watch('hours.mkv')).rejects.toMatchObject({ code: 'media_too_long' });
  });

  it('240 pictures a second', async () => {
    await writeClip(at('fast.mp4'), { width: 64, height: 64, frames: 240, fps: 240, preset: 'ultrafast' });
    const summary = await watch('fast.mp4');
    expect(summary).toMatchObject({ complete: true, decodedFrames: 240, claimedFrames: 240 });
    expect(summary.sampledFrames).toBeGreaterThanOrEqual(3);
  });
});

describe('bombs', () => {
  it('a hundred thousand subtitles cost seconds, not minutes', async () => {
    await addSubtitles(at('clip.mp4'), at('titles.mkv'), { streams: 1, each: 100_000 });
    const before = process.cpuUsage();
    expect(await watch('titles.mkv')).toMatchObject({ complete: true, decodedFrames: 36 });
    expect(process.cpuUsage(before).user).toBeLessThan(2e7);
  });

  it('tracks beyond number are refused', async () => {
    for (const streams of [20, 200]) {
      await addSubtitles(at('clip.mp4'), at('tracks.mkv'), { streams, each: 1 });
      const end = await outcome('tracks.mkv', readFileSync(at('tracks.mkv')));
      if (streams === 20) expect(end).toMatchObject({ complete: true, decodedFrames: 36 });
      else expect(end).toEqual({ code: 'media_unreadable' });
    }
  });

  it('elements of unknown size and without end', async () => {
    const head = Buffer.from('1a45dfa3801853806701ffffffffffffff', 'hex');
    const pieces = { segment: '1853806701ffffffffffffff', cluster: '1f43b67501ffffffffffffff', empty: 'ec80' };
    for (const piece of Object.values(pieces)) {
      const before = process.cpuUsage();
      const end = await outcome('pieces.mkv', Buffer.concat([head, Buffer.alloc(400_000, Buffer.from(piece, 'hex'))]));
      expect('code' in end ? end.code : 'none').toMatch(/^media_(unreadable|no_video|empty)$/);
      expect(process.cpuUsage(before).user).toBeLessThan(5e6);
    }
  });

  it('packets that never become a picture', async () => {
    await writeAtTimes(
      at('deaf.mkv'),
      [...Array(3000).keys()].map((n) => n * 30),
    );
    const bytes = readFileSync(at('deaf.mkv'));
    // In H.264 with lengths a unit of type 9 is a delimiter: read, and nothing more.
    for (let i = bytes.indexOf(Buffer.from('1f43b675', 'hex')); i < bytes.length - 8; i++) {
      if (bytes[i] === 0 && bytes[i + 1] === 0 && [0x65, 0x41, 0x61, 0x01, 0x21].includes(bytes[i + 4] ?? 0))
        bytes[i + 4] = 9;
    }
    const end = await outcome('deaf.mkv', bytes);
    expect('code' in end ? end.code : end.complete).toEqual('media_empty');
  });
});
