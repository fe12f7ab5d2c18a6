// Numbers of the faces room: what it finds, what it confuses, what it costs.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import {
  createFaceAnalyser,
  FACE_GATE,
  FACE_THRESHOLDS,
  type FaceAnalyser,
  type FaceTemplate,
  isTemplate,
  matchFaces,
} from '#engines/faces';
import { sampleFrames } from '#engines/media';
import { type PixelFrame } from '#engines/pixels';
import { frameOf, head, paste, PORTRAITS, scaled, scene } from '../../../libs/engines/faces/testing/pictures.js';

const table = (head: string[], rows: (string | number)[][]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
const three = (value: number) => value.toFixed(3);

function length(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, v, i) => sum + (v - (b[i] as number)) ** 2, 0));
}

/** A template whatever the width of the face (the pairs include one of 76 pixels); null when any other gate holds. */
async function templateOf(analyser: FaceAnalyser, frame: PixelFrame): Promise<FaceTemplate | null> {
  const [face] = await analyser.observe(frame);
  if (!face) return null;
  const result = await analyser.embed(frame, { ...face, widthPx: Math.max(face.widthPx, FACE_GATE.widthPx) });
  return isTemplate(result) ? result : null;
}

async function pairs(templates: readonly (FaceTemplate | null)[]): Promise<string> {
  const rows: (string | number)[][] = [];
  for (let i = 0; i < templates.length; i++) {
    for (let k = i + 1; k < templates.length; k++) {
      const [a, b] = [templates[i], templates[k]] as [FaceTemplate, FaceTemplate];
      const uses = (['consent', 'gallery'] as const).map((use) => matchFaces(a, b, use));
      const distance = length(a.dlib, b.dlib);
      const fused = uses[0]?.score ?? NaN;
      const same = k < 3 ? 'same' : 'different';
      rows.push([
        `${i + 1}-${k + 1}`,
        same,
        three(distance),
        three(fused + distance),
        three(fused),
        ...uses.map((u) => u.result),
      ]);
    }
  }
  return table(['pair', 'persons', 'dlib + mirror', 'faceres cosine', 'fused', 'consent', 'gallery'], rows);
}

const EDITS: [string, (image: Sharp) => Sharp][] = [
  ['brightness 0.6', (i) => i.linear(0.6, 0)],
  ['brightness 1.4', (i) => i.linear(1.4, 0)],
  ['blur 1 px', (i) => i.blur(1)],
  ['blur 2 px', (i) => i.blur(2)],
  ['JPEG quality 30', (i) => i.jpeg({ quality: 30 })],
  ['mirrored', (i) => i.flop()],
  ['turned 15 degrees', (i) => i.rotate(15, { background: '#888' })],
  ['turned -15 degrees', (i) => i.rotate(-15, { background: '#888' })],
  ['half size', (i) => i.resize(512)],
];

/** Each portrait, edited, against all unedited ones. */
async function edits(analyser: FaceAnalyser, templates: readonly (FaceTemplate | null)[]): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const [name, edit] of EDITS) {
    const own: number[] = [];
    const other: number[] = [];
    for (const [i, path] of PORTRAITS.entries()) {
      const image = edit(sharp(path).removeAlpha());
      // A format named last wins: only the edit that is about JPEG may choose it.
      const edited = await (name.startsWith('JPEG') ? image : image.png()).toBuffer();
      const template = await templateOf(analyser, await frameOf(sharp(edited)));
      if (!template) continue;
      templates.forEach((plain, k) => {
        const { score } = matchFaces(template, plain, 'consent');
        if (score !== null) (k === i ? own : k < 3 === i < 3 ? [] : other).push(score);
      });
    }
    const range = (values: number[]) => (values.length ? three(Math.min(...values)) : '-');
    rows.push([name, `${own.length} of 4`, range(own), other.length ? three(Math.max(...other)) : '-']);
  }
  return table(['edit', 'accepted', 'lowest fused with itself', 'highest fused with a stranger'], rows);
}

/** Share of places where a face of a given width is found in a drawn 1280x720 scene. */
async function smallest(analyser: FaceAnalyser): Promise<string> {
  const street = await scene();
  const widths = { 1: 155, 3: 89, 4: 94 } as const;
  const rows: (string | number)[][] = [];
  for (const width of [24, 32, 40, 48, 64, 80, 120]) {
    let [found, placed] = [0, 0];
    for (const who of [1, 3, 4] as const) {
      const picture = scaled(await head(who), width / widths[who]);
      for (const [x, y] of [
        [40, 60],
        [610, 330],
        [1000, 420],
      ] as const) {
        const faces = await analyser.observe(paste(street, picture, x, y));
        const centre = { x: x + picture.width / 2, y: y + picture.height / 2 };
        placed++;
        found += faces.some(
          ({ box }) => Math.hypot(box.x + box.width / 2 - centre.x, box.y + box.height / 2 - centre.y) < width,
        )
          ? 1
          : 0;
      }
    }
    rows.push([width, `${found} of ${placed}`]);
  }
  return table(['face width, px', 'found'], rows);
}

interface Looked {
  name: string;
  frames: number;
  faces: number;
  best: number;
}

async function nobody(analyser: FaceAnalyser): Promise<string> {
  const looked: Looked[] = [];
  const count = async (name: string, frames: AsyncIterable<PixelFrame> | PixelFrame[]) => {
    const one: Looked = { name, frames: 0, faces: 0, best: 0 };
    for await (const frame of frames) {
      const faces = await analyser.observe(frame);
      one.frames++;
      one.faces += faces.length;
      one.best = Math.max(one.best, ...faces.map(({ widthPx }) => widthPx));
    }
    looked.push(one);
  };
  await count('drawn scenes', await Promise.all([0, 1, 2, 3].map((kind) => scene(1280, 720, kind))));
  const kit = process.env.IMPRIMATUR_KIT;
  if (kit && existsSync(join(kit, 'pdq'))) {
    const files = readdirSync(join(kit, 'pdq')).filter((f) => f.endsWith('.jpg'));
    for (const file of files) await count(`pdq/${file}`, [await frameOf(join(kit, 'pdq', file))]);
  }
  if (kit && existsSync(join(kit, 'clips'))) {
    const files = readdirSync(join(kit, 'clips')).filter((f) => f.endsWith('.mp4'));
    for (const file of files)
      await count(`clips/${file}`, sampleFrames(join(kit, 'clips', file), { perSecond: 1, sceneChanges: false }));
  }
  const rows = looked.map(({ name, frames, faces, best }) => [name, frames, faces, faces ? Math.round(best) : '-']);
  const left = kit ? '' : '\n\nWithout IMPRIMATUR_KIT: the photographs and clips of the kit were left out.';
  return table(['picture or clip', 'frames', 'faces found', 'widest, px'], rows) + left;
}

async function cost(analyser: FaceAnalyser): Promise<string> {
  const street = await scene();
  const [man, woman] = [scaled(await head(1), 0.7), scaled(await head(4), 1.2)];
  const rows: (string | number)[][] = [];
  for (const count of [0, 1, 2]) {
    const look = analyser.begin();
    const started = process.cpuUsage();
    for (let i = 0; i < 22; i++) {
      let frame = street;
      if (count > 0) frame = paste(frame, man, 20 + 30 * i, 100);
      if (count > 1) frame = paste(frame, woman, 900 - 30 * i, 400);
      await look.look({ ...frame, timeS: i / 2 });
    }
    const tracks = await look.finish();
    const { user, system } = process.cpuUsage(started);
    const total = (user + system) / 1000;
    rows.push([count, tracks.length, Math.round(total), Math.round(total / 22)]);
  }
  return table(['faces', 'tracks', 'CPU ms for 22 frames of 1280x720', 'per frame'], rows);
}

async function ages(analyser: FaceAnalyser): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const [i, path] of PORTRAITS.entries()) {
    const frame = await frameOf(path);
    const look = analyser.begin();
    // Enlarged: the age is only estimated for faces that pass the gate.
    await look.look(scaled(frame, 1.5));
    const age = (await look.finish())[0]?.age;
    const known = i === 3 ? '42 to 43 (born 1956, portrait of 1999)' : 'not known';
    rows.push([
      i + 1,
      age ? age.mean.toFixed(1) : '-',
      age ? `${age.low} to ${age.high}` : '-',
      age ? three(age.under18) : '-',
      known,
    ]);
  }
  return table(['portrait', 'apparent age', 'central 80 %', 'share under 18', 'true age'], rows);
}

/** Measured numbers of `#engines/faces`, as Markdown. */
export async function evaluate(): Promise<string> {
  const analyser = await createFaceAnalyser();
  const templates: (FaceTemplate | null)[] = [];
  for (const path of PORTRAITS) templates.push(await templateOf(analyser, await frameOf(path)));
  const { consent, gallery } = FACE_THRESHOLDS;
  return [
    '## Faces',
    `Portraits 1 to 3 show one man (3 with sunglasses), 4 a woman. Portrait 2 is 76 px wide: under the gate of ${FACE_GATE.widthPx} px, compared here all the same. Thresholds: consent ${consent.fused}, gallery ${gallery.fused}.`,
    await pairs(templates),
    '### The same pictures, edited\nNot new persons: this says how stable the score is, not how often strangers match.',
    await edits(analyser, templates),
    '### Smallest face found',
    await smallest(analyser),
    '### Pictures that were chosen without regard to faces',
    await nobody(analyser),
    '### Apparent age',
    await ages(analyser),
    '### Cost',
    await cost(analyser),
  ].join('\n\n');
}
