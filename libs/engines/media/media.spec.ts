import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeAudio,
  decodeLuma,
  openClipWriter,
  probe,
  rewriteLuma,
  sampleFrames,
  spritesheet,
  stillsWithLuma,
  thumbnail,
  transcode,
} from './index.js';
import sharp from 'sharp';
import { collect, mean, openFiles, picture, scratch, tone, writeClip } from './testing/clips.js';
import { addMetadata, writeAtTimes } from './testing/remux.js';

const { dir, remove } = scratch();
afterAll(remove);
const at = (name: string) => join(dir, name);
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const audio = { sampleRate: 48000, channels: 2 } as const;
const clip = at('clip.mp4');
const silent = at('silent.mp4');

beforeAll(async () => {
  await writeClip(clip, { audio });
  await writeClip(silent);
});

/** Seconds at which the sound starts. */
async function onset(path: string): Promise<number> {
  for (const { timeS, samples, sampleRate } of await collect(decodeAudio(path))) {
    const first = samples.findIndex((s) => Math.abs(s) > 0.05);
    if (first >= 0) return timeS + first / sampleRate;
  }
  return NaN;
}

/** Puts a display matrix that turns by 90 degrees clockwise into the track header of an MP4. */
function turned(path: string, output: string): string {
  const bytes = readFileSync(path);
  const matrix = bytes.indexOf('tkhd') + 4 + 40;
  [0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30].forEach((v, i) => bytes.writeInt32BE(v, matrix + i * 4));
  writeFileSync(output, bytes);
  return output;
}

describe('openClipWriter and probe', () => {
  it('writes what the header then says', async () => {
    const info = await probe(clip);
    expect(info.video).toEqual({ codec: 'h264', width: 320, height: 180, fps: 24, rotationDeg: 0 });
    expect(info.audio).toEqual({ codec: 'aac', sampleRate: 48000, channels: 2 });
    expect(info.container).toContain('mp4');
    expect(info.bytes).toBe(readFileSync(clip).length);
    expect(info.durationS).toBeCloseTo(2, 1);
  });

  it('puts the index before the data and writes no encoder name and no time', () => {
    const bytes = readFileSync(clip);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
    expect(bytes.indexOf('Lavf')).toBe(-1);
    const header = bytes.indexOf('mvhd') + 8;
    expect(bytes.readUInt32BE(header)).toBe(0);
    expect(bytes.readUInt32BE(header + 4)).toBe(0);
  });

  it('gives the same bytes for the same calls', async () => {
    await writeClip(at('again.mp4'), { audio });
    expect(digest(at('again.mp4'))).toBe(digest(clip));
    await writeClip(at('other.mp4'), { audio, cut: 21 });
    expect(digest(at('other.mp4'))).not.toBe(digest(clip));
  });

  it('refuses what does not fit, and then leaves no file', async () => {
    await expect(openClipWriter(at('x.mp4'), { width: 321, height: 180, fps: 24 })).rejects.toMatchObject({
      code: 'invalid_clip_format',
    });
    const writer = await openClipWriter(at('x.mp4'), { width: 320, height: 180, fps: 24 });
    await expect(writer.writeRgb(new Uint8Array(5))).rejects.toMatchObject({ code: 'invalid_frame' });
    await expect(writer.close()).rejects.toMatchObject({ code: 'clip_closed' });
    expect(existsSync(at('x.mp4'))).toBe(false);
    await expect(openClipWriter(at('no/folder.mp4'), { width: 32, height: 32, fps: 24 })).rejects.toMatchObject({
      code: 'media_write_failed',
    });
  });

  it('bears calls that are not awaited one by one', async () => {
    const writer = await openClipWriter(at('eager.mp4'), { width: 64, height: 64, fps: 10, audio });
    const calls: Promise<void>[] = [];
    for (let n = 0; n < 20; n++) {
      calls.push(writer.writeRgb(picture(n, 64, 64, 10)), writer.writeAudio(tone(n * 4800, 4800, 48000, 2)));
    }
    await Promise.all([...calls, writer.close()]);
    expect(await collect(decodeLuma(at('eager.mp4')))).toHaveLength(20);
  });
});

describe('sampleFrames', () => {
  it('gives two a second, the cut, the first and the last, with their times', async () => {
    const frames = await collect(sampleFrames(clip));
    expect(frames.map((f) => [f.index, f.why])).toEqual([
      [0, 'first'],
      [12, 'regular'],
      [20, 'scene'],
      [24, 'regular'],
      [36, 'regular'],
      [47, 'last'],
    ]);
    for (const f of frames) expect(f.timeS).toBeCloseTo(f.index / 24, 6);
  });

  it('gives the colours that were written, in a buffer of its own', async () => {
    const frames = await collect(sampleFrames(clip));
    for (const f of frames) {
      expect(f.rgb).toHaveLength(320 * 180 * 3);
      const want = picture(f.index, 320, 180, 20);
      const error = f.rgb.reduce((sum, v, i) => sum + Math.abs(v - (want[i] ?? 0)), 0) / want.length;
      expect(error).toBeLessThan(4);
    }
    expect(new Set(frames.map((f) => f.rgb.buffer)).size).toBe(frames.length);
  });

  it('obeys maxFrames, maxSide and sceneChanges', async () => {
    const few = await collect(sampleFrames(clip, { maxFrames: 4, maxSide: 64 }));
    expect(few).toHaveLength(4);
    expect([few[0]?.index, few.at(-1)?.index]).toEqual([0, 47]);
    expect([few[0]?.width, few[0]?.height]).toEqual([64, 36]);
    expect(await collect(sampleFrames(clip, { maxFrames: 1 }))).toHaveLength(1);
    const plain = await collect(sampleFrames(clip, { sceneChanges: false }));
    expect(plain.some((f) => f.why === 'scene')).toBe(false);
  });

  it('turns pictures upright', async () => {
    const path = turned(silent, at('turned.mp4'));
    expect((await probe(path)).video?.rotationDeg).toBe(90);
    const [straight] = await collect(sampleFrames(silent, { maxFrames: 1 }));
    const [upright] = await collect(sampleFrames(path, { maxFrames: 1 }));
    expect([upright?.width, upright?.height]).toEqual([180, 320]);
    // Clockwise: the left end of the bottom row becomes the top left corner.
    const corner = (179 * 320 + 0) * 3;
    expect([...(upright?.rgb.subarray(0, 3) ?? [])]).toEqual([...(straight?.rgb.subarray(corner, corner + 3) ?? [])]);
  });
});

describe('decodeLuma', () => {
  it('scales, skips and cuts to a stretch of time', async () => {
    const all = await collect(decodeLuma(clip));
    expect(all).toHaveLength(48);
    expect(all[0]?.data).toHaveLength(320 * 180);
    const some = await collect(decodeLuma(clip, { shortSide: 90, every: 5, startS: 0.5, endS: 1.5, maxFrames: 4 }));
    expect(some.map((f) => f.index)).toEqual([12, 17, 22, 27]);
    expect([some[0]?.width, some[0]?.height]).toEqual([160, 90]);
    // Scaling must not stretch the range of the values.
    expect(mean(some[0]?.data ?? new Uint8Array())).toBeCloseTo(mean(all[12]?.data ?? new Uint8Array()), 0);
  });

  it('can be abandoned at any point without keeping files open', async () => {
    await collect(decodeLuma(clip));
    const before = openFiles();
    for (let i = 0; i < 25; i++) {
      const luma = decodeLuma(clip, { shortSide: 64 });
      for (let n = 0; n <= i % 4; n++) await luma.next();
      await luma.return(undefined);
      const frames = sampleFrames(clip);
      await frames.next();
      await frames.return(undefined);
    }
    expect(openFiles()).toBe(before);
  });

  it('stops when the signal aborts', async () => {
    const stop = new AbortController();
    const frames = decodeLuma(clip, { signal: stop.signal });
    await frames.next();
    stop.abort(new Error('enough'));
    await expect(collect(frames)).rejects.toThrow('enough');
  });
});

describe('rewriteLuma', () => {
  it('keeps frames, times and sound, and changes the luma', async () => {
    const progress: number[] = [];
    const marked: number[] = [];
    const result = await rewriteLuma(
      clip,
      at('marked.mp4'),
      (luma, width, height, index, timeS) => {
        expect([width, height, luma.length]).toEqual([320, 180, 320 * 180]);
        expect(timeS).toBeCloseTo(index / 24, 6);
        marked.push(index);
        for (let i = 0; i < luma.length; i++) luma[i] = Math.min(235, (luma[i] ?? 0) + 20);
      },
      { onProgress: (f) => progress.push(f) },
    );
    expect(result.frames).toBe(48);
    expect(result.durationS).toBeCloseTo(2, 6);
    expect(marked).toEqual(Array.from({ length: 48 }, (_, i) => i));
    expect(progress.at(-1)).toBe(1);
    const [before, after] = [await collect(decodeLuma(clip)), await collect(decodeLuma(at('marked.mp4')))];
    expect(after.map((f) => f.timeS)).toEqual(before.map((f) => f.timeS));
    after.forEach((f, i) => expect(mean(f.data) - mean(before[i]?.data ?? f.data)).toBeCloseTo(20, 0));
    expect((await probe(at('marked.mp4'))).audio).toEqual((await probe(clip)).audio);
    expect(await onset(at('marked.mp4'))).toBeCloseTo(await onset(clip), 4);
    expect(await onset(clip)).toBeCloseTo(20 / 24, 2);
  });

  it('gives the same bytes for the same mark', async () => {
    const mark = (luma: Uint8Array) => luma.fill(100, 0, 320);
    await rewriteLuma(clip, at('a.mp4'), mark);
    await rewriteLuma(clip, at('b.mp4'), mark);
    expect(digest(at('a.mp4'))).toBe(digest(at('b.mp4')));
  });

  it('keeps uneven frame times', async () => {
    const uneven = at('uneven.mkv');
    const times = [0, 40, 90, 200, 210, 500, 501, 900];
    await writeAtTimes(uneven, times);
    await rewriteLuma(uneven, at('even.mp4'), () => undefined);
    const after = (await collect(decodeLuma(at('even.mp4')))).map((f) => Math.round(f.timeS * 1000));
    expect(after).toEqual(times);
  });

  it('leaves the range of full-range video as it is', async () => {
    await writeAtTimes(at('full.mkv'), [0, 40, 80], 'matroska', 'scale=out_range=pc,format=yuvj420p');
    await rewriteLuma(at('full.mkv'), at('full.mp4'), () => undefined, { crf: 8 });
    const [before, after] = [await collect(decodeLuma(at('full.mkv'))), await collect(decodeLuma(at('full.mp4')))];
    after.forEach((f, i) => expect(mean(f.data)).toBeCloseTo(mean(before[i]?.data ?? f.data), 0));
    const colours = async (path: string) => (await collect(sampleFrames(path, { maxFrames: 1 })))[0]?.rgb;
    expect(mean((await colours(at('full.mp4'))) ?? new Uint8Array())).toBeCloseTo(
      mean((await colours(at('full.mkv'))) ?? new Uint8Array()),
      0,
    );
  });

  it('turns the pixels upright and drops the matrix', async () => {
    await rewriteLuma(turned(clip, at('t.mp4')), at('u.mp4'), () => undefined);
    expect((await probe(at('u.mp4'))).video).toMatchObject({ width: 180, height: 320, rotationDeg: 0 });
  });

  it('encodes sound that is not AAC, in time with the pictures', async () => {
    await transcode(clip, at('opus.webm'), { codec: 'vp9' });
    expect((await probe(at('opus.webm'))).audio?.codec).toBe('opus');
    await rewriteLuma(at('opus.webm'), at('aac.mp4'), () => undefined);
    expect((await probe(at('aac.mp4'))).audio?.codec).toBe('aac');
    expect(await onset(at('aac.mp4'))).toBeCloseTo(await onset(clip), 2);
  });

  it('leaves nothing behind when the mark throws or the signal aborts', async () => {
    const before = openFiles();
    const bad = () => {
      throw new RangeError('no');
    };
    await expect(rewriteLuma(clip, at('gone.mp4'), bad)).rejects.toThrow(RangeError);
    const stop = new AbortController();
    const abort = (_l: Uint8Array, _w: number, _h: number, n: number) => n === 5 && stop.abort(new Error('enough'));
    await expect(rewriteLuma(clip, at('gone.mp4'), abort, { signal: stop.signal })).rejects.toThrow('enough');
    expect(existsSync(at('gone.mp4'))).toBe(false);
    expect(openFiles()).toBe(before);
  });
});

describe('transcode', () => {
  it('strips metadata, scales and changes the rate', async () => {
    await addMetadata(clip, at('named.mp4'), { title: 'SECRET-TITLE', comment: 'SECRET-NOTE' });
    expect(readFileSync(at('named.mp4')).indexOf('SECRET')).toBeGreaterThan(0);
    const result = await transcode(at('named.mp4'), at('plain.mp4'), { shortSide: 120, fps: 12, crf: 30 });
    expect(readFileSync(at('plain.mp4')).indexOf('SECRET')).toBe(-1);
    expect(result.frames).toBe(24);
    expect((await probe(at('plain.mp4'))).video).toMatchObject({ width: 214, height: 120, fps: 12 });
    await rewriteLuma(at('named.mp4'), at('clean.mp4'), () => undefined);
    expect(readFileSync(at('clean.mp4')).indexOf('SECRET')).toBe(-1);
  });

  it.each(['hevc', 'av1', 'vp9'] as const)('writes %s', async (codec) => {
    const path = at(`${codec}.mp4`);
    await transcode(silent, path, { codec, shortSide: 90, dropAudio: true });
    expect((await probe(path)).video?.codec).toBe(codec);
    expect(await collect(decodeLuma(path))).toHaveLength(48);
  });
});

describe('stills', () => {
  it('takes both and the luma in one pass, as the single calls give them', async () => {
    const seen: { index: number; digest: string }[] = [];
    const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const stills = await stillsWithLuma(clip, ({ index, data }) => seen.push({ index, digest: sha(data) }), {
      shortSide: 48,
      every: 5,
    });
    const alone = await collect(decodeLuma(clip, { shortSide: 48, every: 5 }));
    expect(seen).toEqual(alone.map(({ index, data }) => ({ index, digest: sha(data) })));
    expect(seen.length).toBeGreaterThan(3);
    expect(sha(stills.thumbnail)).toBe(sha(await thumbnail(clip)));
    expect(sha(stills.sheet)).toBe(sha(await spritesheet(clip)));
  });

  it('makes a WebP thumbnail of the frame at one third', async () => {
    const image = await thumbnail(clip, { width: 160 });
    expect(await sharp(image).metadata()).toMatchObject({ format: 'webp', width: 160, height: 90 });
    const { channels } = await sharp(image).stats();
    expect(channels[0]?.mean).toBeGreaterThan(150);
  });

  it('makes a JPEG sheet in reading order', async () => {
    const sheet = await spritesheet(clip, { columns: 3, rows: 2, tileWidth: 64 });
    expect(await sharp(sheet).metadata()).toMatchObject({ format: 'jpeg', width: 192, height: 72 });
    const red = async (left: number, top: number) =>
      (
        await sharp(sheet)
          .extract({ left, top, width: 60, height: 34 })
          .toBuffer()
          .then((b) => sharp(b).stats())
      ).channels[0]?.mean;
    expect(await red(0, 0)).toBeGreaterThan(150);
    expect(await red(130, 37)).toBeLessThan(60);
  });
});
