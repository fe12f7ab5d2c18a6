import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDevelopmentPki, fileSigner, type DevelopmentPki } from '#engines/credentials';
import { adoptSigner, createKeys, currentSigner, openKeys, revokeSigner, rotateSigner, Sealer } from './index.js';

const HOUR = 3600_000;
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keys-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function madeKeys() {
  await createKeys(dir);
  return openKeys(dir);
}

const signersOf = async () => (await openKeys(dir)).credentials.signers;

describe('the keyring', () => {
  it('is made once, sealed, for its owner only', async () => {
    expect(await createKeys(dir)).toBe(true);
    expect(await createKeys(dir)).toBe(false);
    const keyring = await openKeys(dir);
    expect(currentSigner(keyring)).toMatchObject({
      retiredAt: null,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    });
    expect((await readdir(dir)).sort()).toEqual(['keyring.sealed', 'master.key']);
    expect(await readFile(join(dir, 'keyring.sealed'), 'utf8')).not.toMatch(/PRIVATE|CERTIFICATE/);
    await writeFile(join(dir, 'master.key'), 'ab'.repeat(32));
    await expect(openKeys(dir)).rejects.toMatchObject({ code: 'sealed_value_invalid' });
    await expect(createKeys(dir)).rejects.toMatchObject({ code: 'sealed_value_invalid' });
    await expect(rotateSigner({ dir }, new Date())).rejects.toMatchObject({ code: 'sealed_value_invalid' });
  });

  it('of version 1 keeps its signer, and gets an authority with the first rotation', async () => {
    const { issuer: _issuer, ...pki } = await createDevelopmentPki();
    const master = Buffer.alloc(32, 7);
    const createdAt = '2026-11-01T10:00:00.000Z';
    const old = {
      version: 1,
      createdAt,
      watermark: [{ id: 'a', key: 'cd'.repeat(32), createdAt }],
      credentials: { development: true, ...pki },
    };
    await writeFile(join(dir, 'keyring.sealed'), new Sealer(master).seal(JSON.stringify(old), 'keyring'));
    const hex = master.toString('hex');
    expect(await createKeys(dir, hex)).toBe(false);
    const keyring = await openKeys(dir, hex);
    expect(keyring.watermark).toEqual(old.watermark);
    expect(keyring.log.privateKeyPkcs8Pem).toMatch(/PRIVATE KEY/);
    const [first] = keyring.credentials.signers;
    expect(first).toMatchObject({ ...pki.signer, addedAt: createdAt, retiredAt: null });
    const place = { dir, masterKey: hex };
    const { added } = await rotateSigner(place, new Date());
    const { credentials } = await openKeys(dir, hex);
    expect(credentials.rootPem).toContain(pki.rootPem.trim());
    expect(credentials.rootPem.match(/BEGIN/g)).toHaveLength(2);
    expect(credentials.tsaRootPem).toBe(pki.tsaRootPem);
    // The next one comes from the new authority, without another root.
    const next = await rotateSigner(place, new Date());
    const issuerOf = (pem: string) => new X509Certificate(pem).issuer;
    expect(issuerOf(next.added.certificateChainPem)).toBe(issuerOf(added.certificateChainPem));
    expect((await openKeys(dir, hex)).credentials.rootPem).toBe(credentials.rootPem);
  });

  it('rotates under the same authority and name, and destroys the key of the one before', async () => {
    const before = currentSigner(await madeKeys())!;
    const at = new Date();
    const { added, retired } = await rotateSigner({ dir }, at, { algorithm: 'es384' });
    expect(retired).toMatchObject({ sha256: before.sha256, privateKeyPkcs8Pem: null, retiredAt: at.toISOString() });
    const [now, then] = await signersOf();
    expect([now, then]).toEqual([added, retired]);
    const [one, two] = [before, added].map((signer) => new X509Certificate(signer.certificateChainPem));
    expect([two!.subject, two!.issuer]).toEqual([one!.subject, one!.issuer]);
    const material = { certificateChainPem: added.certificateChainPem, privateKeyPkcs8Pem: added.privateKeyPkcs8Pem! };
    expect(fileSigner(material).alg).toBe('es384');
    // The product record of the C2PA certificate policy stays that of the product.
    const record = (one_: X509Certificate) =>
      /\.{3}([0-9a-f-]{36})/.exec(one_.raw.toString('latin1').replace(/[^ -~]/g, '.'))?.[1];
    expect(record(two!)).toBe(record(one!));
  });

  it('loses no rotation when several processes ask at once, also after one died holding the lock', async () => {
    await madeKeys();
    const lock = join(dir, 'keyring.sealed.lock');
    await writeFile(lock, '');
    await utimes(lock, new Date(Date.now() - HOUR), new Date(Date.now() - HOUR));
    await Promise.all([1, 2, 3].map(() => rotateSigner({ dir }, new Date())));
    const signers = await signersOf();
    expect(signers).toHaveLength(4);
    expect(signers.filter((one) => one.retiredAt === null)).toEqual([signers[0]]);
    expect((await readdir(dir)).sort()).toEqual(['keyring.sealed', 'master.key']);
  });
});

describe('revokeSigner', () => {
  it('rotates first when it is the one that signs, and only ever moves the compromise back', async () => {
    const before = currentSigner(await madeKeys())!;
    const at = new Date();
    const since = new Date(at.getTime() - HOUR);
    const { revoked, rotation } = await revokeSigner({ dir }, 'current', since, at);
    expect(revoked).toMatchObject({
      sha256: before.sha256,
      compromisedAt: since.toISOString(),
      privateKeyPkcs8Pem: null,
    });
    expect((await signersOf()).map((one) => one.sha256)).toEqual([rotation!.added.sha256, before.sha256]);
    const again = (time: Date) => revokeSigner({ dir }, before.sha256.slice(0, 12), time, at);
    await expect(again(at)).rejects.toMatchObject({ code: 'signer_revoked_already' });
    const earlier = new Date(since.getTime() - HOUR);
    expect((await again(earlier)).rotation).toBeNull();
    expect((await signersOf())[1]).toMatchObject({ compromisedAt: earlier.toISOString() });
    await expect(revokeSigner({ dir }, 'current', new Date(at.getTime() + HOUR), at)).rejects.toMatchObject({
      code: 'compromise_in_future',
    });
    await expect(revokeSigner({ dir }, 'ffffffff', since, at)).rejects.toMatchObject({ code: 'signer_unknown' });
    await expect(revokeSigner({ dir }, '', since, at)).rejects.toMatchObject({ code: 'signer_unknown' });
  });
});

describe('adoptSigner', () => {
  let other: DevelopmentPki;
  beforeAll(async () => {
    other = await createDevelopmentPki({ organisation: 'Another authority' });
  });
  const chain = () => other.signer.certificateChainPem + other.rootPem;

  it('begins to sign with a certificate of another authority, held elsewhere', async () => {
    const { credentials } = await madeKeys();
    expect(await adoptSigner({ dir }, chain(), null, new Date())).toBe(true);
    expect(await adoptSigner({ dir }, chain(), null, new Date())).toBe(false);
    const now = await openKeys(dir);
    expect(currentSigner(now)).toMatchObject({ ...other.signer, privateKeyPkcs8Pem: null });
    expect(now.credentials.signers[1]).toMatchObject({
      privateKeyPkcs8Pem: null,
      retiredAt: expect.any(String) as unknown,
    });
    expect(now.credentials.rootPem).toBe(other.rootPem + credentials.rootPem);
    // Nobody but the other authority issues the next one, unless that is wanted.
    await expect(rotateSigner({ dir }, new Date())).rejects.toMatchObject({ code: 'signer_not_issued_here' });
    const { rotation } = await revokeSigner({ dir }, 'current', new Date(), new Date());
    expect(rotation).toBeNull();
    expect(currentSigner(await openKeys(dir))).toBeNull();
    await expect(adoptSigner({ dir }, chain(), null, new Date())).rejects.toMatchObject({ code: 'signer_retired' });
    await rotateSigner({ dir }, new Date(), { own: true });
    expect(currentSigner(await openKeys(dir))!.privateKeyPkcs8Pem).toMatch(/PRIVATE KEY/);
  });

  it('refuses what could not sign, and leaves the keyring as it was', async () => {
    const keyring = await madeKeys();
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const key = stranger.export({ type: 'pkcs8', format: 'pem' }).toString();
    const adopt = (pem: string, key_: string | null = null, at = new Date()) => adoptSigner({ dir }, pem, key_, at);
    await expect(adopt(other.signer.certificateChainPem)).rejects.toMatchObject({ code: 'signer_chain_invalid' });
    await expect(adopt('')).rejects.toMatchObject({ code: 'signer_chain_invalid' });
    const mixed = other.signer.certificateChainPem + keyring.credentials.rootPem;
    await expect(adopt(mixed)).rejects.toMatchObject({ code: 'signer_chain_invalid' });
    await expect(adopt(chain(), key)).rejects.toMatchObject({ code: 'credentials_key_invalid' });
    const late = new Date(Date.now() + 400 * 24 * HOUR);
    await expect(adopt(chain(), null, late)).rejects.toMatchObject({ code: 'signer_chain_invalid' });
    expect((await openKeys(dir)).credentials).toEqual(keyring.credentials);
  });
});
