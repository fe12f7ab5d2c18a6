import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createFaceAnalyser,
  isTemplate,
  matchFaces,
  type FaceAnalyser,
  type FaceObservation,
  type FaceTemplate,
} from '#engines/faces';
import { closeInference } from '#engines/inference';
import { decodeImageFrame } from '#engines/media';
import { projectRoot } from '#kernel';
import { createChallenge, createLivenessReader, verifyLiveness } from './index.js';
import { createPuppet, type Stance } from './testing/puppet.js';
import { sitterOf } from './testing/recordings.js';

const now = new Date('2026-01-02T03:04:05.000Z');
const challenge = createChallenge({ now, ttlS: 300, locale: 'en', steps: 3 });
const STANCES: Stance[] = [{}, { yaw: 10 }, { yaw: -10 }, { pitch: 8 }, { closed: 1 }, { yaw: 4 }];

let analyser: FaceAnalyser;
let portrait: (stance: Stance, timeS: number) => Promise<void>;
let other: typeof portrait;
let recording: ReturnType<ReturnType<typeof createLivenessReader<FaceObservation, FaceTemplate>>['begin']>;

async function puppetOf(file: string): Promise<typeof portrait> {
  const frame = await decodeImageFrame(readFileSync(join(projectRoot, 'tests/fixtures', file)));
  const [face] = await analyser.observe(frame);
  const { frame: picture, mesh } = sitterOf(frame, face?.mesh as Float32Array, 130, 320);
  const puppet = createPuppet(picture, mesh);
  return (stance, timeS) => recording.look(puppet.draw(stance, timeS));
}

beforeAll(async () => {
  analyser = await createFaceAnalyser({ provider: 'cpu' });
  portrait = await puppetOf('images/astronaut_collins.png');
  other = await puppetOf('faces/vlado_1.jpg');
}, 60_000);
afterAll(() => closeInference());

async function personCheck(look: (i: number) => typeof portrait) {
  recording = createLivenessReader(analyser, async (frame, face) => {
    const found = await analyser.embed(frame, face);
    return isTemplate(found) ? found : null;
  }).begin();
  for (const [i, stance] of STANCES.entries()) await look(i)(stance, 2.5 * i);
  const { observations, views } = recording.finish();
  const { checks } = verifyLiveness({
    challenge,
    observations,
    cuts: [],
    capture: { nonce: challenge.nonce, receivedAt: now, durationS: 10 },
    code: { heard: null, shown: null },
    person: { views, match: (a: FaceTemplate, b: FaceTemplate) => matchFaces(a, b, 'consent') },
  });
  return checks.find((c) => c.name === 'person');
}

describe('the person of a recording, by the face networks', () => {
  it('is the same through turns, nods and closed eyes', async () => {
    const found = await personCheck(() => portrait);
    expect(found).toMatchObject({ state: 'passed', measured: { others: 0 } });
    expect(found?.measured.views).toBeGreaterThanOrEqual(5);
  });

  it('is another after a splice, however few of the views', async () => {
    expect(await personCheck((i) => (i < 3 ? portrait : other))).toMatchObject({ state: 'failed' });
    expect(await personCheck((i) => (i < 5 ? portrait : other))).toMatchObject({
      state: 'failed',
      measured: { others: 1 },
    });
  });
});
