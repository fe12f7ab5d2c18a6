import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import proto, { type onnx } from 'onnx-proto';
import { projectRoot, sha256Hex } from '#kernel';
import { closeInference, configureInference } from '#engines/inference';
import { matchVoices, noSpeakerModel, openSpeakerModel, type VoiceEmbedding } from './index.js';
import { soundOf } from './testing.js';

const { ModelProto } = proto.onnx;

function value(name: string, dims: (number | string)[]): onnx.IValueInfoProto {
  const dim = dims.map((d) => (typeof d === 'string' ? { dimParam: d } : { dimValue: d }));
  return { name, type: { tensorType: { elemType: 1, shape: { dim } } } };
}

const ints = (name: string, list: number[]): onnx.IAttributeProto => ({ name, type: 7, ints: list });
const flag = (name: string, i: number): onnx.IAttributeProto => ({ name, type: 2, i });

function network(graph: onnx.IGraphProto): Uint8Array {
  const opsetImport = [{ domain: '', version: 13 }];
  return ModelProto.encode(
    ModelProto.create({ irVersion: 7, opsetImport, graph: { name: 'voice', ...graph } }),
  ).finish();
}

/** The mean of each feature over time: a crude but real portrait of a voice. */
function meanOf(dims: (number | string)[], axis: number, features: number): Uint8Array {
  return network({
    node: [
      { opType: 'ReduceMean', input: ['x'], output: ['y'], attribute: [ints('axes', [axis]), flag('keepdims', 0)] },
    ],
    input: [value('x', dims)],
    output: [value('y', [1, features])],
  });
}

/** Loudness in eight bands of the waveform: filters of 400 samples, absolute value, mean. */
function bands(): Uint8Array {
  const kernels = Float32Array.from({ length: 8 * 400 }, (_, i) => {
    const hz = 150 * 1.6 ** Math.floor(i / 400);
    return Math.sin((2 * Math.PI * hz * (i % 400)) / 16_000) / 400;
  });
  return network({
    node: [
      {
        opType: 'Conv',
        input: ['x', 'w'],
        output: ['c'],
        attribute: [ints('kernel_shape', [400]), ints('strides', [160])],
      },
      { opType: 'Abs', input: ['c'], output: ['a'] },
      { opType: 'ReduceMean', input: ['a'], output: ['y'], attribute: [ints('axes', [2]), flag('keepdims', 0)] },
    ],
    initializer: [{ name: 'w', dims: [8, 1, 400], dataType: 1, rawData: new Uint8Array(kernels.buffer) }],
    input: [value('x', [1, 1, 't'])],
    output: [value('y', [1, 8])],
  });
}

const base = { name: 'test', version: '1', licence: 'CC0-1.0', threshold: 0.8, dimensions: 80 };
const fbank = (layout: 'NTF' | 'NFT', meanNormalise = false) => ({
  ...base,
  input: { kind: 'fbank', layout, fbank: { meanNormalise } },
});

describe('openSpeakerModel', () => {
  let dir: string;
  let english: Float32Array;
  beforeAll(async () => {
    configureInference({ lanes: 1 });
    dir = mkdtempSync(join(tmpdir(), 'speaker-'));
    english = (await soundOf(join(projectRoot, 'tests', 'fixtures', 'speech', 'harbour-en.webm'))).slice(
      16_000,
      88_000,
    );
  });
  afterAll(async () => {
    await closeInference();
    rmSync(dir, { recursive: true, force: true });
  });

  async function open(bytes: Uint8Array, manifest: unknown) {
    const sha256 = sha256Hex(bytes);
    const file = join(dir, `${sha256}.onnx`);
    writeFileSync(file, bytes);
    return openSpeakerModel({ file, sha256, manifest, provider: 'cpu' });
  }

  function embedding(voice: VoiceEmbedding): Float32Array {
    if (voice.state === 'unable') throw new Error(voice.reason);
    return voice.embedding;
  }

  it('measures a voice from features, the same in both layouts, at length 1', async () => {
    const rows = await open(meanOf([1, 't', 80], 1, 80), fbank('NTF'));
    const columns = await open(meanOf([1, 80, 't'], 2, 80), fbank('NFT'));
    const [a, b] = [embedding(await rows.embedVoice(english)), embedding(await columns.embedVoice(english))];
    expect(a).toHaveLength(80);
    expect(a.reduce((sum, v) => sum + v * v, 0)).toBeCloseTo(1, 5);
    a.forEach((v, i) => expect(v).toBeCloseTo(b[i] ?? NaN, 4));
    expect(rows).toMatchObject({ model: { name: 'test', version: '1', provider: 'cpu' }, threshold: 0.8 });
  });

  it('tells halves of one voice from another sound', async () => {
    const model = await open(bands(), {
      ...base,
      dimensions: 8,
      input: { kind: 'waveform', layout: 'N1T', scale: 32768 },
    });
    const first = await model.embedVoice(english.slice(0, 35_000));
    const second = await model.embedVoice(english.slice(35_000));
    const whistle = await model.embedVoice(new Float32Array(40_000).map((_, i) => 0.2 * Math.sin(i * 0.6)));
    expect(matchVoices(first, second, 0.8)).toMatchObject({ state: 'measured', same: true });
    expect(matchVoices(first, whistle, 0.8)).toMatchObject({ state: 'measured', same: false });
  });

  it('is unable where it cannot tell', async () => {
    const model = await open(meanOf([1, 't', 80], 1, 80), fbank('NTF'));
    const reasons = await Promise.all(
      [english.slice(0, 31_000), new Float32Array(48_000), english.map((v, i) => (i === 9 ? NaN : v))].map((sound) =>
        model.embedVoice(sound),
      ),
    );
    expect(reasons).toEqual([
      { state: 'unable', reason: 'There is less than 2 s of speech.' },
      { state: 'unable', reason: 'The sound is too quiet.' },
      { state: 'unable', reason: 'The sound has values that are not numbers.' },
    ]);
    // The mean of features without their mean is nothing.
    const nothing = await open(meanOf([1, 't', 80], 1, 80), fbank('NTF', true));
    expect((await nothing.embedVoice(english)).state).toBe('unable');
    // The manifest says what the network does not do.
    for (const manifest of [
      { ...fbank('NTF'), dimensions: 192 },
      { ...base, input: { kind: 'waveform' } },
    ]) {
      expect((await (await open(meanOf([1, 't', 80], 1, 80), manifest)).embedVoice(english)).state).toBe('unable');
    }
    expect(await noSpeakerModel().embedVoice(english)).toEqual({
      state: 'unable',
      reason: 'No speaker model is configured.',
    });
  });

  it('refuses a wrong manifest and an altered file', async () => {
    const bytes = meanOf([1, 't', 80], 1, 80);
    await expect(open(bytes, { ...fbank('NTF'), threshold: 3 })).rejects.toMatchObject({
      code: 'speaker_model_invalid',
    });
    await expect(open(bytes, { ...base, input: { kind: 'picture' } })).rejects.toMatchObject({
      code: 'speaker_model_invalid',
    });
    const file = join(dir, 'altered.onnx');
    writeFileSync(file, bytes);
    const altered = openSpeakerModel({ file, sha256: '0'.repeat(64), manifest: fbank('NTF'), provider: 'cpu' });
    await expect(altered).rejects.toMatchObject({ code: 'model_hash_mismatch' });
  });
});

describe('matchVoices', () => {
  const voice = (...values: number[]): VoiceEmbedding => ({ state: 'measured', embedding: Float32Array.from(values) });

  it('is the cosine', () => {
    expect(matchVoices(voice(3, 4), voice(4, 3), 0.9)).toEqual({ state: 'measured', similarity: 0.96, same: true });
    expect(matchVoices(voice(3, 4), voice(4, 3), 0.97)).toMatchObject({ same: false });
    expect(matchVoices(voice(1, 0), voice(-2, 0), 0.5)).toEqual({ state: 'measured', similarity: -1, same: false });
  });

  it('is unable for one side unable, other lengths, and no direction', () => {
    const none: VoiceEmbedding = { state: 'unable', reason: 'too short' };
    expect(matchVoices(none, voice(1, 0), 0)).toEqual(none);
    expect(matchVoices(voice(1, 0), none, 0)).toEqual(none);
    for (const other of [voice(1, 0, 0), voice(0, 0), voice(NaN, 1)]) {
      expect(matchVoices(voice(1, 0), other, -1).state).toBe('unable');
    }
    expect(matchVoices(voice(1, 0), voice(1, 0), NaN).state).toBe('unable');
  });
});
