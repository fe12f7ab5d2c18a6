import { join } from 'node:path';
import sharp, { type SharpInput } from 'sharp';
import { projectRoot } from '#kernel';
import { type ModelCard } from '#engines/inference';

/** What a card's `input.normalisation` says, as arithmetic on one RGB byte. */
const NORMALISATIONS: Record<string, (value: number, channel: number) => number> = {
  'value / 255': (v) => v / 255,
  'value / 127.5 - 1': (v) => v / 127.5 - 1,
  'value 0..255; the rest is inside': (v) => v,
  'value - [103.939, 116.779, 123.68]': (v, channel) => v - ([103.939, 116.779, 123.68][channel] ?? NaN),
};

/** Four benign pictures: a portrait, two drawn ones, and repeatable noise. */
function sources(): SharpInput[] {
  const shapes = (body: string) =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360">${body}</svg>`);
  const speckles = Array.from({ length: 400 }, (_, i) => {
    const at = (k: number) => ((i + 1) * k) % 997;
    return `<rect x="${(at(331) * 640) / 997}" y="${(at(577) * 360) / 997}" width="${4 + (at(71) % 60)}"
      height="${4 + (at(83) % 60)}" fill="rgb(${at(13) % 256},${at(29) % 256},${at(47) % 256})"/>`;
  });
  return [
    join(projectRoot, 'tests', 'fixtures', 'images', 'astronaut_collins.png'),
    shapes(`<rect width="640" height="200" fill="#7ab8f0"/><rect y="200" width="640" height="160" fill="#3f7d3a"/>
      <circle cx="520" cy="80" r="40" fill="#ffe98a"/><path d="M60 220 L180 90 L300 220 Z" fill="#77706b"/>`),
    shapes(`<rect width="640" height="360" fill="#fff"/><circle cx="320" cy="180" r="120" fill="#d22"/>
      <rect x="40" y="40" width="120" height="280" fill="#238"/>`),
    shapes(speckles.join('')),
  ];
}

/** Benign pictures as the card's network wants them. @returns values and their shape, NHWC */
export async function benignBatch({ input, name }: ModelCard): Promise<{ batch: Float32Array; shape: number[] }> {
  const [, height = 0, width = 0, channels = 0] = input.shape;
  const normalise = NORMALISATIONS[input.normalisation];
  if (!normalise) throw new Error(`${name}: no test knows the normalisation "${input.normalisation}"`);
  const raw = await Promise.all(
    sources().map((picture) =>
      sharp(picture).removeAlpha().resize(width, height, { fit: 'fill' }).toColourspace('srgb').raw().toBuffer(),
    ),
  );
  const bgr = input.channels === 'BGR';
  const bytes = Buffer.concat(raw);
  const batch = Float32Array.from(bytes, (_, i) => {
    const channel = i % 3;
    return normalise(bytes[bgr ? i - channel + 2 - channel : i] as number, channel);
  });
  return { batch, shape: [raw.length, height, width, channels] };
}
