import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { projectRoot } from '#kernel';
import type { LivenessChallenge } from '#contracts';
import { createFaceAnalyser, type FaceAnalyser } from '#engines/faces';
import { drawable, pathOf, widthOf } from '#engines/lettering';
import { decodeImageFrame, openClipWriter } from '#engines/media';
import { moments } from '../../libs/engines/liveness/testing/acting.js';
import { sitterOf, type Camera, type Sitter } from '../../libs/engines/liveness/testing/recordings.js';

/** Side of the picture, and height of the card below it that the digits are written on, in pixels. */
const SIZE = 288;
const CARD = 64;
const PER_SECOND = 10;

/** Portraits with a licence, of two persons. */
export const PEOPLE = {
  eileen: join(projectRoot, 'tests/fixtures/images/astronaut_collins.png'),
  vlado: join(projectRoot, 'tests/fixtures/faces/vlado_1.jpg'),
} as const;

let opened: Promise<FaceAnalyser> | undefined;
/** The face networks of this process. */
export const analyser = () => (opened ??= createFaceAnalyser({ provider: 'cpu' }));

/** Somebody who can be filmed. */
export async function sitterFrom(path: string): Promise<Sitter> {
  const portrait = await decodeImageFrame(await readFile(path));
  const [face] = await (await analyser()).observe(portrait);
  if (!face?.mesh) throw new Error(`no face in ${path}`);
  return sitterOf(portrait, face.mesh, 120, SIZE);
}

/** A sheet of paper with digits on it, as somebody would hold it up. */
async function card(digits: string): Promise<Uint8Array> {
  const glyphs = drawable(digits);
  const size = 44;
  const path = pathOf(glyphs, (SIZE - widthOf(glyphs, size)) / 2, 48, size);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${CARD}"><rect width="100%" height="100%" fill="#eeeeea"/><path d="${path}" fill="#16181d"/></svg>`;
  return new Uint8Array(await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer());
}

/** Films an answer to a challenge into an MP4 as a telephone hands it in, with its digits held into the picture. */
export async function filmAnswer(path: string, challenge: LivenessChallenge, camera: Camera): Promise<string> {
  const paper = await card(challenge.code);
  const writer = await openClipWriter(path, { width: SIZE, height: SIZE + CARD, fps: PER_SECOND });
  for (const t of moments(challenge, PER_SECOND)) {
    const rgb = new Uint8Array(3 * SIZE * (SIZE + CARD));
    rgb.set(camera(t).rgb);
    rgb.set(paper, 3 * SIZE * SIZE);
    await writer.writeRgb(rgb);
  }
  await writer.close();
  return path;
}
