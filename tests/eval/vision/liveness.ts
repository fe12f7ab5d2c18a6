// Numbers of the liveness room: drawn recordings of two portraits, live and attacking, and the room to every limit.
import { createFaceAnalyser, isTemplate, matchFaces, type FaceAnalyser, type FaceTemplate } from '#engines/faces';
import {
  challengeEntropy,
  createChallenge,
  createLivenessReader,
  LIMITS,
  verifyLiveness,
  type LivenessReading,
} from '#engines/liveness';
import { frameOf, PORTRAITS } from '../../../libs/engines/faces/testing/pictures.js';
import { act, moments, seeded, shortChallenge } from '../../../libs/engines/liveness/testing/acting.js';
import {
  liveCamera,
  printCamera,
  sitterOf,
  stillCamera,
  type Camera,
  type Sitter,
} from '../../../libs/engines/liveness/testing/recordings.js';

const now = new Date('2026-01-02T03:04:05.000Z');
const challenge = shortChallenge(now);
const table = (head: string[], rows: (string | number)[][]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

function judge({ observations, views }: LivenessReading<FaceTemplate>, of = challenge) {
  const { result, checks } = verifyLiveness({
    challenge: of,
    observations,
    cuts: [],
    capture: { nonce: of.nonce, receivedAt: new Date(now.getTime() + 60_000), durationS: of.lengthS },
    code: { heard: of.code, shown: null },
    person: { views, match: (a: FaceTemplate, b: FaceTemplate) => matchFaces(a, b, 'consent') },
  });
  const named = (state: string) => checks.filter((c) => c.state === state).map((c) => c.name);
  const measured = Object.assign({}, ...checks.map((c) => c.measured)) as Record<string, number>;
  return { result, failed: named('failed'), unable: named('unable'), measured };
}

async function sitter(analyser: FaceAnalyser, portrait: string): Promise<Sitter> {
  const frame = await frameOf(portrait);
  const [face] = await analyser.observe(frame);
  if (!face?.mesh) throw new Error(`No face in ${portrait}.`);
  return sitterOf(frame, face.mesh, 130, 320);
}

async function film(analyser: FaceAnalyser, camera: Camera): Promise<LivenessReading<FaceTemplate>> {
  const recording = createLivenessReader(analyser, async (frame, face) => {
    const found = await analyser.embed(frame, face);
    return isTemplate(found) ? found : null;
  }).begin();
  for (const t of moments(challenge)) await recording.look(camera(t));
  return recording.finish();
}

const digits = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(4));

function row(name: string, reading: LivenessReading<FaceTemplate>): string[] {
  const { result, failed, unable, measured: m } = judge(reading);
  const numbers = [m.nose, m.plane, m.leastShare, m.jumpDegrees, m.motion, m.leastScore].map(digits);
  return [name, result, failed.join(', ') || '-', unable.join(', ') || '-', ...numbers];
}

/** The live recording read as the answer to other challenges: what somebody gains who replays one. */
function replays(live: LivenessReading<FaceTemplate>, count: number): string {
  const others = Array.from({ length: count }, (_, i) =>
    createChallenge({ now, ttlS: 300, locale: 'en', random: seeded(1000 + i), steps: 3 }),
  );
  // The digits and the number of the challenge are granted to the attacker; only the movements are asked about.
  const passed = others.filter((other) => judge(live, other).result === 'live').length;
  return `A live recording replayed as the answer to ${count} other challenges of three steps, with their digits: ${passed} pass.`;
}

/** Measured numbers of `#engines/liveness`, as Markdown. */
export async function evaluate(): Promise<string> {
  const analyser = await createFaceAnalyser();
  const [man, woman] = await Promise.all([PORTRAITS[0], PORTRAITS[3]].map((path) => sitter(analyser, path)));
  if (!man || !woman) throw new Error('The portraits of the tests are missing.');
  const [him, her] = [liveCamera(man, challenge), liveCamera(woman, challenge)];
  const started = process.cpuUsage();
  const live = await film(analyser, her);
  const { user, system } = process.cpuUsage(started);
  const halfS = challenge.lengthS / 2;
  const cameras: [string, Camera][] = [
    ['live, man', him],
    ['live, slow to begin (1.2 s)', liveCamera(woman, challenge, { delayS: 1.2 })],
    ['eyes stay open', liveCamera(woman, challenge, { closed: 0 })],
    ['print, turned 1.6 times as far, eyes painted', printCamera(woman, challenge)],
    ['print, bent, turned twice as far', printCamera(woman, challenge, { bend: 1, gain: 2 })],
    ['photograph on a stand', stillCamera(woman)],
    ['another person from the middle on', (t) => (t < halfS ? her : him)(t)],
  ];
  const rows = [row('live, woman', live)];
  for (const [name, camera] of cameras) rows.push(row(name, await film(analyser, camera)));
  const bits = challengeEntropy();
  const asked = challenge.steps.map(({ action }) => action).join(', ');
  const turned = Math.max(...moments(challenge).map((t) => Math.abs(act(challenge, t).yaw ?? 0)));
  return [
    `Two portraits laid over their own meshes and drawn as recordings of 320 px, ten pictures a second, noise added; ${asked}; turns of ${turned.toFixed(0)} degrees. Drawn heads, not people: no error rate for people follows from this.`,
    table(
      ['recording', 'result', 'failed', 'unable', 'nose', 'plane', 'lids', 'jump, degrees', 'motion', 'least alike'],
      [
        ...rows,
        ['limits', '', '', '', LIMITS.nose, LIMITS.plane, LIMITS.lids.shut, LIMITS.jump.degrees, LIMITS.motion, ''].map(
          String,
        ),
      ],
    ),
    replays(live, 200),
    `Unpredictability of a usual challenge: movements ${bits.actions.toFixed(1)} bits, pauses ${bits.pauses} bits, digits ${bits.code.toFixed(1)} bits.`,
    `Reading and drawing a recording of ${challenge.lengthS} s: ${Math.round((user + system) / 1000)} ms CPU.`,
  ].join('\n\n');
}
