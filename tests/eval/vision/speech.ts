import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { decodeAudio } from '#engines/media';
import { createSpeechFinder, type SpeechFinder } from '#engines/speech';
import { readPrompt, sceneRng } from '../../../libs/engines/scene/reader.js';
import { soundtrack } from '../../../libs/engines/scene/sound/soundtrack.js';

const RATE = 16_000;
const FIXTURES = ['harbour-en.webm', 'port-fr.m4a'];

async function soundOf(name: string): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  const path = join(projectRoot, 'tests', 'fixtures', 'speech', name);
  for await (const { samples } of decodeAudio(path)) parts.push(samples);
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Seconds of speech that are found in `samples`. */
async function secondsIn(finder: SpeechFinder, samples: Float32Array): Promise<number> {
  const look = finder.begin();
  for (let at = 0; at < samples.length; at += 4096) {
    await look.push({ timeS: at / RATE, sampleRate: RATE, samples: samples.slice(at, at + 4096) });
  }
  return (await look.finish()).seconds;
}

function noise(count: number, loudness: number): Float32Array {
  let state = 1;
  return new Float32Array(count).map(() => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return loudness * (state / 2 ** 30 - 1);
  });
}

function power(samples: Float32Array): number {
  return samples.reduce((sum, v) => sum + v * v, 0) / samples.length;
}

/** Ten seconds of the scene engine's own sound, brought to 16 kHz mono by the mean of three samples. */
function music(prompt: string): Float32Array {
  const stereo = soundtrack(readPrompt(prompt, '7'), sceneRng(prompt, '7').fork('sound'), 10, [2, 5]);
  return new Float32Array(10 * RATE).map((_, i) => {
    let sum = 0;
    for (let k = 0; k < 6; k++) sum += stereo[6 * i + k] ?? 0;
    return sum / 6;
  });
}

const MOODS = ['a joyful', 'a calm', 'a sad', 'a tense', 'an epic', 'a mysterious'];
const SCENES = [
  'dog runs through a park',
  'storm over the sea at night',
  'cat sleeps in a room with rain outside',
  'car drives through a city',
  'bird flies over a forest in the wind',
  'person walks on a beach',
];

async function underSound(finder: SpeechFinder, sound: Float32Array, masker: Float32Array): Promise<string[]> {
  const clean = await secondsIn(finder, sound);
  const cells: string[] = [];
  for (const db of [20, 10, 5, 0]) {
    const gain = Math.sqrt(power(sound) / power(masker) / 10 ** (db / 10));
    const mixed = sound.map((v, i) => v + gain * (masker[i % masker.length] ?? 0));
    cells.push(`${((100 * (await secondsIn(finder, mixed))) / clean).toFixed(0)} %`);
  }
  return cells;
}

async function falseAlarms(finder: SpeechFinder): Promise<string> {
  const found: number[] = [];
  for (const mood of MOODS) for (const scene of SCENES) found.push(await secondsIn(finder, music(`${mood} ${scene}`)));
  const total = found.reduce((a, b) => a + b, 0);
  const worst = Math.max(...found);
  return `${total.toFixed(2)} s of ${found.length * 10} s, in ${found.filter((s) => s > 0).length} of ${found.length} tracks; worst ${worst.toFixed(2)} s`;
}

async function cost(finder: SpeechFinder, sound: Float32Array): Promise<number> {
  const ten = new Float32Array(10 * RATE).map((_, i) => sound[i % sound.length] ?? 0);
  await secondsIn(finder, ten);
  const before = process.cpuUsage();
  for (let i = 0; i < 5; i++) await secondsIn(finder, ten);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 5000;
}

/** What the speech finder finds in synthetic speech, alone and under other sound, and in sound without a voice. */
export async function evaluate(): Promise<string> {
  const finder = await createSpeechFinder();
  const rows: string[] = [];
  const sounds = await Promise.all(FIXTURES.map(soundOf));
  for (const [i, sound] of sounds.entries()) {
    const alone = await secondsIn(finder, sound);
    const quiet = await secondsIn(
      finder,
      sound.map((v) => v * 0.01),
    );
    const white = await underSound(finder, sound, noise(sound.length, 0.1));
    const scene = await underSound(finder, sound, music('a joyful storm over the sea at night'));
    rows.push(
      `| ${FIXTURES[i]} | ${alone.toFixed(2)} s | ${((100 * quiet) / alone).toFixed(0)} % | white noise | ${white.join(' | ')} |`,
    );
    rows.push(`| | | | music and storm | ${scene.join(' | ')} |`);
  }
  return [
    '## Speech',
    '',
    `Finder: ${finder.model.name} ${finder.model.version} on ${finder.model.provider}. Speech by espeak-ng, no human voice.`,
    '',
    '| clip | speech found | of that at -40 dB | under | 20 dB | 10 dB | 5 dB | 0 dB |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
    `- Taken for speech in soundtracks without a voice: ${await falseAlarms(finder)}.`,
    `- CPU time for 10 s of sound: ${(await cost(finder, sounds[0] as Float32Array)).toFixed(0)} ms.`,
    '- Not measured here: human voices, singing, transcripts (no Whisper model), voice likeness (no speaker model).',
    '',
  ].join('\n');
}
