import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeInference } from '#engines/inference';
import { decodeImageFrame } from '#engines/media';
import { projectRoot } from '#kernel';
import { createChallenge, createLivenessReader, verifyLiveness, type LivenessSample } from './index.js';
import { seeded, shortChallenge } from './testing/acting.js';
import {
  film,
  liveCamera,
  printCamera,
  sitterOf,
  stillCamera,
  type Camera,
  type Sitter,
} from './testing/recordings.js';
import { createTracker, findMesh } from './testing/tracker.js';

const now = new Date('2026-01-02T03:04:05.000Z');
const make = (seed: number) => createChallenge({ now, ttlS: 300, locale: 'en', random: seeded(seed), steps: 3 });
const challenge = shortChallenge(now);

let sitter: Sitter;
let live: LivenessSample[];

const record = async (camera: Camera, seconds?: number) =>
  film(await createTracker({ x: 120, y: 120, side: 190, angle: 0 }), camera, challenge, seconds);

function judge(observations: LivenessSample[], of = challenge) {
  const { result, checks } = verifyLiveness<number>({
    challenge: of,
    observations,
    cuts: [],
    capture: { nonce: of.nonce, receivedAt: new Date(now.getTime() + 60_000), durationS: of.lengthS },
    code: { heard: of.code, shown: null },
    person: {
      views: [0, 4, 8, 12].map((timeS) => ({ timeS, template: 1 })),
      match: () => ({ result: 'match', score: 1 }),
    },
  });
  const named = (state: string) => checks.filter((c) => c.state === state).map((c) => c.name);
  const measured = Object.assign({}, ...checks.map((c) => c.measured)) as Record<string, number>;
  return { result, failed: named('failed'), unable: named('unable'), measured };
}

beforeAll(async () => {
  const path = join(projectRoot, 'tests/fixtures/images/astronaut_collins.png');
  const portrait = await decodeImageFrame(readFileSync(path));
  sitter = sitterOf(portrait, await findMesh(portrait, { x: 225, y: 122, side: 165, angle: 0.05 }));
  live = await record(liveCamera(sitter, challenge));
}, 120_000);
afterAll(() => closeInference());

describe('recordings read by the mesh network', () => {
  it('pass when a solid head does what is asked, with room to every limit', () => {
    const { failed, unable, result, measured } = judge(live);
    expect({ failed, unable, result }).toEqual({ failed: [], unable: [], result: 'live' });
    expect(measured.nose).toBeGreaterThan(0.045);
    expect(measured.plane).toBeGreaterThan(0.036);
    expect(measured.leastShare).toBeLessThan(0.78);
    expect(measured.jumpDegrees).toBeLessThan(15);
  });

  it('fail as an answer to another challenge', () => {
    for (let seed = 100; seed < 110; seed++) expect(judge(live, make(seed)).result).toBe('not_live');
  });

  it('fail for a bent print that is turned far, its eyes painted over for the blink', async () => {
    const flat = await record(printCamera(sitter, challenge, { bend: 1, gain: 2 }));
    expect(judge(flat).failed).toContain('actions');
    // Even with the pose numbers of the true head, the places of its points give the print away.
    const mixed = flat.map((s, i) => ({
      ...s,
      face: s.face && { ...s.face, pose: live[i]?.face?.pose ?? s.face.pose },
    }));
    expect(judge(mixed).failed).toContain('depth');
  });

  it('fail for a photograph on a stand, which does nothing; a frozen picture does not even tremble', async () => {
    const seconds = await record(stillCamera(sitter), 2);
    const lasting = (from: LivenessSample[]) =>
      live.map((s, i) => ({ ...(from[i % from.length] as LivenessSample), timeS: s.timeS }));
    expect(judge(lasting(seconds)).failed.slice(0, 2)).toEqual(['actions', 'eyes']);
    expect(judge(lasting(seconds.slice(-1))).failed).toEqual(['actions', 'eyes', 'motion']);
  });

  it('are unable for pictures without a face, and for none', async () => {
    const frame = { timeS: 0, width: 64, height: 64, rgb: new Uint8Array(3 * 64 * 64).fill(128) };
    const recording = createLivenessReader(await createTracker({ x: 32, y: 32, side: 60, angle: 0 })).begin();
    for (let i = 0; i < 12; i++) await recording.look({ ...frame, timeS: i / 10 });
    expect(recording.finish().observations.every((s) => s.faces === 0)).toBe(true);
    expect(judge([]).unable).toEqual(['frames', 'face', 'size', 'cuts', 'actions', 'eyes', 'depth', 'motion']);
  });
});
