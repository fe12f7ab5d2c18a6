// Signing: six algorithm cases, and what becomes of a signature when its certificate expires or is revoked.
import 'reflect-metadata';
import { type X509Certificate } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import * as x509 from '@peculiar/x509';
import {
  createCredentialsPool,
  ocspStapler,
  type CredentialsPool,
  type KeyMaterial,
  type DevelopmentPki,
  type RevocationSource,
  type SignatureAlgorithm,
  type TrustSettings,
} from '#engines/credentials';
import { issueCertificate, materialOf, openAuthority, P256 } from '../../libs/engines/credentials/authority.js';
import { certificatesOf } from '../../libs/engines/credentials/certificates.js';
import { manifestDefinition } from '../../libs/engines/credentials/manifest.js';
import { issueOcspResponder } from '../../libs/engines/credentials/pki.js';
import { createWorld, fixture, trustIn } from '../../libs/engines/credentials/testing.js';
import { runBare, type BareJob, type BareOutcome } from '../../libs/engines/credentials/testing/bare.js';
import { answerOcsp, ocspResponse, type OcspStatement } from '../../libs/engines/credentials/testing/ocsp-responder.js';

const DAY = 86_400_000;
const now = Date.now();
const daysAgo = (days: number) => new Date(now - days * DAY).toISOString();

let world: Awaited<ReturnType<typeof createWorld>>;
let definition: string;
let pool: CredentialsPool;
let trust: TrustSettings;

beforeAll(async () => {
  world = await createWorld();
  definition = JSON.stringify(manifestDefinition(world.request('')));
  trust = world.trust;
  pool = createCredentialsPool({ size: 1, trust: () => trust });
});
afterAll(async () => {
  await pool.close();
  await rm(world.folder, { recursive: true });
});

type SignJob = Extract<BareJob, { kind: 'sign' }>;

function job(pki: DevelopmentPki, name: string, changes: Partial<SignJob> = {}): SignJob {
  return {
    kind: 'sign',
    input: fixture('video1_no_manifest.mp4'),
    output: world.at(name),
    definition,
    material: pki.signer,
    stamp: { ...pki.tsa, at: new Date(now).toISOString() },
    ocsp: null,
    trust: trustIn(pki),
    ...changes,
  };
}

const read = (pki: DevelopmentPki, name: string, at?: string): BareJob => ({
  kind: 'read',
  path: world.at(name),
  trust: trustIn(pki),
  ...(at && { now: at }),
});

const stateOf = (outcome: BareOutcome | undefined) => (outcome?.ok ? outcome.state : 'refused');
const codesOf = (outcome: BareOutcome | undefined) => (outcome?.ok ? outcome.codes : []);

/** What this service makes of a file. */
async function verdict(pki: DevelopmentPki, name: string, compromisedAt?: string) {
  const usual = trustIn(pki);
  const registered = usual.ours.registered.map((leaf) => ({ ...leaf, compromisedAt }));
  trust = { ...usual, ours: { ...usual.ours, registered } };
  return pool.read({ path: world.at(name), mime: 'video/mp4' });
}

describe('the algorithms', () => {
  it('sign and read back, with a time stamp and without', async () => {
    const worlds = await Promise.all(
      (['es256', 'es384', 'ed25519'] as SignatureAlgorithm[]).map(async (algorithm) => ({
        algorithm,
        pki: (await createWorld({ algorithm })).pki,
      })),
    );
    const cases = worlds.flatMap(({ algorithm, pki }) => [
      { name: `${algorithm}-stamped.mp4`, pki, stamped: true },
      { name: `${algorithm}-bare.mp4`, pki, stamped: false },
    ]);
    const outcomes = await runBare(
      cases.flatMap(({ name, pki, stamped }) => [job(pki, name, stamped ? {} : { stamp: null }), read(pki, name)]),
    );
    for (const [i, { name, pki, stamped }] of cases.entries()) {
      const outcome = outcomes[2 * i + 1];
      expect([name, stateOf(outcome)]).toEqual([name, 'Trusted']);
      expect([name, codesOf(outcome).includes('timeStamp.trusted')]).toEqual([name, stamped]);
      // The library is content without a time; this service is not.
      const ours = await verdict(pki, name);
      expect([name, ours.state, ours.signedAt !== null]).toEqual([name, stamped ? 'ours' : 'damaged', stamped]);
    }
  });
});

/** A leaf of the same authority that may only do what TLS servers do. */
async function tlsLeaf(pki: DevelopmentPki): Promise<KeyMaterial> {
  const issuer = await openAuthority(pki.issuer);
  const plan = {
    subject: issuer.certificate.subjectName.toJSON(),
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + DAY),
    key: P256,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1'], false),
    ],
  };
  return materialOf(await issueCertificate(plan, issuer), [issuer]);
}

describe('expiry', () => {
  let old: DevelopmentPki;
  beforeAll(async () => {
    // Its leaf was valid from 400 to 35 days ago.
    old = (await createWorld({ now: new Date(now - 400 * DAY) })).pki;
  });

  it('ends what has no time stamp, and nothing that was stamped before', async () => {
    const at = daysAgo(390);
    const [signedStamped, stamped, signedBare, before, after] = await runBare([
      job(old, 'stamped.mp4', { stamp: { ...old.tsa, at }, now: at }),
      read(old, 'stamped.mp4'),
      job(old, 'bare.mp4', { stamp: null, now: at }),
      read(old, 'bare.mp4', daysAgo(380)),
      read(old, 'bare.mp4'),
    ]);
    expect([signedStamped!.ok, signedBare!.ok]).toEqual([true, true]);
    expect(stateOf(stamped)).toBe('Trusted');
    expect((await verdict(old, 'stamped.mp4')).state).toBe('ours');
    expect(stateOf(before)).toBe('Trusted');
    expect(stateOf(after)).toBe('Invalid');
    expect(codesOf(after)).toContain('signingCredential.expired');
    expect((await verdict(old, 'bare.mp4')).state).toBe('damaged');
  });

  it('is noticed before signing, also when the stamp comes after it', async () => {
    const [late, forced, read1] = await runBare([
      job(old, 'late.mp4'),
      job(old, 'forced.mp4', { force: true }),
      read(old, 'forced.mp4'),
    ]);
    expect(late).toMatchObject({ ok: false });
    expect(forced).toMatchObject({ ok: true });
    expect(stateOf(read1)).toBe('Invalid');
    expect((await verdict(old, 'forced.mp4')).state).toBe('damaged');
  });
});

describe('a leaf for another purpose', () => {
  it('signs nothing, and what it was made to sign is invalid', async () => {
    const material = await tlsLeaf(world.pki);
    const pki = { ...world.pki, signer: material };
    const [refused, forced, outcome] = await runBare([
      job(pki, 'tls.mp4'),
      job(pki, 'tls-forced.mp4', { force: true }),
      read(pki, 'tls-forced.mp4'),
    ]);
    expect(refused).toMatchObject({ ok: false });
    expect(forced).toMatchObject({ ok: true });
    expect(stateOf(outcome)).toBe('Invalid');
    expect(codesOf(outcome)).toContain('signingCredential.invalid');
    expect((await verdict(pki, 'tls-forced.mp4')).state).toBe('damaged');
  });
});

describe('revocation', () => {
  it('that is stapled counts; that is not is for our own list', async () => {
    const { pki } = await createWorld({ ocspUrl: 'http://127.0.0.1:9/ocsp' });
    const [leaf, issuer] = certificatesOf(pki.signer.certificateChainPem) as [X509Certificate, X509Certificate];
    const responder = await issueOcspResponder(pki.issuer);
    const says = (status: 'good' | 'revoked') =>
      Buffer.from(ocspResponse({ leaf, issuer, responder, status })).toString('base64');
    const outcomes = await runBare([
      job(pki, 'good.mp4', { ocsp: says('good') }),
      read(pki, 'good.mp4'),
      job(pki, 'revoked.mp4', { ocsp: says('revoked'), force: true }),
      read(pki, 'revoked.mp4'),
      job(pki, 'silent.mp4'),
      read(pki, 'silent.mp4'),
    ]);
    const [, good, , revoked, , silent] = outcomes;
    expect(stateOf(good)).toBe('Trusted');
    expect(codesOf(good)).toContain('signingCredential.ocsp.notRevoked');
    expect(codesOf(good)).not.toContain('signingCredential.ocsp.skipped');
    expect(codesOf(silent)).toContain('signingCredential.ocsp.skipped');
    expect((await verdict(pki, 'good.mp4')).state).toBe('ours');
    expect(stateOf(revoked)).toBe('Invalid');
    expect(codesOf(revoked)).toContain('signingCredential.ocsp.revoked');
    expect(await verdict(pki, 'revoked.mp4')).toMatchObject({ state: 'damaged', revocation: 'revoked' });
    // The library trusts a revoked leaf about which nobody says anything.
    expect(stateOf(silent)).toBe('Trusted');
    expect(await verdict(pki, 'silent.mp4', daysAgo(1))).toMatchObject({
      state: 'damaged',
      revocation: 'revoked',
    });
    const later = new Date(now + DAY).toISOString();
    expect((await verdict(pki, 'silent.mp4', later)).state).toBe('ours');
  });

  it('is asked about before signing: without a good answer nothing is signed', async () => {
    let says: 'good' | 'revoked' | null = 'good';
    const truth: { statement?: OcspStatement } = {};
    const server = createServer((request, response) => {
      void buffer(request).then((body) => {
        if (says) response.end(answerOcsp(body, { ...truth.statement!, status: says }));
        else response.writeHead(503).end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const own = await createWorld({ ocspUrl: `http://127.0.0.1:${port}/` });
    const { pki } = own;
    const [leaf, issuer] = certificatesOf(pki.signer.certificateChainPem) as [X509Certificate, X509Certificate];
    truth.statement = { leaf, issuer, responder: await issueOcspResponder(pki.issuer), status: 'good' };
    trust = own.trust;
    const sign = (name: string, revocation?: RevocationSource) =>
      pool.sign({ ...own.request(name), revocation }).then(
        () => 'signed',
        (e: { code: string }) => e.code,
      );
    const stapler = () => ocspStapler({ fetch: globalThis.fetch });
    expect(await sign('asked.mp4', stapler())).toBe('signed');
    const finding = await pool.read({ path: own.at('asked.mp4'), mime: 'video/mp4' });
    expect(finding.codes).toContain('signingCredential.ocsp.notRevoked');
    says = 'revoked';
    expect(await sign('revoked.mp4', stapler())).toBe('credentials_signer_revoked');
    says = null;
    expect(await sign('down.mp4', stapler())).toBe('credentials_revocation_unknown');
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    expect(await sign('gone.mp4', stapler())).toBe('credentials_revocation_unknown');
    expect(await sign('nobody.mp4')).toBe('credentials_revocation_unknown');
    expect((await readdir(own.folder)).sort()).toEqual(['asked.mp4']);
    await rm(own.folder, { recursive: true });
  });
});
