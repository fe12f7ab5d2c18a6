// Rotation and revocation on a real database and a real keyring file: register, public log, signing and reading.
import { createPrivateKey, sign } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { Signers } from '#domain/signers';
import {
  createCredentialsPool,
  createDevelopmentPki,
  localTimeStamper,
  softBindingValue,
  SOFT_BINDING_ALG,
  type CredentialsPool,
  type DevelopmentPki,
} from '#engines/credentials';
import { openCore, type Core } from '#platform/core';
import { createKeys, openKeys, revokeSigner, rotateSigner } from '#platform/keys';
import { freshDatabase } from '../support/fresh-database.js';
import { CLIP } from '../support/gate.js';

const RELEASE = '0123456789abcdef';
const HOUR = 3600_000;

interface Deployment {
  core: Core;
  dir: string;
  place: { dir: string };
  pool: CredentialsPool;
}

const deployments: Deployment[] = [];
async function deploy(databaseUrl: string, env: Record<string, string> = {}): Promise<Deployment> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-signers-'));
  await createKeys(join(dir, 'keys'));
  const settings = { DATABASE_URL: databaseUrl, IMPRIMATUR_DATA_DIR: dir, LOG_LEVEL: 'silent', ...env };
  const core = await openCore('test', settings);
  const pool = createCredentialsPool({ size: 1, trust: core.trust });
  const deployment = { core, dir, place: { dir: join(dir, 'keys') }, pool };
  deployments.push(deployment);
  return deployment;
}
afterAll(async () => {
  for (const { core, dir, pool } of deployments) {
    await pool.close();
    await core.close();
    await rm(dir, { recursive: true });
  }
});

async function signed({ core, dir, pool }: Deployment, signers: Signers, name: string): Promise<string> {
  const outputPath = join(dir, name);
  await pool.sign({
    inputPath: CLIP,
    outputPath,
    mime: 'video/mp4',
    title: name,
    releaseId: RELEASE,
    softBinding: { alg: SOFT_BINDING_ALG, value: softBindingValue(RELEASE) },
    generator: { name: 'Imprimatur', version: '0' },
    softwareAgent: { name: 'Test', version: '0' },
    createdAt: new Date().toISOString(),
    signer: await signers.current(),
    timeStamper: localTimeStamper(core.keyring.credentials.tsa),
  });
  return outputPath;
}

const stateOf = async ({ pool }: Deployment, path: string) => (await pool.read({ path, mime: 'video/mp4' })).state;

async function promised({ core }: Deployment): Promise<unknown[]> {
  const rows = await core.database.logPending.findMany();
  const leaves = rows.map(({ leaf }) => leaf as { type: string; event: string; signerCertSha256: string });
  return leaves.map(({ event, signerCertSha256 }) => `${event} ${signerCertSha256}`).sort();
}

describe('the keyring’s signer', () => {
  let here: Deployment;
  let signers: Signers;
  let first: string;
  beforeAll(async () => {
    here = await deploy(await freshDatabase());
    signers = await Signers.open(here.core, fetch);
    first = here.core.keyring.credentials.signers[0]!.sha256;
  }, 60_000);

  it('is registered once, with its entry of the log, however many processes start', async () => {
    await Promise.all([1, 2, 3].map(() => Signers.open(here.core, fetch)));
    expect(await here.core.database.signerCertificate.findMany()).toMatchObject([
      { sha256: first, algorithm: 'es256', retiredAt: null, revokedAt: null },
    ]);
    expect(await promised(here)).toEqual([`added ${first}`]);
  });

  it('is rotated while the service runs; what was signed before stays ours', async () => {
    const before = await signed(here, signers, 'before.mp4');
    const { added } = await rotateSigner(here.place, new Date());
    const after = await signed(here, signers, 'after.mp4');
    expect([await stateOf(here, before), await stateOf(here, after)]).toEqual(['ours', 'ours']);
    const rows = await here.core.database.signerCertificate.findMany({ orderBy: { addedAt: 'asc' } });
    expect(rows).toMatchObject([
      { sha256: first, retiredAt: expect.any(Date) as unknown },
      { sha256: added.sha256, retiredAt: null },
    ]);
    expect(await promised(here)).toEqual([`added ${first}`, `added ${added.sha256}`, `retired ${first}`].sort());
  });

  it('is revoked while the service runs: by the time of the compromise its clips are ours or not', async () => {
    const path = await signed(here, signers, 'compromised.mp4');
    const { revoked, rotation } = await revokeSigner(here.place, 'current', new Date(), new Date());
    await signers.refresh();
    expect(await stateOf(here, path)).toBe('ours');
    const since = new Date(Date.now() - HOUR);
    await revokeSigner(here.place, revoked.sha256, since, new Date());
    await signers.refresh();
    expect(await stateOf(here, path)).toBe('damaged');
    const row = await here.core.database.signerCertificate.findUniqueOrThrow({ where: { sha256: revoked.sha256 } });
    expect(row).toMatchObject({ compromisedAt: since, revokedAt: expect.any(Date) as unknown });
    expect(await stateOf(here, await signed(here, signers, 'next.mp4'))).toBe('ours');
    const told = (await promised(here)).filter((one) => String(one).includes(revoked.sha256));
    expect(told).toEqual(['added', 'retired', 'revoked', 'revoked'].map((event) => `${event} ${revoked.sha256}`));
    expect(rotation).not.toBeNull();
  });

  it('takes nothing back when an old keyring is restored, and then signs nothing with what was revoked', async () => {
    const keyring = join(here.place.dir, 'keyring.sealed');
    await copyFile(keyring, join(here.dir, 'backup'));
    const { revoked } = await revokeSigner(here.place, 'current', new Date(), new Date());
    await signers.refresh();
    await copyFile(join(here.dir, 'backup'), keyring);
    await expect(signers.current()).rejects.toMatchObject({ code: 'credentials_signer_revoked' });
    const row = await here.core.database.signerCertificate.findUniqueOrThrow({ where: { sha256: revoked.sha256 } });
    expect(row.compromisedAt).toEqual(new Date(revoked.compromisedAt!));
  });
});

describe('a remote signer', () => {
  let service: Server;
  let other: DevelopmentPki;
  let databaseUrl: string;
  let settings: Record<string, string>;
  let files: string;
  beforeAll(async () => {
    other = await createDevelopmentPki({ organisation: 'Another authority', algorithm: 'es384' });
    service = createServer((request, response) => {
      void json(request).then((body) => {
        const { message } = body as { message: string };
        const key = { key: createPrivateKey(other.signer.privateKeyPkcs8Pem), dsaEncoding: 'ieee-p1363' as const };
        const signature = sign('sha384', Buffer.from(message, 'base64'), key).toString('base64');
        response.end(JSON.stringify({ signature }));
      });
    });
    await new Promise<void>((done) => service.listen(0, '127.0.0.1', done));
    files = await mkdtemp(join(tmpdir(), 'imprimatur-chain-'));
    await writeFile(join(files, 'chain.pem'), other.signer.certificateChainPem + other.rootPem);
    databaseUrl = await freshDatabase();
    settings = {
      SIGNER_URL: `http://127.0.0.1:${(service.address() as AddressInfo).port}/`,
      SIGNER_TOKEN: 'token',
      SIGNER_KEY_ID: 'claims',
      SIGNER_CHAIN_FILE: join(files, 'chain.pem'),
    };
  });
  afterAll(async () => {
    service.closeAllConnections();
    service.close();
    await rm(files, { recursive: true });
  });

  it('takes the place of the keyring’s, signs clips that are ours, and stops when it is revoked', async () => {
    const here = await deploy(databaseUrl, settings);
    const signers = await Signers.open(here.core, fetch);
    const [remote, own] = (await openKeys(here.place.dir)).credentials.signers;
    expect(own).toMatchObject({ retiredAt: expect.any(String) as unknown, privateKeyPkcs8Pem: null });
    expect(await promised(here)).toEqual(
      [`added ${own!.sha256}`, `added ${remote!.sha256}`, `retired ${own!.sha256}`].sort(),
    );
    expect((await signers.current()).alg).toBe('es384');
    const path = await signed(here, signers, 'remote.mp4');
    expect(await stateOf(here, path)).toBe('ours');
    await revokeSigner(here.place, 'current', new Date(Date.now() - HOUR), new Date());
    await signers.refresh();
    expect(await stateOf(here, path)).toBe('damaged');
    expect(await promised(here)).toContain(`revoked ${remote!.sha256}`);
    await expect(signers.current()).rejects.toMatchObject({ code: 'credentials_signer_revoked' });
    // A worker that starts now runs, and signs nothing either.
    await expect((await Signers.open(here.core, fetch)).current()).rejects.toMatchObject({
      code: 'credentials_signer_revoked',
    });
  });
});
