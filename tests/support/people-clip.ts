import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { projectRoot } from '#kernel';
import { decodeAudio, openClipWriter } from '#engines/media';

const PORTRAIT = join(projectRoot, 'tests/fixtures/images/astronaut_collins.png');
const SPEECH = join(projectRoot, 'tests/fixtures/speech/harbour-en.webm');

/** What is in the clip. */
export interface PeopleClip {
  width: number;
  height: number;
  fps: number;
  seconds: number;
  /** Height of the portrait in pixels; its face is about a third as wide. 0 leaves it out. */
  portrait: number;
  /** Written at the bottom, 24 px; empty leaves it out. */
  caption: string;
  /** The spoken sentence of the fixtures from the first second on. */
  speech: boolean;
}

/** Ten seconds at 1280x720 with a face that walks, a caption and speech. */
export const TEN_SECONDS: PeopleClip = {
  ...{ width: 1280, height: 720, fps: 30, seconds: 10, portrait: 480 },
  caption: 'Harbour news: the ferry leaves at noon',
  speech: true,
};

/** A quiet landscape with some texture, as no drawn scene of one colour would be. */
function background({ width, height }: PeopleClip): Buffer {
  const hills = Array.from({ length: 40 }, (_, i) => {
    const x = (i * 379) % width;
    const y = height / 2 + ((i * 223) % (height / 2));
    return `<ellipse cx="${x}" cy="${y}" rx="${60 + ((i * 37) % 120)}" ry="${20 + ((i * 17) % 40)}"
      fill="rgb(${60 + ((i * 29) % 60)},${90 + ((i * 41) % 80)},${50 + ((i * 13) % 50)})"/>`;
  });
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}"
    height="${height}" fill="#8fb7d8"/>${hills.join('')}</svg>`,
  );
}

async function raw(image: Sharp): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Puts a picture into another; what reaches over the edge is cut off. */
function paste(
  onto: { data: Buffer; width: number; height: number },
  one: { data: Buffer; width: number; height: number },
  left: number,
  top: number,
): void {
  for (let y = 0; y < one.height; y++) {
    const row = top + y;
    if (row < 0 || row >= onto.height) continue;
    const from = Math.max(0, -left);
    const to = Math.min(one.width, onto.width - left);
    if (to <= from) continue;
    one.data.copy(
      onto.data,
      3 * (row * onto.width + left + from),
      3 * (y * one.width + from),
      3 * (y * one.width + to),
    );
  }
}

/** Writes the clip. The portrait is Eileen Collins (NASA, public domain); the voice is a synthesiser's. */
export async function writePeopleClip(path: string, clip: PeopleClip = TEN_SECONDS): Promise<string> {
  const { width, height, fps, seconds, portrait, caption, speech } = clip;
  const scene = await raw(sharp(background(clip)));
  const face = portrait ? await raw(sharp(PORTRAIT).resize({ height: portrait })) : null;
  const words = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="60"><rect width="${width}" height="60"
    fill="#202428"/><text x="30" y="38" font-family="DejaVu Sans, Noto Sans, sans-serif" font-size="24" fill="#fff">${caption}</text></svg>`,
  );
  const band = caption ? await raw(sharp(words)) : null;
  const sound = speech ? { sampleRate: 48_000, channels: 1 as const } : undefined;
  const writer = await openClipWriter(path, { width, height, fps, ...(sound && { audio: sound }) });
  const samples: number[] = [];
  if (speech) for await (const block of decodeAudio(SPEECH, { sampleRate: 48_000 })) samples.push(...block.samples);
  const each = 48_000 / fps;
  for (let n = 0; n < seconds * fps; n++) {
    const frame = { ...scene, data: Buffer.from(scene.data) };
    if (face)
      paste(
        frame,
        face,
        Math.round((width - face.width) * (0.1 + (0.8 * n) / (seconds * fps))),
        height - 60 - face.height,
      );
    if (band) paste(frame, band, 0, height - 60);
    await writer.writeRgb(frame.data);
    if (sound) await writer.writeAudio(Float32Array.from({ length: each }, (_, i) => samples[n * each + i] ?? 0));
  }
  await writer.close();
  return path;
}
