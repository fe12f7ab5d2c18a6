import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { projectRoot } from '#kernel';
import { decodeImageFrame, sampleFrames } from '#engines/media';
import { loadPolicy } from '#engines/policy';
import { renderScene } from '#engines/scene';
import {
  aggregateNsfw,
  createNsfwDetector,
  NSFW_DETECTOR,
  SUGGESTIVE_DETECTOR,
  type NsfwDetector,
} from '#engines/vision';
import type { PixelFrame } from '#engines/pixels';
import { note, quantile, table } from '../../load/machine.js';

/** Longer side of frames, as in an inspection. */
const MAX_SIDE = 1280;
const AUDIENCES = ['adult', 'teen'] as const;
type Audience = (typeof AUDIENCES)[number];

/** Something harmless to look at. */
export interface Benign {
  name: string;
  kind: 'picture' | 'clip' | 'scene';
  frames: () => AsyncIterable<PixelFrame>;
}

/** What a harmless thing scored, and what the policy makes of it. */
export interface Judged {
  name: string;
  kind: Benign['kind'];
  frames: number;
  explicit: number;
  suggestive: number;
  held: Record<Audience, boolean>;
  refused: Record<Audience, boolean>;
}

async function* picture(path: string): AsyncGenerator<PixelFrame> {
  yield await decodeImageFrame(await readFile(path), { maxSide: MAX_SIDE });
}

const WHO = [
  'a woman', 'a man', 'two friends', 'a dancer', 'a baby elephant', 'a dog', 'three cats', 'a horse', 'a pink pig',
  'an octopus', 'a flamingo', 'a fish', 'a robot', 'a snowman', 'a red car', 'a boat', 'a rocket', 'a balloon',
  'a peach', 'a birthday cake', 'a rose', 'a heart', 'a mermaid', 'a teddy bear',
]; // prettier-ignore
const WHERE = [
  'dances on the beach at sunset',
  'swims in the sea, zoom in',
  'walks through a park in the rain',
  'sleeps in a room at night',
  'jumps in the desert at dawn',
  'flies over a city with fireworks',
];

/** Prompts for the scene generator: `count` different ones, every subject and place early on. */
export function benignPrompts(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const turn = Math.floor(i / WHO.length);
    return `${WHO[i % WHO.length] as string} ${WHERE[(i + turn) % WHERE.length] as string}`;
  });
}

/** One second of a scene, drawn when it is looked at. */
function scene(prompt: string, seed: string): Benign {
  async function* frames() {
    const folder = await mkdtemp(join(tmpdir(), 'benign-'));
    try {
      const path = join(folder, 'scene.mp4');
      await renderScene({ prompt, seed, seconds: 1, width: 320, height: 180 }, path);
      yield* sampleFrames(path, { maxSide: MAX_SIDE });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { name: prompt, kind: 'scene', frames };
}

/** Pictures and clips in the given folders, each name once, and `scenes` drawn scenes. */
export async function benignMaterial(folders: readonly string[], scenes: number): Promise<Benign[]> {
  const files = new Map<string, Benign>();
  for (const folder of folders) {
    for (const file of (await readdir(folder)).sort()) {
      const path = join(folder, file);
      if (/\.(png|jpe?g|webp)$/i.test(file))
        files.set(file, { name: file, kind: 'picture', frames: () => picture(path) });
      if (/\.(mp4|webm)$/i.test(file)) {
        files.set(file, { name: file, kind: 'clip', frames: () => sampleFrames(path, { maxSide: MAX_SIDE }) });
      }
    }
  }
  return [...files.values(), ...benignPrompts(scenes).map((prompt, i) => scene(prompt, String(i)))];
}

/** Folders of the project with harmless pictures and clips of a licence that allows it. */
export const FIXTURES = ['images', 'faces', 'pdq', 'clips'].map((name) => join(projectRoot, 'tests', 'fixtures', name));

/** Looks at harmless things as an inspection does, and at what the default policy makes of the scores. */
export async function judgeBenign(material: readonly Benign[], detector: NsfwDetector): Promise<Judged[]> {
  const policy = loadPolicy(await readFile(join(projectRoot, 'policies', 'default.yaml'), 'utf8'));
  const families = policy.stages.clip.families;
  const judged: Judged[] = [];
  for (const { name, kind, frames } of material) {
    const scored = [];
    for await (const frame of frames()) {
      const [scores] = await detector.score([frame]);
      scored.push({ timeS: frame.timeS, scores: scores! });
    }
    const signals = aggregateNsfw(scored, detector.model);
    const scoreOf = (which: string) => {
      const score = signals.find(({ detector: by }) => by === which)?.score;
      if (typeof score !== 'number') throw new Error(`${name}: ${which} was not measured`);
      return score;
    };
    const reaches = (audience: Audience, outcome: 'hold' | 'refuse') =>
      [NSFW_DETECTOR, SUGGESTIVE_DETECTOR].some((which) => {
        const limit = families[which]?.thresholds.sexual[audience][outcome];
        return typeof limit === 'number' && scoreOf(which) >= limit;
      });
    const both = (outcome: 'hold' | 'refuse') => ({ adult: reaches('adult', outcome), teen: reaches('teen', outcome) });
    judged.push({
      name: basename(name),
      kind,
      frames: scored.length,
      explicit: scoreOf(NSFW_DETECTOR),
      suggestive: scoreOf(SUGGESTIVE_DETECTOR),
      held: both('hold'),
      refused: both('refuse'),
    });
  }
  return judged;
}

/** How many of `judged` would wait for a person or be refused. */
export function counts(judged: readonly Judged[], audience: Audience): { held: number; refused: number } {
  return {
    held: judged.filter(({ held }) => held[audience]).length,
    refused: judged.filter(({ refused }) => refused[audience]).length,
  };
}

function row(kind: string, judged: readonly Judged[]): string[] {
  const [adult, teen] = AUDIENCES.map((audience) => counts(judged, audience)) as [
    ReturnType<typeof counts>,
    ReturnType<typeof counts>,
  ];
  const scores = judged.map(({ explicit }) => explicit);
  const [middle, high, top] = [quantile(scores, 0.5), quantile(scores, 0.95), Math.max(...scores)];
  const frames = judged.reduce((sum, { frames: n }) => sum + n, 0);
  const shown = [middle, high, top].map((v) => v.toFixed(3)).join(' / ');
  return [
    kind,
    `${judged.length} (${frames})`,
    shown,
    `${adult.held} / ${adult.refused}`,
    `${teen.held} / ${teen.refused}`,
  ];
}

/** False alarms of the nudity classifier on harmless pictures, clips and drawn scenes under the default policy. */
export async function evaluate(): Promise<string> {
  const kit = process.env['IMPRIMATUR_KIT'];
  const folders = [...FIXTURES, ...(kit ? ['faces', 'pdq', 'clips'].map((name) => join(kit, name)) : [])];
  const material = await benignMaterial(folders, 96);
  note(`  ${material.length} harmless pictures, clips and scenes`);
  const judged = await judgeBenign(material, await createNsfwDetector({ provider: 'cpu' }));
  const kinds = (['picture', 'clip', 'scene'] as const).map(
    (kind) => [kind, judged.filter((j) => j.kind === kind)] as const,
  );
  const rows = [...kinds.filter(([, of]) => of.length).map(([kind, of]) => row(kind, of)), row('all', judged)];
  const head = [
    'material',
    'things (frames)',
    'porn + hentai: median / 95 % / highest',
    'adult: held / refused',
    'teen: held / refused',
  ];
  const worst = judged.toSorted((a, b) => b.explicit - a.explicit).slice(0, 5);
  const suggestive = judged.toSorted((a, b) => b.suggestive - a.suggestive).slice(0, 3);
  return [
    table(head, rows),
    '',
    `Highest: ${worst.map(({ name, explicit }) => `${name} ${explicit.toFixed(3)}`).join('; ')}.`,
    `Highest suggestive: ${suggestive.map((j) => `${j.name} ${j.suggestive.toFixed(3)}`).join('; ')}.`,
    `Names that occur twice count once.${kit ? '' : ' IMPRIMATUR_KIT is not set: its pictures and clips were left out.'}`,
    'Scenes: 1 s, 320x180, by the embedded generator. Nobody measured recall: no explicit picture is used in this project.',
  ].join('\n');
}
