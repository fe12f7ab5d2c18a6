import { readdir, rm } from 'node:fs/promises';
import type { CredentialsFinding, Ingredient } from '#contracts';
import { createCredentialsPool, type CredentialsPool } from '#engines/credentials';
import { createWorld, fixture } from '../../libs/engines/credentials/testing.js';
import { corpusFile } from '../../libs/engines/credentials/testing/corpus.js';

interface Row {
  state: CredentialsFinding['state'];
  /** Codes that must be among those stated. */
  codes?: string[];
  ingredients?: Ingredient['state'][];
  /** True when the signature holds. */
  signed: boolean;
}

const UNTRUSTED = ['signingCredential.untrusted', 'claimSignature.validated'];
const JPEG = 'adobe-20220124-';
const TABLE: Record<string, Row> = {
  'video1.mp4': {
    state: 'unknown_signer',
    codes: [...UNTRUSTED, 'assertion.bmffHash.match', 'timeStamp.untrusted'],
    ingredients: ['other'],
    signed: true,
  },
  'legacy.mp4': {
    state: 'unknown_signer',
    codes: [...UNTRUSTED, 'assertion.bmffHash.match', 'timeStamp.untrusted'],
    ingredients: ['other'],
    signed: true,
  },
  'video1_no_manifest.mp4': { state: 'none', signed: false },
  'dashinit.mp4': { state: 'mismatch', codes: [...UNTRUSTED, 'assertion.bmffHash.mismatch'], signed: true },
  'nested_moov_1000.mp4': { state: 'unable', signed: false },
  [`${JPEG}I.jpg`]: { state: 'none', signed: false },
  [`${JPEG}CACA.jpg`]: {
    state: 'unknown_signer',
    codes: [...UNTRUSTED, 'assertion.dataHash.match'],
    ingredients: ['other', 'none'],
    signed: true,
  },
  'link-cut.jpg': {
    state: 'damaged',
    codes: ['ingredient.manifest.missing', 'assertion.hashedURI.mismatch'],
    ingredients: ['broken'],
    signed: true,
  },
  [`${JPEG}E-dat-CA.jpg`]: {
    state: 'mismatch',
    codes: [...UNTRUSTED, 'assertion.dataHash.mismatch'],
    ingredients: ['none'],
    signed: true,
  },
  [`${JPEG}E-sig-CA.jpg`]: {
    state: 'damaged',
    codes: ['claimSignature.mismatch', 'timeStamp.mismatch'],
    ingredients: ['none'],
    signed: false,
  },
  [`${JPEG}E-uri-CA.jpg`]: {
    state: 'damaged',
    codes: [...UNTRUSTED, 'assertion.hashedURI.mismatch'],
    ingredients: ['none'],
    signed: true,
  },
  // Its own state is good; the picture that it took in was broken then.
  [`${JPEG}CIE-sig-CA.jpg`]: { state: 'unknown_signer', codes: UNTRUSTED, ingredients: ['broken'], signed: true },
};

let world: Awaited<ReturnType<typeof createWorld>>;
let pool: CredentialsPool;
beforeAll(async () => {
  world = await createWorld();
  pool = createCredentialsPool({ trust: world.trust, size: 1 });
});
afterAll(async () => {
  await pool.close();
  await rm(world.folder, { recursive: true });
});

it('the table names every public file', async () => {
  const derived = Object.keys(JSON.parse((await corpusFile('derived.json')).toString()) as object);
  const kept = (await readdir(fixture('.'))).filter((name) => /\.(mp4|jpg)$/.test(name));
  expect(Object.keys(TABLE).sort()).toEqual([...kept, ...derived].sort());
});

it.each(Object.entries(TABLE))('%s', async (name, row) => {
  // The declared type is wrong for the pictures; their first bytes decide.
  const finding = await pool.read(await world.file('file', await corpusFile(name)));
  expect(finding).toMatchObject({ state: row.state, softBinding: null, signedAt: null, remoteManifest: null });
  expect(finding.codes).toEqual(expect.arrayContaining(row.codes ?? []));
  // Their time-stamping authorities are real and not on our list.
  expect(finding.codes).not.toContain('timeStamp.trusted');
  expect(finding.ingredients.map(({ state }) => state)).toEqual(row.ingredients ?? []);
  expect(finding.detail ?? '').toMatch(row.ingredients?.includes('broken') ? /^The credentials of an ingredient/ : /^/);
  expect(finding.trustedBy).toBe(finding.manifestId ? 'nobody' : null);
  const hash = row.signed ? (expect.stringMatching(/^[0-9a-f]{64}$/) as unknown) : null;
  expect(finding).toMatchObject({ signatureSha256: hash, signerCertificateSha256: hash });
});

it('two files with the same signed claim have one identity, whatever was done to the picture', async () => {
  const read = async (name: string) => pool.read(await world.file('file', await corpusFile(name)));
  const [dat, uri] = [await read(`${JPEG}E-dat-CA.jpg`), await read(`${JPEG}E-uri-CA.jpg`)];
  expect(dat.signatureSha256).toBe(uri.signatureSha256);
  expect((await read('video1.mp4')).signatureSha256).not.toBe((await read('legacy.mp4')).signatureSha256);
});
