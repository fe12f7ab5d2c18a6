import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { closeInference, configureInference } from '#engines/inference';
import { renderScene } from '#engines/scene';
import { createSpeechFinder, type SpeechFinder, toWav } from './index.js';
import { blocksOf, lookAt, soundOf } from './testing.js';
import { fromWav } from './wav.js';

const ENGLISH = join(projectRoot, 'tests', 'fixtures', 'speech', 'harbour-en.webm');
const FRENCH = join(projectRoot, 'tests', 'fixtures', 'speech', 'port-fr.m4a');
const RATE = 16_000;

/** The same numbers on every run. */
function noise(count: number, loudness: number): Float32Array {
  let state = 1;
  return new Float32Array(count).map(() => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return loudness * (state / 2 ** 30 - 1);
  });
}

function repeated(sound: Float32Array, times: number): Float32Array {
  const out = new Float32Array(sound.length * times);
  for (let i = 0; i < times; i++) out.set(sound, i * sound.length);
  return out;
}

describe('createSpeechFinder', () => {
  let finder: SpeechFinder;
  let english: Float32Array;
  beforeAll(async () => {
    configureInference({ lanes: 1 });
    finder = await createSpeechFinder({ provider: 'cpu' });
    english = await soundOf(ENGLISH);
  });
  afterAll(closeInference);

  async function hear(samples: Float32Array, startS = 0, size = 4096) {
    const look = finder.begin();
    for (const block of blocksOf(samples, startS, size)) await look.push(block);
    return look.finish();
  }

  it.each([
    ['English, Opus', ENGLISH, 4.6],
    ['French, AAC', FRENCH, 4.4],
  ])('finds a sentence where it is said: %s', async (_, path, length) => {
    const { segments, seconds, examinedS } = await lookAt(finder, path);
    expect(examinedS).toBeCloseTo(length + 2, 0);
    // A second of silence on either side; pauses inside the sentence are not speech.
    expect(segments[0]?.fromS).toBeGreaterThan(0.75);
    expect(segments[0]?.fromS).toBeLessThan(1.15);
    expect(segments.at(-1)?.toS).toBeLessThan(length + 1.3);
    expect(segments.at(-1)?.toS).toBeGreaterThan(length + 0.5);
    expect(seconds).toBeGreaterThan(3);
    expect(seconds).toBeLessThan(length + 0.1);
    for (const { fromS, toS, samples } of segments) expect(samples?.length).toBeCloseTo((toS - fromS) * RATE, -1);
  });

  it('gives the same however the sound is cut into blocks', async () => {
    const whole = await hear(english, 0, english.length);
    expect(await hear(english, 0, 4096)).toEqual(whole);
    expect(await hear(english, 0, 333)).toEqual(whole);
    const found = await hear(english, 10);
    expect(found.segments[0]?.fromS).toBeCloseTo((whole.segments[0]?.fromS ?? NaN) + 10, 6);
  });

  it('carries the very samples, with padding', async () => {
    const { segments } = await hear(english);
    for (const { fromS, samples } of segments) {
      const start = Math.round(fromS * RATE);
      expect(samples).toEqual(english.slice(start, start + (samples?.length ?? 0)));
    }
  });

  it('hears no speech in silence, noise and tones, and hardly any in the soundtracks of the scene engine', async () => {
    const tone = new Float32Array(6 * RATE).map((_, i) => 0.3 * Math.sin((2 * Math.PI * 220 * i) / RATE));
    for (const sound of [new Float32Array(6 * RATE), noise(6 * RATE, 0.3), noise(6 * RATE, 0.01), tone]) {
      expect(await hear(sound)).toEqual({ segments: [], seconds: 0, examinedS: 6 });
    }
    const dir = mkdtempSync(join(tmpdir(), 'speech-'));
    try {
      for (const prompt of ['a joyful dog runs through a park', 'a storm over the sea at night']) {
        const path = join(dir, 'scene.mp4');
        await renderScene({ prompt, seed: '7', seconds: 4, width: 320, height: 180 }, path);
        const found = await lookAt(finder, path);
        expect(found.examinedS).toBeGreaterThan(3.9);
        // Music may pass for a voice for an instant; two seconds is where a policy begins to care.
        expect(found.seconds).toBeLessThan(0.5);
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it('hears speech under noise, and speech that is quiet', async () => {
    const clean = (await hear(english)).seconds;
    const hum = noise(english.length, 0.02);
    expect((await hear(english.map((v, i) => v + (hum[i] ?? 0)))).seconds).toBeGreaterThan(clean * 0.8);
    expect((await hear(english.map((v) => v * 0.03))).seconds).toBeGreaterThan(clean * 0.8);
  });

  it('cuts long speech into utterances of at most 15 s and loses none of it', async () => {
    // The sentence without the silence around it, six times.
    const talk = repeated(english.slice(1 * RATE, 5.5 * RATE), 6);
    const { segments, seconds } = await hear(talk);
    expect(seconds).toBeGreaterThan(20);
    for (const { fromS, toS } of segments) expect(toS - fromS).toBeLessThanOrEqual(15.4);
    segments.slice(1).forEach(({ fromS }, i) => expect(fromS).toBeGreaterThanOrEqual((segments[i]?.toS ?? 0) - 1e-6));
  });

  it('keeps no more than 120 s of speech, and still counts the rest', async () => {
    const { segments, seconds } = await hear(repeated(english.slice(1 * RATE, 5.5 * RATE), 40), 0, 65_536);
    const kept = segments.reduce((sum, { samples }) => sum + (samples?.length ?? 0), 0);
    expect(seconds).toBeGreaterThan(125);
    expect(kept).toBeLessThanOrEqual(120 * RATE);
    expect(segments.some(({ samples }) => samples === null)).toBe(true);
  });

  it('follows time stamps that jump, without forgetting what it heard', async () => {
    const look = finder.begin();
    for (const block of blocksOf(english)) {
      await look.push(block.timeS < 3 ? block : { ...block, timeS: block.timeS + 20 });
    }
    const jumped = await look.finish();
    const plain = await hear(english);
    expect(jumped.seconds).toBe(plain.seconds);
    expect(jumped.segments[0]?.fromS).toBeCloseTo(plain.segments[0]?.fromS ?? NaN, 6);
    expect(jumped.segments.at(-1)?.toS).toBeCloseTo((plain.segments.at(-1)?.toS ?? NaN) + 20, 6);
  });

  it('fails on what is no sound, and stays failed', async () => {
    const look = finder.begin();
    const bad = { timeS: 0, sampleRate: RATE, samples: Float32Array.of(0, Number.NaN) };
    await expect(look.push(bad)).rejects.toMatchObject({ code: 'speech_input_invalid' });
    await expect(look.finish()).rejects.toMatchObject({ code: 'speech_input_invalid' });
    await expect(finder.begin().push({ ...bad, sampleRate: 48_000 })).rejects.toMatchObject({
      code: 'speech_input_invalid',
    });
    expect(await finder.begin().finish()).toEqual({ segments: [], seconds: 0, examinedS: 0 });
  });

  it('names its model', () => {
    const card = JSON.parse(readFileSync(join(projectRoot, 'models', 'cards', 'silero-vad.json'), 'utf8')) as object;
    expect(card).toMatchObject({ sha256: finder.model.sha256, version: finder.model.version });
  });
});

describe('toWav', () => {
  it('writes 16-bit PCM that reads back, and clips', () => {
    const wav = toWav(Float32Array.of(0, 0.5, -0.5, 2, -2, Number.NaN));
    const bytes = Buffer.from(wav);
    expect(bytes.length).toBe(44 + 12);
    expect(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ');
    expect([bytes.readUInt32LE(4), bytes.readUInt32LE(24), bytes.readUInt32LE(40)]).toEqual([48, RATE, 12]);
    expect(Array.from({ length: 6 }, (_, i) => bytes.readInt16LE(44 + 2 * i))).toEqual([
      0, 16384, -16383, 32767, -32768, 0,
    ]);
    expect(fromWav(wav)[1]).toBeCloseTo(0.5, 4);
    expect(() => fromWav(wav.slice(0, 50))).toThrow(expect.objectContaining({ code: 'speech_input_invalid' }) as Error);
  });
});
