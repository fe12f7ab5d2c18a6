import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#kernel';
import type { Segment, VerifyReport } from '#contracts';
import {
  databaseAncestry,
  databaseLog,
  databaseRegister,
  keepFingerprints,
  ReleasePrints,
  Verifier,
} from '#domain/provenance';
import { openLogReader } from '#domain/transparency';
import { encodePicture, PRINT_ALGORITHM, type PicturePrint } from '#engines/fingerprint';
import { transcode } from '#engines/media';
import type { Transaction } from '#platform/database';
import { addMetadata } from '../../libs/engines/media/testing/remux.js';
import { compose, smallScene, withCredentialsOf } from '../support/edits.js';
import { CLIP, fixtureEngine, GateHarness } from '../support/gate.js';

const SECONDS = 5;

let gate: GateHarness;
let dir: string;
let drawn = '';
let boats: { id: string; path: string };
let foreign: string;
let prints: ReleasePrints;

const at = (name: string) => join(dir, name);

async function draw(prompt: string, name: string): Promise<string> {
  await gate.unfaulted('render', { request: smallScene(prompt, name, SECONDS, '960x540'), toPath: at(name) });
  return at(name);
}

/** A clip that went the whole way but for looking at it, and its released file. */
async function released(path: string): Promise<{ id: string; path: string }> {
  drawn = path;
  const clip = await gate.drive((await gate.admit()).id);
  expect(clip.state).toBe('released');
  const file = await gate.blobPath(clip.signedSha256!);
  return { id: clip.releaseId, path: file };
}

function verify(path: string): Promise<VerifyReport> {
  const { database, trust, keyring } = gate.core;
  const verifier = new Verifier({
    examiner: { run: gate.unfaulted, close: () => Promise.resolve() },
    keys: keyring.watermark.map(({ key }) => key),
    register: databaseRegister(database),
    tool: { name: 'test', version: '1', parts: [] },
    ancestry: databaseAncestry(database),
    ...{ trust, prints, log: databaseLog(database, openLogReader(gate.core)), clock: systemClock },
  });
  return verifier.verify(path, { timeoutMs: 60_000 });
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'imprimatur-prints-'));
  gate = await GateHarness.open(fixtureEngine(() => drawn));
  // What the pictures show is not looked at here: every clip gets the findings of a short quiet one.
  const seen = await gate.lookOnce({ path: CLIP });
  gate.faults.inspect = () => Promise.resolve(seen);
  prints = new ReleasePrints(gate.core.database);
  boats = await released(await draw('Two sailboats on a blue lake at sunset', 'boats.mp4'));
  foreign = await draw('A city street with cars in the rain at night', 'foreign.mp4');
}, 400_000);
afterAll(async () => {
  await gate.close();
  await rm(dir, { recursive: true, force: true });
});

const of = (segments: Segment[], track: Segment['track']) => segments.filter((one) => one.track === track);

/** The file is the release throughout, by both tracks, and the verdict names it with its date. */
async function isDerived(report: VerifyReport, { id }: { id: string }, by: Segment['by']) {
  const { releasedAt } = await gate.core.database.release.findUniqueOrThrow({ where: { id } });
  expect(report.failed).toEqual([]);
  expect(report.verdict).toMatchObject({
    row: 4,
    code: 'derived',
    release: { id, releasedAt: releasedAt.toISOString() },
  });
  expect(report.fingerprint.picture).toMatchObject({ state: 'near', releaseId: id });
  expect(report.fingerprint.picture.share).toBeGreaterThan(0.9);
  const [picture, ...more] = of(report.segments, 'picture');
  expect(more).toEqual([]);
  expect(picture).toMatchObject({ startS: 0, state: 'ours', releaseId: id, by });
  expect(picture!.endS).toBeCloseTo(SECONDS, 0);
  expect(picture!.releaseStartS).toBeLessThan(0.3);
}

describe('copies of a release', () => {
  // Scaled and mirrored copies: tests/eval/prints, with rates.
  it.each<[string, (to: string) => Promise<unknown>]>([
    ['stripped of its credentials', (to) => addMetadata(boats.path, to, {})],
    ['encoded anew at CRF 30', (to) => transcode(boats.path, to, { crf: 30 })],
    ['cropped by a tenth', (to) => compose(to, [{ path: boats.path }], { crop: 0.9 })],
  ])(
    '%s: row 4 with its release and date, one piece',
    async (name, make) => {
      const to = at(`${name.replaceAll(' ', '-')}.mp4`);
      await make(to);
      const report = await verify(to);
      await isDerived(report, boats, ['watermark', 'fingerprint']);
      expect(report.fingerprint.sound).toMatchObject({ state: 'near', releaseId: boats.id });
      expect(of(report.segments, 'sound')).toMatchObject([{ startS: 0, state: 'ours', releaseId: boats.id }]);
    },
    200_000,
  );
});

it('an unrelated clip: row 12, nothing of ours on either track', async () => {
  const report = await verify(foreign);
  expect(report.verdict).toMatchObject({ row: 12, code: 'no_evidence', release: null });
  expect(report.fingerprint).toMatchObject({ picture: { state: 'none' }, sound: { state: 'none' } });
  expect(report.segments).toMatchObject([
    { track: 'picture', state: 'other', startS: 0 },
    { track: 'sound', state: 'other', startS: 0 },
  ]);
  expect(report.checked).toEqual(expect.arrayContaining(['watermark', 'picture_fingerprint', 'sound_fingerprint']));
});

it('our credentials on another clip: row 8', async () => {
  const report = await verify(await withCredentialsOf(boats.path, foreign, at('forged.mp4')));
  expect(report.credentials.state).toBe('mismatch');
  expect(report.verdict).toMatchObject({ row: 8, release: { id: boats.id } });
});

it('half of a release in a foreign clip: exactly which seconds, in pictures and sound', async () => {
  const pieces = [
    { path: foreign, toS: 2 },
    { path: boats.path, fromS: 1.5, toS: 4.5 },
    { path: foreign, fromS: 3.5 },
  ];
  const report = await verify(await compose(at('spliced.mp4'), pieces));
  for (const track of ['picture', 'sound'] as const) {
    const all = of(report.segments, track);
    expect(all.map(({ state }) => state)).toEqual(['other', 'ours', 'other']);
    const [, ours] = all;
    expect(ours!.releaseId).toBe(boats.id);
    expect(Math.abs(ours!.startS - 2)).toBeLessThanOrEqual(1);
    expect(Math.abs(ours!.endS - 5)).toBeLessThanOrEqual(1);
    expect(Math.abs(ours!.releaseStartS! - (ours!.startS - 0.5))).toBeLessThanOrEqual(0.5);
  }
  expect(report.verdict).toMatchObject({ row: 4, release: { id: boats.id } });
  expect(report.verdict.text.en).toContain('Only a part of the pictures points to it');
});

describe('prints in the database', () => {
  const sample = (frames: number) => {
    const hash = () => Uint32Array.from({ length: 8 }, () => randomInt(2 ** 32));
    const all = Array.from({ length: frames }, (_, i) => ({ timeMs: 500 * i, quality: 90, hash: hash() }));
    return { width: 16, height: 9, frames: all };
  };
  const rows = () => gate.core.database.releaseFingerprint.count();
  const keep = (tx: Transaction, id: string, picture: PicturePrint) =>
    keepFingerprints(tx, id, { picture: encodePicture(picture), sound: null });
  const found = async (index: ReleasePrints, { frames }: PicturePrint) => {
    await index.refresh();
    return index.searchPictures(frames.map((frame) => ({ ...frame, mirrored: frame.hash })));
  };

  it('are kept with the release or not at all, once, and never changed', async () => {
    const before = await rows();
    const [id, picture] = ['00000000000000a1', sample(10)];
    const failing = gate.core.database.$transaction(async (tx) => {
      await keep(tx, id, picture);
      throw new Error('the release was not written');
    });
    await expect(failing).rejects.toThrow('not written');
    expect(await rows()).toBe(before);
    await gate.core.database.$transaction((tx) => keep(tx, id, picture));
    await gate.core.database.$transaction((tx) => keep(tx, id, sample(4)));
    expect(await rows()).toBe(before + 1);
    expect((await prints.of([id])).get(id)).toEqual({ picture, sound: null });
    await expect(gate.core.database.releaseFingerprint.deleteMany({ where: { releaseId: id } })).rejects.toThrow();
  });

  it('that are committed late, after higher numbers were seen, are found all the same', async () => {
    const [early, late] = [sample(10), sample(10)];
    const index = new ReleasePrints(gate.core.database);
    await index.refresh();
    await gate.core.database.$transaction(async (tx) => {
      await keep(tx, '00000000000000b1', late);
      await gate.core.database.$transaction((other) => keep(other, '00000000000000b2', early));
      expect(await found(index, early)).toEqual(['00000000000000b2']);
      expect(await found(index, late)).toEqual([]);
    });
    expect(await found(index, late)).toEqual(['00000000000000b1']);
  });

  it('that do not fit leave the search unable, never empty; damaged ones are counted', async () => {
    const small = new ReleasePrints(gate.core.database, { frames: 3 });
    await expect(small.refresh()).rejects.toMatchObject({ code: 'prints_unavailable' });
    await expect(small.refresh()).rejects.toMatchObject({ code: 'prints_unavailable' });
    const row = { releaseId: '00000000000000c1', track: 'picture', algorithm: PRINT_ALGORITHM.picture };
    await gate.core.database.releaseFingerprint.create({ data: { ...row, data: Buffer.from('no print') } });
    const said: string[] = [];
    const damaged = new ReleasePrints(gate.core.database, {}, (message) => said.push(message));
    await damaged.refresh();
    expect([damaged.unread, said.length]).toEqual([1, 1]);
    await expect(damaged.of([row.releaseId])).rejects.toMatchObject({ code: 'print_damaged' });
  });
});
