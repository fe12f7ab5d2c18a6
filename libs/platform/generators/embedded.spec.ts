import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GenerationRequest } from '#contracts';
import { sleep } from '#kernel';
import { stubClip } from '../../../tests/support/stub-engine.js';
import { createGenerators, embeddedGenerator, openAiVideosGenerator, pollUntilDone, type Render } from './index.js';

const clip = stubClip();
const signal = new AbortController().signal;
const req: GenerationRequest = {
  clipId: 'clip_1',
  prompt: 'a kite',
  seconds: 4,
  size: '720x1280',
  seed: '1',
  model: 'scene',
};
const quick = { intervalMs: 5, deadlineMs: 3000, signal };

let workDir: string;
let outDir: string;

beforeEach(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'embedded-'));
  workDir = join(outDir, 'work');
});
afterEach(() => rm(outDir, { recursive: true }));

const render: Render = async (_req, toPath, onProgress, aborted) => {
  for (const percent of [10, 60, 40, 99]) {
    onProgress(percent);
    await sleep(10, aborted);
  }
  await writeFile(toPath, clip);
  return { frames: 96 };
};

describe('embeddedGenerator', () => {
  it('renders, reports growing progress, and hands the file over once', async () => {
    const generator = embeddedGenerator({ render, workDir, version: '2' });
    const ref = await generator.create(req, signal);
    const path = join(outDir, 'clip.mp4');
    await expect(generator.fetch(ref, path, signal)).rejects.toMatchObject({ code: 'generator_not_ready' });
    const seen: number[] = [];
    await pollUntilDone(generator, ref, { ...quick, intervalMs: 3, onProgress: (p) => void seen.push(p) });
    expect(seen).toContain(60);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    expect(await generator.fetch(ref, path, signal)).toEqual({ bytes: clip.length });
    expect(await readFile(path)).toEqual(clip);
    expect(await readdir(workDir)).toEqual([]);
    await expect(generator.poll(ref, signal)).rejects.toMatchObject({ code: 'generator_job_lost', retry: 'create' });
    expect(generator.describe()).toEqual({
      name: 'embedded',
      version: '2',
      digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia',
    });
  });

  it('works on as many jobs as it has slots', async () => {
    let running = 0;
    let most = 0;
    const counting: Render = async (...args) => {
      most = Math.max(most, ++running);
      return render(...args).finally(() => running--);
    };
    const generator = embeddedGenerator({ render: counting, workDir, slots: 2 });
    const refs = await Promise.all(Array.from({ length: 5 }, () => generator.create(req, signal)));
    expect((await generator.poll(refs[4] ?? '', signal)).status).toBe('queued');
    await Promise.all(refs.map((ref) => pollUntilDone(generator, ref, quick)));
    expect(most).toBe(2);
  });

  it('cancels running and waiting jobs and leaves nothing behind', async () => {
    let aborted: unknown;
    const endless: Render = async (_req, toPath, _onProgress, given) => {
      await writeFile(toPath, 'half');
      await sleep(60_000, given).catch(async (reason: unknown) => {
        aborted = reason;
        await sleep(30);
        await writeFile(toPath, 'half again');
        throw reason;
      });
      return { frames: 0 };
    };
    const generator = embeddedGenerator({ render: endless, workDir });
    const first = await generator.create(req, signal);
    const second = await generator.create(req, signal);
    expect(await generator.cancel(second)).toBe('aborted');
    expect(await generator.cancel(first)).toBe('aborted');
    expect(await generator.cancel(first)).toBe('detached');
    for (let i = 0; i < 100 && !(await generator.health()).detail.startsWith('0 of 1'); i++) await sleep(10);
    expect(aborted).toBeInstanceOf(Error);
    expect(await readdir(workDir)).toEqual([]);
    expect((await generator.health()).detail).toMatch(/^0 of 1 slots/);
  });

  it('a failing, empty or broken render gives no clip', async () => {
    const cases: [Render, string][] = [
      [async () => Promise.reject(new Error('no memory')), 'render_failed'],
      [async () => ({ frames: 0 }), 'render_empty'],
    ];
    for (const [broken, code] of cases) {
      const generator = embeddedGenerator({ render: broken, workDir });
      const ref = await generator.create(req, signal);
      await expect(pollUntilDone(generator, ref, quick)).rejects.toMatchObject({ code: 'generator_failed' });
      expect(await generator.poll(ref, signal)).toMatchObject({ status: 'failed', error: { code } });
    }
    const liar = embeddedGenerator({
      workDir,
      render: async (_req, toPath) => writeFile(toPath, 'text').then(() => ({ frames: 1 })),
    });
    const ref = await liar.create(req, signal);
    await pollUntilDone(liar, ref, quick);
    await expect(liar.fetch(ref, join(outDir, 'x'), signal)).rejects.toMatchObject({ code: 'generator_bad_content' });
    await expect(access(join(outDir, 'x'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('knows nothing of references from before a restart', async () => {
    const generator = embeddedGenerator({ render, workDir });
    await expect(generator.poll('gen_old', signal)).rejects.toMatchObject({ code: 'generator_job_lost' });
    await expect(generator.fetch('gen_old', join(outDir, 'x'), signal)).rejects.toMatchObject({
      code: 'generator_job_lost',
    });
  });
});

describe('createGenerators', () => {
  const scene = { kind: 'embedded', name: 'scene', render, workDir: '/unused' } as const;
  const wan = {
    kind: 'openai-videos',
    name: 'wan',
    baseUrl: 'http://engine:8000',
    profile: 'vllm-omni',
    models: ['wan-2.2'],
  } as const;

  it('selects by name, model, alias and default', () => {
    const { selectGenerator, generatorNamed, models, all, defaultGenerator } = createGenerators({
      generators: [wan, scene],
      default: 'scene',
    });
    expect(selectGenerator('wan-2.2').name).toBe('wan');
    expect(selectGenerator('scene').name).toBe('scene');
    for (const model of [undefined, null, 'sora-2', 'sora-2-pro', 'sora-2-2025-12-08', 'sora-2-pro-2025-10-06']) {
      expect(selectGenerator(model)).toBe(defaultGenerator);
    }
    expect(defaultGenerator.name).toBe('scene');
    expect(models).toEqual(['wan', 'wan-2.2', 'scene']);
    expect(all).toHaveLength(2);
    expect(generatorNamed('wan')?.kind).toBe('openai-videos');
    expect(generatorNamed('gone')).toBeUndefined();
  });

  it('refuses an unknown model and lists the known ones', () => {
    const { selectGenerator } = createGenerators({ generators: [scene] });
    for (const model of ['veo', 'sora-2x', '', '__proto__', '<script>']) {
      let thrown: unknown;
      try {
        selectGenerator(model);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toMatchObject({
        kind: 'invalid',
        code: 'model_not_found',
        details: { param: 'model', data: { models: ['scene'] } },
      });
      expect((thrown as Error).message).not.toContain('<');
    }
  });

  it('takes ready generators; refuses double names, double models and a missing default', () => {
    const generator = openAiVideosGenerator(wan);
    expect(
      createGenerators({ generators: [{ kind: 'instance', generator, models: ['x'] }] }).selectGenerator('x'),
    ).toBe(generator);
    const bad = { code: 'generators_config_invalid' };
    const attempt = (config: Parameters<typeof createGenerators>[0]) => {
      try {
        createGenerators(config);
      } catch (error) {
        return error;
      }
      return null;
    };
    expect(attempt({ generators: [] })).toMatchObject(bad);
    expect(attempt({ generators: [scene, scene] })).toMatchObject(bad);
    expect(attempt({ generators: [scene, { ...wan, models: ['scene'] }] })).toMatchObject(bad);
    expect(attempt({ generators: [scene], default: 'wan' })).toMatchObject(bad);
  });
});
