import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { Inspection } from '#contracts';
import { EvidenceStills, HeldClips, readDecisions } from '#domain/gate';
import type { Clip } from '#platform/database';
import { GateHarness } from '../support/gate.js';
import { writePeopleClip } from '../support/people-clip.js';

let gate: GateHarness;
let dir: string;
let people: string;

beforeAll(async () => {
  gate = await GateHarness.open();
  dir = await mkdtemp(join(tmpdir(), 'imprimatur-inspection-'));
  const clip = {
    width: 960,
    height: 540,
    fps: 24,
    seconds: 3,
    portrait: 480,
    caption: 'Harbour news at noon',
    speech: true,
  };
  people = await writePeopleClip(join(dir, 'people.mp4'), clip);
}, 60_000);
afterAll(async () => {
  await gate.close();
  await rm(dir, { recursive: true, force: true });
});

/** Takes a new clip through the gate; what the engine made is said to be `file`. */
async function through(file: string, prompt = 'A woman walks along a harbour'): Promise<Clip> {
  gate.faults = { inspect: (payload) => gate.unfaulted('inspect', { ...payload, path: file }) };
  return gate.drive((await gate.admit({ prompt })).id);
}
const inspectionOf = (clip: Clip) => Inspection.parse(clip.inspection);
const lastOf = (clip: Clip) => readDecisions(clip.decisions).at(-1)!;

describe('the inspection of a finished clip', () => {
  let released: Clip;

  it('sees the face, reads the words, hears that somebody speaks, and lets a harmless clip go on', async () => {
    released = await through(people);
    expect(released.state).toBe('released');
    const { faces, texts, speech, fingerprint, stills, provider, models } = inspectionOf(released);
    expect(faces).toMatchObject([{ id: 'face_1', state: 'measured', age: { low: expect.any(Number) as number } }]);
    expect(texts.map(({ text }) => text).join(' ')).toMatch(/Harbour news/);
    // Nobody is configured to write it down: noted, not silent.
    expect(speech.state).toBe('unable');
    expect(speech.seconds).toBeGreaterThan(1);
    expect(speech.utterances.every(({ text }) => text === null)).toBe(true);
    expect(fingerprint.hashes.length).toBeGreaterThanOrEqual(3);
    expect(stills.length).toBeGreaterThan(0);
    expect(provider).toBe('cpu');
    expect(models.map(({ name }) => name)).toEqual(expect.arrayContaining(['nsfw-mobilenet-v2-mid', 'dlib-face']));
    // A template is never part of what is kept.
    expect(JSON.stringify(released)).not.toMatch(/"(dlib|faceres|template)":/);
    const { decision } = lastOf(released);
    expect(decision.coverage).toMatchObject({ violence: 'low', graphic_violence: 'none' });
    // Medium for photographs; low where the classifier takes the picture for mostly drawn.
    expect(decision.coverage.sexual).toMatch(/^(low|medium)$/);
  });

  it('replays to the same decision, the words asked for included', async () => {
    for (const { stored, repeated } of await gate.policies.replay(released)) expect(repeated).toEqual(stored);
    expect(lastOf(released).asked?.some(({ detector }) => detector === 'prompt.quotes_speech')).toBe(true);
  });

  it('holds speech that was asked for and that nobody could write down', async () => {
    const clip = await through(people, 'A woman at a harbour says: "The ferry leaves at noon"');
    expect(clip.state).toBe('held');
    expect(lastOf(clip).decision.reasons[0]).toMatchObject({ rule: 'unheard_speech_that_was_asked_for' });
  });

  it('shows reviewers stills, blurred unless asked otherwise, and records clear looks', async () => {
    const stills = new EvidenceStills(gate.core.database, gate.core.blobs);
    const { tenantId } = gate.caller;
    const [{ id = '' } = {}] = inspectionOf(released).stills;
    const blurred = await stills.open(tenantId, released.id, id, 'blurred', 'key:a');
    const looks = () =>
      gate.core.database.auditEvent.count({ where: { action: 'still.viewed', subject: released.id } });
    expect(await looks()).toBe(0);
    const clear = await stills.open(tenantId, released.id, id, 'clear', 'key:a');
    expect(await looks()).toBe(1);
    expect((await sharp(clear).metadata()).format).toBe('webp');
    const detail = async (picture: Uint8Array) =>
      (
        await sharp(picture)
          .greyscale()
          .convolve({ width: 3, height: 3, kernel: [0, -1, 0, -1, 4, -1, 0, -1, 0] })
          .stats()
      ).channels[0]!.stdev;
    expect(await detail(clear)).toBeGreaterThan(1.3 * (await detail(blurred)));
    await expect(stills.open('ten_other', released.id, id, 'blurred', 'key:b')).rejects.toMatchObject({
      code: 'video_not_found',
    });
    await expect(stills.open(tenantId, released.id, 'still_99', 'blurred', 'key:a')).rejects.toMatchObject({
      code: 'still_not_found',
    });
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length * 0.7))],
    [
      'overwritten in the middle',
      (bytes: Buffer) =>
        Buffer.from(bytes).fill(0x5a, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.4) + 3000),
    ],
    ['no video at all', () => Buffer.from('not a video')],
  ])('holds a file that is %s, with a reason in both languages', async (what, damage) => {
    const file = join(dir, `${what.replace(/\W/g, '-')}.mp4`);
    await writeFile(file, damage(await readFile(people)));
    const clip = await through(file);
    expect(clip).toMatchObject({ state: 'held', heldAt: 'clip' });
    const noted = lastOf(clip).decision.reasons.filter(({ note }) => note);
    expect(noted[0]?.note).toEqual({ en: expect.any(String) as string, fr: expect.any(String) as string });
  });

  it('knows its own releases again, and refuses what a person refused before', async () => {
    const again = await through(people);
    expect(again.state).toBe('released');
    expect(inspectionOf(again).matches).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ bank: expect.objectContaining({ kind: 'own_releases' }) as unknown }),
      ]),
    );
    const held = await through(people, 'A woman at a harbour says: "The ferry leaves at noon"');
    const reviewers = new HeldClips(gate.core.database, gate.moves, gate.policies, gate.core.clock);
    await reviewers.decide(
      gate.caller.tenantId,
      held.id,
      { outcome: 'refuse', category: 'likeness', reason: 'Not hers.' },
      'key:r',
    );
    const tried = await through(people);
    expect(tried.state).toBe('refused');
    expect(lastOf(tried).decision.reasons[0]).toMatchObject({ detector: 'fingerprint.reupload', outcome: 'refuse' });
  });
});
