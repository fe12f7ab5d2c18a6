import { readFile, writeFile } from 'node:fs/promises';
import { topLevelBoxes } from '../../libs/engines/credentials/testing.js';
import { readSound } from '../../libs/engines/media/testing/sound.js';
import type { GenerationRequest } from '#contracts';
import { openClipWriter, probe, sampleFrames } from '#engines/media';

const RATE = 48_000;

/** A request to the embedded engine for a clip smaller than the API offers, which takes less time. */
export function smallScene(prompt: string, seed: string, seconds: number, size: string): GenerationRequest {
  return { clipId: seed, model: 'test', prompt, seed, seconds, size: size as GenerationRequest['size'] };
}

/** Seconds of a clip, for {@link compose}. */
export interface Piece {
  path: string;
  fromS?: number;
  toS?: number;
}

/** What is done to the pictures. */
export interface Edit {
  /** Keeps the middle: 0.9 cuts a tenth of width and height away. */
  crop?: number;
  mirror?: boolean;
  /** Constant rate factor of the copy; 23 by default. */
  crf?: number;
}

interface Picture {
  width: number;
  height: number;
  rgb: Uint8Array;
}

const even = (value: number) => 2 * Math.round(value / 2);

function edited(picture: Picture, { crop = 1, mirror = false }: Edit): Picture {
  const { width, height, rgb } = picture;
  if (crop === 1 && !mirror) return picture;
  const [w, h] = [even(width * crop), even(height * crop)];
  const [left, top] = [(width - w) >> 1, (height - h) >> 1];
  const to = new Uint8Array(3 * w * h);
  for (let y = 0; y < h; y++) {
    const start = 3 * ((y + top) * width + left);
    const row = rgb.slice(start, start + 3 * w);
    // Mirrored, the three colours of each pixel come out the other way round and are put back below.
    to.set(mirror ? row.reverse() : row, 3 * w * y);
  }
  if (mirror) for (let at = 0; at < to.length; at += 3) [to[at], to[at + 2]] = [to[at + 2]!, to[at]!];
  return { width: w, height: h, rgb: to };
}

/** Writes pieces of clips of one size and rate one after the other, pictures and sound, encoded anew. */
export async function compose(to: string, pieces: Piece[], edit: Edit = {}): Promise<string> {
  const { video } = await probe(pieces[0]!.path);
  const { fps, width, height } = video!;
  const format = edited({ width, height, rgb: new Uint8Array(3 * width * height) }, edit);
  const audio = { sampleRate: RATE, channels: 1 as const };
  const shape = { width: format.width, height: format.height, fps, audio, crf: edit.crf ?? 23 };
  const writer = await openClipWriter(to, shape);
  for (const { path, fromS = 0, toS = Infinity } of pieces) {
    const sound = await readSound(path, RATE);
    const each = Math.round(RATE / fps);
    for await (const frame of sampleFrames(path, { perSecond: fps, sceneChanges: false })) {
      if (frame.timeS < fromS - 1e-3 || frame.timeS >= toS - 1e-3) continue;
      await writer.writeRgb(edited(frame, edit).rgb);
      const start = frame.index * each;
      const samples = new Float32Array(each);
      samples.set(sound.subarray(start, start + each));
      await writer.writeAudio(samples);
    }
  }
  await writer.close();
  return to;
}

/** A copy of a clip with the credentials of another one, at its end, where they leave the clip playable. */
export async function withCredentialsOf(signed: string, path: string, to: string): Promise<string> {
  const [clip, other] = await Promise.all([readFile(signed), readFile(path)]);
  const uuid = topLevelBoxes(clip).find(({ type }) => type === 'uuid')!;
  await writeFile(to, Buffer.concat([other, clip.subarray(uuid.start, uuid.end)]));
  return to;
}
