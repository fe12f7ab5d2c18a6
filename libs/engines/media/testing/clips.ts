import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClipWriter, type ClipFormat } from '../index.js';

/** A new folder for one test file, and the way to remove it. */
export function scratch(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'media-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Frame `n` of the test clip: red with a moving stripe, from frame `cut` on a blue-green picture. */
export function picture(n: number, width: number, height: number, cut: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  const colour = n < cut ? [200, 40, 30] : [20, 160, 220];
  for (let i = 0; i < width * height; i++) {
    const stripe = (i + n * 2) % width < 8 ? 20 : 0;
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = (colour[c] ?? 0) + stripe;
  }
  return rgb;
}

/** A 440 Hz tone that starts at `startS`: `count` samples from sample `from` on, in every channel. */
export function tone(from: number, count: number, rate: number, channels: number, startS = 0): Float32Array {
  const samples = new Float32Array(count * channels);
  for (let i = 0; i < samples.length; i++) {
    const t = (from + Math.floor(i / channels)) / rate;
    samples[i] = t < startS ? 0 : 0.4 * Math.sin(2 * Math.PI * 440 * t);
  }
  return samples;
}

/** Writes the test clip; the tone starts at the cut. */
export async function writeClip(
  path: string,
  opts: Partial<ClipFormat> & { frames?: number; cut?: number } = {},
): Promise<string> {
  const { frames = 48, cut = 20, ...format } = opts;
  const full = { width: 320, height: 180, fps: 24, ...format };
  const writer = await openClipWriter(path, full);
  for (let n = 0; n < frames; n++) {
    await writer.writeRgb(picture(n, full.width, full.height, cut));
    if (full.audio) {
      const { sampleRate, channels } = full.audio;
      const count = sampleRate / full.fps;
      await writer.writeAudio(tone(n * count, count, sampleRate, channels, cut / full.fps));
    }
  }
  await writer.close();
  return path;
}

/** Everything a generator gives. */
export async function collect<T>(from: AsyncGenerator<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
}

/** Mean of some bytes. */
export function mean(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum / bytes.length;
}

/** Files this process holds open (Linux; elsewhere always 0). */
export function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}
