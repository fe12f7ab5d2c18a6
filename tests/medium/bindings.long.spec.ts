import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot, sha256Hex } from '#kernel';
import {
  BindingCapabilities,
  BindingDiscovery,
  BindingMatches,
  BindingStatus,
  ErrorEnvelope,
  SupportedAlgorithms,
} from '#contracts';
import { Clips } from '#domain/gate';
import { promiseRelease, releaseKey } from '#domain/transparency';
import { localTimeStamper, SOFT_BINDING_ALG, softBindingValue } from '#engines/credentials';
import { decodePicture, encodePicture, PRINT_BINDING_ALG, type PrintFrame } from '#engines/fingerprint';
import type { Core } from '#platform/core';
import type { Clip } from '#platform/database';
import { readDetached } from '../../libs/engines/credentials/testing/detached.js';
import { addMetadata } from '../../libs/engines/media/testing/remux.js';
import { answerQuestions, serveApi } from '../support/api.js';
import { CLIP, fixtureEngine, GateHarness } from '../support/gate.js';

const CHAIR = join(projectRoot, 'tests/fixtures/clips/portrait-chair-360p.mp4');
const PUBLIC_URL = 'https://clips.example/';
const MOST_BYTES = 2_000_000;
const VIDEO = { 'content-type': 'video/mp4' };
const UNISSUED = softBindingValue('0123456789abcdef');

let gate: GateHarness;
let dir: string;
let url: string;
let clip: Clip;
let value: string;
let print: string;
/** A copy of the release without its credentials. */
let stripped: string;
const stops: (() => Promise<void>)[] = [];

async function serve(config: Partial<Core['config']> = {}): Promise<string> {
  const settings = { publicUrl: PUBLIC_URL, maxUploadBytes: MOST_BYTES, BINDINGS_PER_MINUTE: 1000, ...config };
  const api = await serveApi(gate, settings);
  stops.push(api.stop);
  return api.url;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'imprimatur-bindings-'));
  gate = await GateHarness.open(fixtureEngine(() => CHAIR));
  // What the pictures show is not looked at here: the clip gets the findings of a short quiet one.
  const seen = await gate.lookOnce({ path: CLIP });
  gate.faults.inspect = () => Promise.resolve(seen);
  clip = await gate.drive((await gate.admit()).id);
  expect(clip).toMatchObject({ state: 'released', heldAt: null });
  value = softBindingValue(clip.releaseId);
  const where = { releaseId_track: { releaseId: clip.releaseId, track: 'picture' } };
  print = Buffer.from((await gate.core.database.releaseFingerprint.findUniqueOrThrow({ where })).data).toString(
    'base64',
  );
  stripped = join(dir, 'stripped.mp4');
  await addMetadata(await gate.blobPath(clip.signedSha256!), stripped, {});
  stops.push(await answerQuestions(gate));
  url = await serve();
}, 180_000);

afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
  await gate?.close();
  await rm(dir, { recursive: true, force: true });
});

const get = (path: string) => fetch(`${url}${path}`);
const post = (path: string, body: BodyInit, headers: Record<string, string>) =>
  fetch(`${url}${path}`, { method: 'POST', body, headers });
const byValue = (binding: unknown, query = '') =>
  post(`/v1/matches/byBinding${query}`, JSON.stringify(binding), { 'content-type': 'application/json' });
const query = (fields: Record<string, string>) => `?${new URLSearchParams(fields).toString()}`;
const matchesOf = async (answer: Response) => {
  expect(answer.status).toBe(200);
  return BindingMatches.strict().parse(await answer.json()).matches;
};
const refusal = async (answer: Response) => [
  answer.status,
  ErrorEnvelope.strict().parse(await answer.json()).error.code,
];
const own = (similarityScore: number) => ({ manifestId: clip.manifestId, similarityScore });

describe('a clip that lost its credentials', () => {
  it('leads from its watermark to the manifest of its release, as the C2PA library reads it', async () => {
    const keys = gate.core.keyring.watermark.map(({ key }) => key);
    const { watermark } = await gate.unfaulted('trace', { path: stripped, keys, search: 'scale' });
    const { releaseId } = watermark.ok ? watermark.value : { releaseId: null };
    const binding = { alg: SOFT_BINDING_ALG, value: softBindingValue(releaseId!) };
    const [match] = await matchesOf(await get(`/v1/matches/byBinding${query(binding)}`));
    expect(match).toEqual(own(100));

    const answer = await get(`/v1/manifests/${encodeURIComponent(match!.manifestId)}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/c2pa']);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(sha256Hex(bytes)).toBe(clip.manifestSha256);
    const path = join(dir, 'manifest.c2pa');
    await writeFile(path, bytes);
    const report = await readDetached(path, gate.core.trust());
    expect(report.active_manifest).toBe(clip.manifestId);
    expect(report.manifests[clip.manifestId!]!.assertions).toContainEqual(
      expect.objectContaining({
        label: 'c2pa.soft-binding',
        data: { alg: binding.alg, blocks: [{ scope: {}, value }] },
      }),
    );
    const codes = (kind: 'success' | 'failure') =>
      report.validation_results.activeManifest[kind].map(({ code }) => code);
    expect(codes('success')).toEqual(expect.arrayContaining(['claimSignature.validated', 'signingCredential.trusted', 'timeStamp.trusted'])); // prettier-ignore
    // What lies apart from its clip never fits one; nothing else may fail.
    expect(codes('failure')).toEqual(['assertion.bmffHash.mismatch']);
  });

  it('leads there by being sent, and nothing of it is kept', async () => {
    const body = await readFile(stripped);
    const sent = (fields: Record<string, string>) => post(`/v1/matches/byContent${query(fields)}`, body, VIDEO);
    const hint = { alg: SOFT_BINDING_ALG, hintAlg: PRINT_BINDING_ALG, hintValue: print };
    const asked = sent(hint);
    const job = () => gate.core.database.verificationJob.findFirst({ where: { status: { not: 'receiving' } } });
    let row = await job();
    for (; !row; row = await job()) await new Promise((done) => setTimeout(done, 10));
    expect(row.filesWanted).toBe(false);
    expect(await matchesOf(await asked)).toEqual([own(100)]);
    expect(await matchesOf(await sent({ hintAlg: SOFT_BINDING_ALG, hintValue: UNISSUED }))).toEqual([]);
    expect(await gate.core.database.verificationJob.count()).toBe(0);
    expect(await readdir(join(gate.core.config.dataDir, 'scratch'))).toEqual([]);
  });
});

describe('GET and POST /v1/matches/byBinding', () => {
  it('find a release by its fingerprint, whole or in part', async () => {
    expect(await matchesOf(await byValue({ alg: PRINT_BINDING_ALG, value: print }))).toEqual([own(100)]);
    expect(await matchesOf(await get(`/v1/matches/byBinding${query({ alg: PRINT_BINDING_ALG, value: print })}`))).toEqual([own(100)]); // prettier-ignore
    const kept = decodePicture(Buffer.from(print, 'base64'));
    const strange = kept.frames.map(({ timeMs }, i) => ({ timeMs: timeMs + 60_000, quality: 100, hash: new Uint32Array(8).fill(i * 0x9e3779b1) })); // prettier-ignore
    const encode = (frames: PrintFrame[]) => Buffer.from(encodePicture({ ...kept, frames })).toString('base64');
    expect(await matchesOf(await byValue({ alg: PRINT_BINDING_ALG, value: encode([...kept.frames, ...strange]) }))).toEqual([own(50)]); // prettier-ignore
    expect(await matchesOf(await byValue({ alg: PRINT_BINDING_ALG, value: encode(strange) }))).toEqual([]);
    expect(await matchesOf(await byValue({ alg: PRINT_BINDING_ALG, value: encode([]) }))).toEqual([]);
  });

  it('answer an empty list for an id that was never issued', async () => {
    expect(await matchesOf(await byValue({ alg: SOFT_BINDING_ALG, value: UNISSUED }))).toEqual([]);
  });

  it('take a value whose plus signs were not escaped, and maxResults from 1', async () => {
    const plus = Buffer.from('fbefbefbefbefbef', 'hex').toString('base64');
    expect(plus).toContain('+');
    expect(await matchesOf(await get(`/v1/matches/byBinding?alg=${SOFT_BINDING_ALG}&value=${plus}`))).toEqual([]);
    expect(await matchesOf(await byValue({ alg: SOFT_BINDING_ALG, value }, '?maxResults=1'))).toEqual([own(100)]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['no alg', { value: UNISSUED }, 'invalid_value'],
    ['no value', { alg: SOFT_BINDING_ALG }, 'invalid_value'],
    ['an algorithm of others', { alg: 'com.example.wm.1', value: UNISSUED }, 'algorithm_not_supported'],
    ['a value that is no base64', { alg: SOFT_BINDING_ALG, value: '!' }, 'invalid_value'],
    ['a mark of 4 bytes', { alg: SOFT_BINDING_ALG, value: 'AAAAAA==' }, 'binding_value_invalid'],
    ['a mark as a fingerprint', { alg: PRINT_BINDING_ALG, value: UNISSUED }, 'binding_value_invalid'],
    ['maxResults 0', { alg: SOFT_BINDING_ALG, value: UNISSUED, maxResults: '0' }, 'invalid_value'],
    ['maxResults of words', { alg: SOFT_BINDING_ALG, value: UNISSUED, maxResults: 'all' }, 'invalid_value'],
  ])('400: %s', async (_, { maxResults, ...binding }, code) => {
    const limit = maxResults === undefined ? '' : `?maxResults=${maxResults}`;
    expect(await refusal(await byValue(binding, limit))).toEqual([400, code]);
    const asked = { ...binding, ...(maxResults !== undefined && { maxResults }) };
    expect(await refusal(await get(`/v1/matches/byBinding${query(asked)}`))).toEqual([400, code]);
  });

  it('414: an address that is too long; POST takes the value', async () => {
    const kept = decodePicture(Buffer.from(print, 'base64'));
    const frames = Array.from({ length: 400 }, (_, i) => ({ ...kept.frames[0]!, timeMs: 500 * i, quality: 0 }));
    const long = { alg: PRINT_BINDING_ALG, value: Buffer.from(encodePicture({ ...kept, frames })).toString('base64') };
    const cut = { ...long, value: long.value.slice(0, 8000) };
    expect(await refusal(await get(`/v1/matches/byBinding${query(cut)}`))).toEqual([414, 'query_too_long']);
    expect(await matchesOf(await byValue(long))).toEqual([]);
  });

  it('413: a body that no binding needs, without asking for a key', async () => {
    const answer = await byValue({ alg: PRINT_BINDING_ALG, value: 'A'.repeat(600_000) });
    expect(await refusal(answer)).toEqual([413, 'request_too_large']);
  });
});

describe('POST /v1/matches/byContent', () => {
  it('says nothing of pictures that it could not look at', async () => {
    const answer = await post('/v1/matches/byContent', 'no video at all', VIDEO);
    expect(await refusal(answer)).toEqual([400, 'content_not_examined']);
  });

  it.each<[number, string, string, BodyInit, Record<string, string>, string]>([
    [400, 'an empty body', '', '', VIDEO, 'content_missing'],
    [400, 'an algorithm of others', '?alg=com.example.wm.1', 'x', VIDEO, 'algorithm_not_supported'],
    [400, 'half a hint', `?hintAlg=${SOFT_BINDING_ALG}`, 'x', VIDEO, 'invalid_value'],
    [400, 'a hint that is none', `?hintAlg=${SOFT_BINDING_ALG}&hintValue=AAAA`, 'x', VIDEO, 'binding_value_invalid'],
    [415, 'a text', '', 'x', { 'content-type': 'text/plain' }, 'media_type_not_supported'],
    [415, 'JSON', '', '{}', { 'content-type': 'application/json' }, 'media_type_not_supported'],
    [415, 'a form', '', new FormData(), {}, 'media_type_not_supported'],
    [413, 'a large file', '', new Uint8Array(MOST_BYTES + 1), VIDEO, 'file_too_large'],
  ])('%i: %s', async (status, _, asked, body, headers, code) => {
    expect(await refusal(await post(`/v1/matches/byContent${asked}`, body, headers))).toEqual([status, code]);
    expect(await gate.core.database.verificationJob.count({ where: { status: { not: 'receiving' } } })).toBe(0);
  });

  it('413: a large file that does not say so', async () => {
    const status = await new Promise<number>((done, fail) => {
      const request = httpRequest(`${url}/v1/matches/byContent`, { method: 'POST', headers: VIDEO }, (answer) => {
        answer.resume();
        done(answer.statusCode!);
      });
      request.on('error', fail);
      request.write(Buffer.alloc(MOST_BYTES));
      request.end(Buffer.alloc(1000));
    });
    expect(status).toBe(413);
  });
});

describe('GET /v1/manifests/{activeManifestId}', () => {
  /** A remix of the release, signed and on record, whose store holds both manifests. */
  async function remix(): Promise<{ manifestId: string; store: Uint8Array }> {
    const { core, parts } = gate;
    const { id, releaseId, tenantId } = await gate.admit();
    const signed = await parts.pool.sign({
      inputPath: CHAIR,
      outputPath: join(dir, 'remix.mp4'),
      mime: 'video/mp4',
      title: 'remix.mp4',
      releaseId,
      softBinding: { alg: SOFT_BINDING_ALG, value: softBindingValue(releaseId) },
      generator: { name: 'test', version: '1' },
      softwareAgent: { name: 'test', version: '1' },
      createdAt: core.clock.now().toISOString(),
      parent: { path: await gate.blobPath(clip.signedSha256!), mime: 'video/mp4', title: 'clip.mp4' },
      signer: await parts.signers.current(),
      timeStamper: localTimeStamper(core.keyring.credentials.tsa),
    });
    const path = join(dir, 'remix.c2pa');
    await writeFile(path, signed.manifest);
    const { sha256: manifestSha256 } = await core.blobs.put(path);
    const { manifestId } = signed;
    const names = { manifestId, manifestSha256, assetSha256: 'ab'.repeat(32) };
    const leaf = { ...names, releaseId, signerCertSha256: 'cd'.repeat(32), parents: [clip.manifestId!], bindings: [] };
    await core.database.$transaction((tx) => promiseRelease(tx, leaf));
    await parts.log.advance();
    const logIndex = BigInt((await parts.log.settle(releaseKey(leaf)))!);
    const read = {
      watermarkRead: releaseId,
      watermarkZ: 20,
      watermarkFrames: 1,
      credentialsRead: 'ours',
      evidence: {},
    };
    await core.database.release.create({
      data: { id: releaseId, clipId: id, tenantId, assetBytes: 1, logIndex, ...names, ...read },
    });
    return { manifestId, store: signed.manifest };
  }

  it('hands out the whole store, or the active manifest alone', async () => {
    const { manifestId, store } = await remix();
    const fetched = async (asked: string) => {
      const answer = await get(`/v1/manifests/${manifestId}${asked}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/c2pa']);
      return Buffer.from(await answer.arrayBuffer());
    };
    expect(await fetched('')).toEqual(Buffer.from(store));
    expect(await fetched('?returnActiveManifest=false')).toEqual(Buffer.from(store));
    const alone = await fetched('?returnActiveManifest=true');
    const path = join(dir, 'alone.c2pa');
    await writeFile(path, alone);
    const report = await readDetached(path, gate.core.trust());
    expect(report.active_manifest).toBe(manifestId);
    expect(Object.keys(report.manifests)).toEqual([manifestId]);
  });

  it.each<[number, string, string, string]>([
    [404, 'a manifest of nobody', 'urn:c2pa:conformance-does-not-exist', 'manifest_not_found'],
    [400, 'no manifest identifier', 'mp4', 'invalid_value'],
    [400, 'an answer that is neither yes nor no', 'urn:c2pa:x?returnActiveManifest=maybe', 'invalid_value'],
  ])('%i: %s', async (status, _, path, code) => {
    expect(await refusal(await get(`/v1/manifests/${path}`))).toEqual([status, code]);
  });

  it('500: a stored manifest that was altered is not handed out', async () => {
    const path = await gate.blobPath(clip.manifestSha256!);
    const bytes = await readFile(path);
    await rm(path);
    await writeFile(path, 'altered');
    expect((await get(`/v1/manifests/${clip.manifestId}`)).status).toBe(500);
    await rm(path);
    await writeFile(path, bytes);
  });
});

describe('the service', () => {
  it('names its algorithms, capabilities and state', async () => {
    const algorithms = SupportedAlgorithms.strict().parse(await (await get('/v1/services/supportedAlgorithms')).json());
    expect(algorithms).toEqual({ watermarks: [{ alg: SOFT_BINDING_ALG }], fingerprints: [{ alg: PRINT_BINDING_ALG }] });
    const capabilities = BindingCapabilities.strict().parse(await (await get('/v1/services/capabilities')).json());
    expect(capabilities).toEqual({ c2paSpecificationVersion: '2.4.0', supportedCapabilities: ['queryByContent'] });
  });

  it('is ok with a worker and degraded without one', async () => {
    const state = async () => BindingStatus.strict().parse(await (await get('/v1/services/status')).json());
    expect((await state()).status).toBe('degraded');
    const report = { id: 'worker_test', role: 'worker', at: new Date(), info: {}, metrics: '' };
    await gate.core.database.processReport.create({ data: report });
    const { status, timestamp } = await state();
    expect(status).toBe('ok');
    expect(Math.abs(Date.parse(timestamp) - Date.now())).toBeLessThan(60_000);
  });

  it('is found at the root of its domain, by its public address', async () => {
    const answer = await get('/.well-known/c2pa-soft-binding-resolution');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(BindingDiscovery.strict().parse(await answer.json())).toEqual({
      apiEndpoint: 'https://clips.example/v1',
      c2paSpecificationVersion: '2.4.0',
      capabilitiesEndpoint: 'https://clips.example/v1/services/capabilities',
      statusEndpoint: 'https://clips.example/v1/services/status',
    });
  });

  it('fetches no addresses and stores nothing for others', async () => {
    const json = { 'content-type': 'application/json' };
    for (const path of ['matches/byReference', 'manifests', 'bindings'])
      expect((await post(`/v1/${path}`, '{}', json)).status).toBe(404);
  });

  it('429: more questions than an address has in a minute', async () => {
    const strict = await serve({ BINDINGS_PER_MINUTE: 2 });
    const ask = () => fetch(`${strict}/v1/matches/byBinding${query({ alg: SOFT_BINDING_ALG, value: UNISSUED })}`);
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const third = await ask();
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refusal(third)).toEqual([429, 'rate_limit_exceeded']);
  });
});

it('a withdrawn release is still found, and its manifest stays on record', async () => {
  const clips = new Clips(gate.core.database, gate.moves, gate.core.blobs);
  await clips.withdraw(gate.caller.tenantId, clip.id, { reason: 'consent' }, 'key:test');
  await clips.erase(clip.id);
  expect(await matchesOf(await byValue({ alg: SOFT_BINDING_ALG, value }))).toEqual([own(100)]);
  expect(await matchesOf(await byValue({ alg: PRINT_BINDING_ALG, value: print }))).toEqual([own(100)]);
  expect((await get(`/v1/manifests/${clip.manifestId}`)).status).toBe(200);
});

it('503: a search that fails is never an empty list', async () => {
  const ask = () => byValue({ alg: PRINT_BINDING_ALG, value: Buffer.from(encodePicture({ width: 1, height: 1, frames: [] })).toString('base64') }); // prettier-ignore
  expect(await matchesOf(await ask())).toEqual([]);
  // Printed by a later version: from then on it cannot be said that there is no match.
  const data = { releaseId: 'f'.repeat(16), track: 'picture', algorithm: 'vpdq-9.9', data: new Uint8Array(1) };
  await gate.core.database.releaseFingerprint.create({ data });
  expect(await refusal(await ask())).toEqual([503, 'matches_undecided']);
  expect(await matchesOf(await byValue({ alg: PRINT_BINDING_ALG, value: print }))).toEqual([own(100)]);
});
