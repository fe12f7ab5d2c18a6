import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { checkImage, decodeImageFrame } from './index.js';

const solid = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: { r: 200, g: 100, b: 50, alpha: 1 } } });

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  let crc = 0xffffffff;
  for (const byte of body) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return Buffer.concat([length, body, check]);
}

/** A PNG whose header claims a size; its data is one empty block. */
function png(width: number, height: number, ...extra: Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', deflateSync(Buffer.alloc(10))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('checkImage', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('knows %s', async (format) => {
    const bytes = await solid(60, 40).toFormat(format).toBuffer();
    expect(await checkImage(bytes)).toEqual({ format, width: 60, height: 40 });
  });

  it('refuses a decompression bomb by its header, at once', async () => {
    const start = performance.now();
    await expect(checkImage(png(50_000, 50_000))).rejects.toMatchObject({ code: 'image_too_large', kind: 'too_large' });
    await expect(decodeImageFrame(png(50_000, 50_000))).rejects.toMatchObject({ code: 'image_too_large' });
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('obeys the limits given', async () => {
    const bytes = await solid(60, 40).png().toBuffer();
    await expect(checkImage(bytes, { maxPixels: 2399 })).rejects.toMatchObject({ code: 'image_too_large' });
    await expect(checkImage(bytes, { maxBytes: bytes.length - 1 })).rejects.toMatchObject({ code: 'image_too_large' });
    await expect(checkImage(bytes, { maxPixels: 2400, maxBytes: bytes.length })).resolves.toBeDefined();
  });

  it('refuses other formats and animations', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>');
    const gif = await solid(8, 8).gif().toBuffer();
    const frames = await sharp(Buffer.alloc(8 * 16 * 3, 9), { raw: { width: 8, height: 16, channels: 3 } })
      .png()
      .toBuffer();
    const moving = await sharp([frames, await solid(8, 16).png().toBuffer()], { join: { animated: true } })
      .webp({ loop: 0, delay: [100, 100] })
      .toBuffer();
    const apng = png(8, 8, chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])));
    for (const bytes of [svg, gif, moving, apng, Buffer.alloc(0), Buffer.from('x')]) {
      await expect(checkImage(bytes)).rejects.toMatchObject({ code: 'image_unsupported' });
    }
  });

  it('calls damage by its name', async () => {
    const broken = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100, 7)]);
    await expect(checkImage(broken)).rejects.toMatchObject({ code: 'image_unreadable', kind: 'unsupported_media' });
  });
});

describe('decodeImageFrame', () => {
  it('gives upright, packed RGB', async () => {
    const bytes = await solid(60, 40).jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer();
    expect(await checkImage(bytes)).toMatchObject({ width: 40, height: 60 });
    const frame = await decodeImageFrame(bytes);
    expect(frame).toMatchObject({ index: 0, timeS: 0, width: 40, height: 60, why: 'first' });
    expect(frame.rgb).toHaveLength(40 * 60 * 3);
    for (const [i, v] of [200, 100, 50].entries()) expect(Math.abs((frame.rgb[i] ?? 0) - v)).toBeLessThan(4);
  });

  it('scales down but not up, and makes grey and transparent pictures RGB', async () => {
    const bytes = await solid(60, 40, 4).png().toBuffer();
    expect(await decodeImageFrame(bytes, { maxSide: 30 })).toMatchObject({ width: 30, height: 20 });
    expect(await decodeImageFrame(bytes, { maxSide: 300 })).toMatchObject({ width: 60, height: 40 });
    const grey = await solid(10, 10).greyscale().png().toBuffer();
    expect((await decodeImageFrame(grey)).rgb).toHaveLength(300);
    const clear = await sharp({
      create: { width: 4, height: 4, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    expect([...(await decodeImageFrame(clear)).rgb.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  it('refuses truncated pictures', async () => {
    const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251));
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const bytes = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
        .toFormat(format)
        .toBuffer();
      const half = bytes.subarray(0, Math.floor(bytes.length / 2));
      await expect(decodeImageFrame(half)).rejects.toMatchObject({ code: 'image_unreadable' });
    }
  });
});
