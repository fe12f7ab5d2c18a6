import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import proto, { type onnx } from 'onnx-proto';
import { sha256Hex } from '#kernel';
import { Signal } from '#contracts';
import { closeInference } from '#engines/inference';
import { createZeroShot, ZERO_SHOT_PROMPTS, type ZeroShot } from './index.js';
import { stretched } from './zero-shot.js';

const { ModelProto, TensorProto } = proto.onnx;
const info = (name: string, sizes: (number | string)[]): onnx.IValueInfoProto => {
  const dim = sizes.map((s) => (typeof s === 'string' ? { dimParam: s } : { dimValue: s }));
  return { name, type: { tensorType: { elemType: TensorProto.DataType.FLOAT, shape: { dim } } } };
};

/** A real encoder of three values: the mean of each channel. `last` is what it does in the end. */
function meanColour(last: 'Identity' | 'Log' | 'Sign' = 'Identity', batch: number | string = 'n'): Uint8Array {
  const graph = {
    name: 'mean-colour',
    input: [info('pixel_values', [batch, 3, 'h', 'w'])],
    output: [info('embedding', [batch, 3])],
    node: [
      { opType: 'GlobalAveragePool', input: ['pixel_values'], output: ['pooled'] },
      { opType: 'Flatten', input: ['pooled'], output: ['flat'] },
      { opType: last, input: ['flat'], output: ['embedding'] },
    ],
  };
  const model = { irVersion: 7, producerName: 'test', opsetImport: [{ domain: '', version: 13 }], graph };
  return ModelProto.encode(ModelProto.create(model)).finish();
}

const PROMPTS = [
  { category: 'violence', text: 'red', values: [3, 0, 0] },
  { category: 'sexual', text: 'green', values: [0, 2, 0] },
  { category: 'neutral', text: 'blue', values: [0, 0, 1] },
];
const MANIFEST = {
  name: 'mean-colour',
  version: '1',
  input: { width: 8, height: 8, layout: 'NCHW', mean: [0, 0, 0], std: [1, 1, 1], resize: 'stretch' },
  output: 'embedding',
  scoring: { kind: 'softmax', scale: 10 },
  thresholds: { violence: 0.5, sexual: 0.5 },
};

const folders: string[] = [];
interface Change {
  manifest?: object;
  image?: Uint8Array;
  text?: unknown;
  /** Files after hashing. */
  later?: (dir: string) => Promise<unknown>;
}
async function folder({ manifest, image = meanColour(), text = { prompts: PROMPTS }, later }: Change = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'zero-shot-'));
  folders.push(dir);
  const words = JSON.stringify(text);
  const files = {
    image: { path: 'image.onnx', sha256: sha256Hex(image) },
    text: { path: 'text-embeddings.json', sha256: sha256Hex(Buffer.from(words)) },
  };
  await writeFile(join(dir, 'image.onnx'), image);
  await writeFile(join(dir, 'text-embeddings.json'), words);
  await writeFile(join(dir, 'zero-shot.json'), JSON.stringify({ ...MANIFEST, files, ...manifest }));
  await later?.(dir);
  return dir;
}
const opened = async (change?: Change) => createZeroShot(await folder(change), { provider: 'cpu' });

type Colour = [number, number, number];
function frame(timeS: number, colour: Colour, [width, height] = [32, 18]) {
  const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => colour[i % 3] as number);
  return { timeS, width, height, rgb };
}
const RED: Colour = [250, 5, 5];
const BLUE: Colour = [5, 5, 250];
async function watch(eye: ZeroShot, seen: [number, Colour][]) {
  const look = eye.begin();
  for (const [t, colour] of seen) await look.look(frame(t, colour));
  const signals = await look.finish();
  for (const signal of signals) expect(Signal.parse(signal)).toEqual(signal);
  return Object.fromEntries(signals.map((signal) => [signal.category, signal]));
}

afterAll(async () => {
  await closeInference();
  await Promise.all(folders.map((dir) => rm(dir, { recursive: true })));
});

describe('createZeroShot', () => {
  it('finds the second that looks like a prompt, per category, and says what judged it', async () => {
    const eye = await opened();
    const seen = Array.from({ length: 9 }, (_, i): [number, Colour] => [i / 2, i === 4 || i === 5 ? RED : BLUE]);
    const { violence, sexual } = await watch(eye, seen);
    expect(violence).toMatchObject({
      detector: 'vision.zeroshot',
      source: 'frames',
      state: 'measured',
      coverage: 'low',
    });
    expect(violence?.score).toBeGreaterThan(0.99);
    expect(violence?.at).toEqual({ fromS: 2, toS: 3 });
    expect(violence?.series).toHaveLength(9);
    expect(sexual?.score).toBeLessThan(0.1);
    expect(eye.models.map(({ name, provider }) => [name, provider])).toEqual([
      ['mean-colour', 'cpu'],
      ['mean-colour-prompts', undefined],
    ]);
    expect(violence?.model).toEqual(eye.models[0]);
  });

  it('does what softmax over all prompts does, by hand', async () => {
    const [r, b] = [0.8, 0.6].map((v) => Math.exp(10 * v)) as [number, number];
    const { violence } = await watch(await opened(), [[0, [200, 0, 150]]]);
    expect(violence?.score).toBeCloseTo(stretched(r / (r + b + 1), 0.5), 4);
  });

  it('takes the strongest prompt with sigmoid, and a trained head instead of prompts', async () => {
    const manifest = {
      scoring: { kind: 'sigmoid', scale: 10, bias: -8 },
      thresholds: { violence: 0.4, illicit: 0.5 },
      heads: { illicit: { weights: [0, 4, -4], bias: 1 } },
      calibrated: { illicit: { material: 'test', positives: 10, negatives: 20, recall: 0.9, falseAlarms: 0.05 } },
    };
    const { violence, illicit, sexual } = await watch(await opened({ manifest }), [[0, [200, 0, 150]]]);
    expect(violence?.score).toBeCloseTo(stretched(1 / (1 + Math.exp(-(8 - 8))), 0.4), 4);
    expect(illicit?.score).toBeCloseTo(stretched(1 / (1 + Math.exp(2.4 - 1)), 0.5), 4);
    expect([violence?.coverage, illicit?.coverage, sexual]).toEqual(['low', 'medium', undefined]);
  });

  it('puts channels, mean and bars where the manifest says', async () => {
    const nhwc = { ...MANIFEST.input, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], resize: 'fit' };
    const eye = await opened({ manifest: { input: nhwc } });
    // A green band of 32 x 8 in a square: the bars are 0 after normalisation and leave the direction as it is.
    const look = eye.begin();
    await look.look(frame(0, [127.5, 255, 127.5], [32, 8]));
    const sexual = (await look.finish()).find(({ category }) => category === 'sexual');
    expect(sexual?.score).toBeGreaterThan(0.99);
    // The same network reads rows of pixels when fed NHWC: 3 "channels" of 8 x 3 are refused, as its input is 3 wide.
    await expect(opened({ manifest: { input: { ...MANIFEST.input, layout: 'NHWC' } } })).rejects.toMatchObject({
      code: 'inference_failed',
    });
  });

  it('looks at two frames a second at most, in batches, and keeps clips apart', async () => {
    const eye = await opened();
    const dense = Array.from({ length: 25 }, (_, i): [number, Colour] => [i / 10, BLUE]);
    const { violence } = await watch(eye, dense);
    expect(violence?.series?.map(([t]) => t)).toEqual([0, 0.5, 1, 1.5, 2]);
    const [first, second] = await Promise.all([watch(eye, [[0, RED]]), watch(eye, [[0, BLUE]])]);
    expect(first['violence']?.score).toBeGreaterThan(0.9);
    expect(second['violence']?.score).toBeLessThan(0.1);
  });

  it('is unable, never clean, without frames', async () => {
    const none = await watch(await opened(), []);
    for (const category of ['violence', 'sexual']) {
      expect(none[category]).toMatchObject({ state: 'unable', score: null, coverage: 'none' });
    }
  });
});

describe('a broken folder', () => {
  const replace = (file: string, bytes: string | Uint8Array) => (dir: string) => writeFile(join(dir, file), bytes);
  const sha256 = 'a'.repeat(64);
  const image = { path: 'image.onnx', sha256: sha256Hex(meanColour()) };
  const cases: [string, Change, string][] = [
    ['no manifest', { later: (dir) => rm(join(dir, 'zero-shot.json')) }, 'zeroshot_file_missing'],
    ['a manifest that is no JSON', { later: replace('zero-shot.json', '{') }, 'zeroshot_manifest_invalid'],
    ['an unknown setting', { manifest: { treshold: 1 } }, 'zeroshot_manifest_invalid'],
    ['a category that is not offered', { manifest: { thresholds: { hate: 0.5 } } }, 'zeroshot_manifest_invalid'],
    ['no category', { manifest: { thresholds: {} } }, 'zeroshot_manifest_invalid'],
    ['another output', { manifest: { output: 'logits' } }, 'zeroshot_manifest_invalid'],
    ['another encoder', { later: replace('image.onnx', meanColour('Sign')) }, 'zeroshot_hash_mismatch'],
    ['other prompts', { later: replace('text-embeddings.json', '{}') }, 'zeroshot_hash_mismatch'],
    ['no encoder', { later: (dir) => rm(join(dir, 'image.onnx')) }, 'zeroshot_file_missing'],
    ['prompts without values', { text: { prompts: [{ ...PROMPTS[0], values: [] }] } }, 'zeroshot_embeddings_invalid'],
    [
      'prompts of length zero',
      { text: { prompts: [{ ...PROMPTS[0], values: [0, 0, 0] }] } },
      'zeroshot_embeddings_invalid',
    ],
    ['a category without prompts', { text: { prompts: PROMPTS.slice(1) } }, 'zeroshot_embeddings_invalid'],
    ['no neutral prompts', { text: { prompts: PROMPTS.slice(0, 2) } }, 'zeroshot_embeddings_invalid'],
    ['no prompts at all', { manifest: { files: { image } } }, 'zeroshot_embeddings_invalid'],
    [
      'a head of another size',
      { manifest: { heads: { violence: { weights: [1], bias: 0 } } } },
      'zeroshot_embeddings_invalid',
    ],
    [
      'another size',
      { text: { prompts: PROMPTS.map((p) => ({ ...p, values: [...p.values, 1] })) } },
      'zeroshot_output_invalid',
    ],
    [
      'values that are not finite',
      { image: meanColour('Log'), manifest: { input: { ...MANIFEST.input, mean: [1, 1, 1] } } },
      'zeroshot_output_invalid',
    ],
    ['the same for everything', { image: meanColour('Sign') }, 'zeroshot_output_invalid'],
    ['one picture a run where four are claimed', { image: meanColour('Identity', 1) }, 'inference_failed'],
    ['no network', { image: Buffer.from('no network') }, 'model_unloadable'],
    [
      'a path that leads up',
      { manifest: { files: { image: { path: '../image.onnx', sha256 } } } },
      'zeroshot_file_outside',
    ],
    [
      'an absolute path',
      { manifest: { files: { image: { path: '/etc/hostname', sha256 } } } },
      'zeroshot_file_outside',
    ],
    [
      'a link that leads out',
      {
        later: async (dir) => {
          const elsewhere = await folder();
          await rm(join(dir, 'image.onnx'));
          await symlink(join(elsewhere, 'image.onnx'), join(dir, 'image.onnx'));
        },
      },
      'zeroshot_file_outside',
    ],
  ];
  it.each(cases)('is told at once: %s', async (_, change, code) => {
    await expect(opened(change)).rejects.toMatchObject({ code });
  });
});

describe('stretched', () => {
  it('puts the threshold at 0.7 and keeps order and ends', () => {
    expect([0, 0.01, 0.02, 0.51, 1].map((raw) => stretched(raw, 0.02))).toEqual([0, 0.35, 0.7, 0.85, 1]);
  });
});

describe('the prompts', () => {
  it('are plain, different, and never about minors', () => {
    const all = Object.values(ZERO_SHOT_PROMPTS).flat();
    expect(new Set(all).size).toBe(all.length);
    for (const prompt of all) {
      expect(prompt).toMatch(/^an? [a-zA-Z ,-]+$/);
      expect(prompt).not.toMatch(/child|kid|teen|girl|boy|young|minor|baby|school/i);
    }
    for (const own of Object.values(ZERO_SHOT_PROMPTS)) expect(own.length).toBeGreaterThan(3);
  });

  it('are named in the notes that say how to embed them', async () => {
    expect(await readFile(join(import.meta.dirname, 'README.md'), 'utf8')).toContain('ZERO_SHOT_PROMPTS');
  });
});
