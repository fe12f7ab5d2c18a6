import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collect, scratch, writeClip } from './testing/clips.js';
import { writeAtTimes } from './testing/remux.js';
import { probe, sampleFrames, watchClip } from './index.js';

const { dir, remove } = scratch();
afterAll(remove);
const at = (name: string) => join(dir, name);

describe('what viewers see', () => {
  it.each([
    ['2/1', 256, 96],
    ['1/2', 128, 192],
    ['1/90', 128, 96],
  ])('pixels of %s become square', async (sar, width, height) => {
    await writeAtTimes(at('sar.mkv'), [0, 40], 'matroska', `format=yuv420p,setsar=${sar}`);
    const [frame] = await collect(sampleFrames(at('sar.mkv')));
    expect([frame?.width, frame?.height]).toEqual([width, height]);
    await watchClip(at('sar.mkv'), {}, { onLuma: (l) => expect(l.width / l.height).toBeCloseTo(width / height, 1) });
  });

  it('PQ in 10 bits looks like the plain clip it was made from', async () => {
    const plain =
      'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,' +
      'setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv';
    const pq =
      'zscale=t=linear,format=gbrpf32le,' + 'zscale=p=bt2020:t=smpte2084:m=bt2020nc:r=tv:npl=203,format=yuv420p10le';
    await writeAtTimes(at('pq.mkv'), [0, 40], 'matroska', `${plain},${pq}`);
    await writeAtTimes(at('sdr.mkv'), [0, 40], 'matroska', plain);
    const [hdr] = await collect(sampleFrames(at('pq.mkv')));
    const [sdr] = await collect(sampleFrames(at('sdr.mkv')));
    const error = hdr?.rgb.reduce((sum, v, i) => sum + Math.abs(v - (sdr?.rgb[i] ?? 0)), 0) ?? Infinity;
    expect(error / (sdr?.rgb.length ?? 1)).toBeLessThan(8);
  });
});

describe('tables out of proportion', () => {
  it('are refused before the demuxer takes memory for them', async () => {
    await writeClip(at('clip.mp4'), { frames: 10, width: 64, height: 64 });
    const good = readFileSync(at('clip.mp4'));
    const table = Buffer.from(good);
    table.writeUInt32BE(1, table.indexOf('stsz') + 8);
    table.writeUInt32BE(1e8, table.indexOf('stsz') + 12);
    writeFileSync(at('stsz.mp4'), table);
    const run = Buffer.alloc(16);
    run.writeUInt32BE(16);
    run.write('trun', 4);
    run.writeUInt32BE(8e7, 12);
    writeFileSync(at('trun.mp4'), Buffer.concat([good, run]));
    for (const name of ['stsz.mp4', 'trun.mp4']) {
      await expect(probe(at(name))).rejects.toMatchObject({ code: 'media_unreadable' });
    }
    expect((await probe(at('clip.mp4'))).video?.width).toBe(64);
  });
});
