import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#kernel';
import {
  decodeAudio,
  decodeLuma,
  MediaError,
  probe,
  rewriteLuma,
  sampleFrames,
  thumbnail,
  transcode,
} from './index.js';
import { sniff } from './source.js';
import { collect, openFiles, scratch, writeClip } from './testing/clips.js';
import { writeAtTimes } from './testing/remux.js';

const { dir, remove } = scratch();
afterAll(remove);
const at = (name: string) => join(dir, name);
const clip = at('clip.mp4');
const audio = { sampleRate: 48000, channels: 1 } as const;

beforeAll(() => writeClip(clip, { audio, frames: 24, width: 160, height: 96 }));

/** The codes that each way of opening a file ends with; `ok` when it ends well. */
async function outcomes(path: string): Promise<Set<string>> {
  const ways: (() => Promise<unknown>)[] = [
    () => probe(path),
    () => collect(sampleFrames(path, { maxFrames: 6, maxSide: 64 })),
    () => collect(decodeLuma(path, { shortSide: 48, maxFrames: 12 })),
    () => collect(decodeAudio(path)),
    () => rewriteLuma(path, at('out.mp4'), (luma) => luma.fill(50, 0, 9), { preset: 'ultrafast' }),
  ];
  const codes = new Set<string>();
  for (const way of ways) {
    try {
      await way();
      codes.add('ok');
    } catch (thrown) {
      if (!(thrown instanceof MediaError)) throw thrown;
      codes.add(thrown.code);
    }
  }
  return codes;
}

function file(name: string, content: Uint8Array | string): string {
  writeFileSync(at(name), content);
  return at(name);
}

/** An MP4 box. */
function box(type: string, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

describe('what is no clip', () => {
  it.each([
    ['an empty file', ''],
    ['text', 'hello, world\n'.repeat(100)],
    ['an HLS playlist named .mp4', '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:1,\nclip.mp4\n#EXT-X-ENDLIST\n'],
    ['a concat script', "ffconcat version 1.0\nfile 'clip.mp4'\n"],
    ['a DASH manifest', '<?xml version="1.0"?><MPD><Period/></MPD>'],
    ['zeros', Buffer.alloc(5000)],
    ['a lone ftyp box', box('ftyp', Buffer.from('isom\0\0\0\0isom'))],
    ['a Matroska signature and nothing else', Buffer.from('1a45dfa3', 'hex')],
    ['a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
  ])('refuses %s', async (_, content) => {
    expect([...(await outcomes(file('no.mp4', content)))]).toEqual(['media_unreadable']);
  });

  it('refuses folders, devices, missing files and URLs', async () => {
    for (const path of [
      dir,
      '/dev/zero',
      at('none.mp4'),
      'http://127.0.0.1:9/a.mp4',
      `concat:${clip}`,
      `file:${clip}`,
    ]) {
      await expect(probe(path)).rejects.toMatchObject({ code: 'media_unreadable', kind: 'unsupported_media' });
    }
  });

  it('reads a clip whatever its name is', async () => {
    const odd = file('http:%2F%2Fx?y=%03d|z.m3u8', readFileSync(clip));
    expect((await probe(odd)).video?.width).toBe(160);
  });

  it('refuses a thousand nested boxes', async () => {
    let nested = box('trak');
    for (let i = 0; i < 1000; i++) nested = box('moov', nested);
    expect(await outcomes(file('nested.mp4', nested))).toEqual(new Set(['media_unreadable']));
  });

  it('names a clip without pictures', async () => {
    const bytes = readFileSync(clip);
    bytes.write('free', bytes.indexOf('trak'), 'latin1');
    await expect(collect(sampleFrames(file('sound.mp4', bytes)))).rejects.toMatchObject({ code: 'media_no_video' });
  });

  it('names a clip whose pictures do not decode', async () => {
    const bytes = readFileSync(clip);
    const data = bytes.indexOf('mdat') + 4;
    bytes.fill(0, data);
    const path = file('blank.mp4', bytes);
    await expect(collect(decodeLuma(path))).rejects.toMatchObject({ code: 'media_empty' });
    await expect(rewriteLuma(path, at('o.mp4'), () => undefined)).rejects.toMatchObject({ code: 'media_empty' });
    await expect(thumbnail(path)).rejects.toMatchObject({ code: 'media_empty' });
  });
});

describe('damage', () => {
  it('never crashes, hangs or leaks on truncated and altered files', async () => {
    const good = readFileSync(clip);
    await outcomes(clip);
    const before = openFiles();
    // xorshift32: the same damage in every run.
    let state = 20260101;
    const random = () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) / 2 ** 32;
    };
    const seen = new Set<string>();
    for (let i = 0; i < 40; i++) {
      let bytes = Buffer.from(good);
      if (i % 3 === 0) bytes = bytes.subarray(0, Math.floor(random() * bytes.length));
      const reach = i % 3 === 1 ? 2500 : bytes.length;
      for (let n = 0; i % 3 > 0 && n < 12; n++) bytes[Math.floor(random() * reach)] = Math.floor(random() * 256);
      for (const code of await outcomes(file('bad.mp4', bytes))) seen.add(code);
    }
    expect(seen.has('ok')).toBe(true);
    expect(seen.has('media_unreadable')).toBe(true);
    expect(openFiles()).toBe(before);
  });
});

describe('limits', () => {
  it.each([
    ['media_too_large', { maxWidth: 100 }],
    ['media_too_large', { maxHeight: 90 }],
    ['media_too_long', { maxDurationS: 0.5 }],
    ['media_too_long', { maxFrames: 10 }],
  ])('refuses with %s', async (code, limits) => {
    await expect(collect(decodeLuma(clip, { limits }))).rejects.toMatchObject({ code, kind: 'too_large' });
    await expect(rewriteLuma(clip, at('l.mp4'), () => undefined, { limits })).rejects.toMatchObject({ code });
  });

  it('holds against a header that lies about size and duration', async () => {
    const bytes = readFileSync(clip);
    // Sample entry: width and height stand 24 bytes after the type. The bitstream says 160x96.
    const entry = bytes.indexOf('avc1', bytes.indexOf('stsd'));
    bytes.writeUInt16BE(16, entry + 28);
    bytes.writeUInt16BE(16, entry + 30);
    const small = file('small.mp4', bytes);
    const limits = { maxWidth: 64, maxHeight: 64 };
    expect((await probe(small, { limits })).video?.width).toBe(16);
    const result = collect(decodeLuma(small, { limits }));
    await expect(result).rejects.toBeInstanceOf(AppError);
    await writeAtTimes(at('long.mkv'), [0, 400, 800, 130_000]);
    await expect(collect(decodeLuma(at('long.mkv')))).rejects.toMatchObject({ code: 'media_too_long' });
  });
});

describe('containers', () => {
  it('are known by their first bytes', () => {
    expect(sniff(readFileSync(clip).subarray(0, 1024))).toBe('mov');
    expect(sniff(Buffer.from('RIFF\0\0\0\0AVI LIST'))).toBe('avi');
    expect(sniff(Buffer.from('RIFF\0\0\0\0WEBPVP8 '))).toBeNull();
    expect(sniff(Buffer.from('47', 'hex'))).toBeNull();
  });

  it.each(['mpegts', 'avi', 'matroska'] as const)('%s is read', async (format) => {
    const path = at(`x.${format}`);
    await writeAtTimes(path, [0, 40, 80, 120], format);
    expect(await collect(decodeLuma(path))).toHaveLength(4);
    expect((await rewriteLuma(path, at('x.mp4'), () => undefined)).frames).toBe(4);
    expect(await collect(decodeLuma(at('x.mp4')))).toHaveLength(4);
  });

  it('WebM goes in and out with its sound', async () => {
    await transcode(clip, at('x.webm'), { codec: 'vp9' });
    expect(await probe(at('x.webm'))).toMatchObject({ container: 'matroska,webm', audio: { codec: 'opus' } });
  });
});
