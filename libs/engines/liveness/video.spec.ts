import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
import { decodeImageFrame, openClipWriter, watchClip } from '#engines/media';
import { projectRoot } from '#kernel';
import { createLivenessReader, verifyLiveness } from './index.js';
import { moments, shortChallenge } from './testing/acting.js';
import { liveCamera, printCamera, sitterOf, type Camera, type Sitter } from './testing/recordings.js';

const SIZE = 288;
const PER_SECOND = 10;
const now = new Date('2026-01-02T03:04:05.000Z');
const challenge = shortChallenge(now);
const dir = mkdtempSync(join(tmpdir(), 'liveness-'));

let analyser: FaceAnalyser;
let sitter: Sitter;

beforeAll(async () => {
  analyser = await createFaceAnalyser({ provider: 'cpu' });
  const portrait = await decodeImageFrame(
    readFileSync(join(projectRoot, 'tests/fixtures/images/astronaut_collins.png')),
  );
  const [face] = await analyser.observe(portrait);
  sitter = sitterOf(portrait, face?.mesh as Float32Array, 120, SIZE);
});
afterAll(async () => {
  await closeInference();
  rmSync(dir, { recursive: true });
});

/** Films the challenge into an MP4, as a telephone would hand it in. */
async function record(name: string, camera: Camera): Promise<string> {
  const path = join(dir, `${name}.mp4`);
  const writer = await openClipWriter(path, { width: SIZE, height: SIZE, fps: PER_SECOND });
  for (const t of moments(challenge, PER_SECOND)) await writer.writeRgb(camera(t).rgb);
  await writer.close();
  return path;
}

/** Reads a file and judges it, the digits apart: they are as if a transcriber had heard them. */
async function judge(path: string) {
  const recording = createLivenessReader<FaceObservation, FaceTemplate>(analyser, async (frame, face) => {
    const found = await analyser.embed(frame, face);
    return isTemplate(found) ? found : null;
  }).begin();
  const cuts: number[] = [];
  const seen = await watchClip(
    path,
    { perSecond: PER_SECOND },
    {
      onFrame: (frame) => recording.look(frame),
      onLuma: ({ timeS }, cut) => void (cut && cuts.push(timeS)),
    },
  );
  const { observations, views } = recording.finish();
  const verdict = verifyLiveness({
    challenge,
    observations,
    cuts,
    capture: { nonce: challenge.nonce, receivedAt: new Date(now.getTime() + 60_000), durationS: seen.durationS },
    code: { heard: challenge.code, shown: null },
    person: { views, match: (a: FaceTemplate, b: FaceTemplate) => matchFaces(a, b, 'consent') },
  });
  const named = (state: string) => verdict.checks.filter((c) => c.state === state).map((c) => c.name);
  return { result: verdict.result, failed: named('failed'), unable: named('unable'), complete: seen.complete };
}

describe('a video file', () => {
  it('of somebody who does what is asked is live', async () => {
    const path = await record('live', liveCamera(sitter, challenge));
    expect(await judge(path)).toEqual({ result: 'live', failed: [], unable: [], complete: true });
  });

  it('of a photograph held to the camera and turned as asked is not', async () => {
    const path = await record('print', printCamera(sitter, challenge));
    const { result, failed, complete } = await judge(path);
    expect({ result, complete }).toEqual({ result: 'not_live', complete: true });
    expect(failed).toContain('actions');
    // It is one person, filmed in one go, in time: only its flatness gives it away.
    expect(failed).not.toContain('person');
    expect(failed).not.toContain('cuts');
  });
});
