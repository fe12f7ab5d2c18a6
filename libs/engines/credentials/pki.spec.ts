import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  CertificatePolicyExtension,
  ExtendedKeyUsageExtension,
  X509Certificate as Parsed,
} from '@peculiar/x509';
import { verify, X509Certificate } from 'node:crypto';
import { certificatesOf, chainsTo, responderOf } from './certificates.js';
import { CredentialsError } from './errors.js';
import { createDevelopmentPki, issueOcspResponder } from './pki.js';
import { fileSigner } from './signer.js';

const DAY = 86_400_000;
const CLAIM_SIGNING = '1.3.6.1.4.1.62558.2.1';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

describe('createDevelopmentPki', () => {
  it('gives a claim signing leaf with the profile of the C2PA certificate policy', async () => {
    const pki = await createDevelopmentPki({ organisation: 'Studio, "A" + B', commonName: 'Studio', country: 'FR' });
    const [leaf, ca] = certificatesOf(pki.signer.certificateChainPem);
    expect(leaf!.subject).toContain('C=FR');
    expect(leaf!.subject).toContain('CN=Studio');
    expect(leaf!.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(leaf!.ca).toBe(false);
    expect(leaf!.keyUsage).toEqual([CLAIM_SIGNING, '1.3.6.1.5.5.7.3.4']);
    expect(new Date(leaf!.validTo).getTime() - new Date(leaf!.validFrom).getTime()).toBeLessThanOrEqual(366 * DAY);
    const extensions = new Parsed(leaf!.raw).extensions.map((one) => `${one.type}${one.critical ? ' critical' : ''}`);
    expect(extensions.sort()).toEqual(
      [
        '1.3.6.1.4.1.62558.3',
        '1.3.6.1.4.1.62558.4',
        '2.5.29.14',
        '2.5.29.15 critical',
        '2.5.29.19 critical',
        '2.5.29.32',
        '2.5.29.35',
        '2.5.29.37',
      ].sort(),
    );
    expect(new Parsed(ca!.raw).getExtension(BasicConstraintsExtension)).toMatchObject({ ca: true, pathLength: 0 });
    expect(ca!.publicKey.asymmetricKeyDetails?.namedCurve).toBe('secp384r1');
    expect(chainsTo([leaf!, ca!], certificatesOf(pki.rootPem), new Date())).toBe(true);
    expect(chainsTo([leaf!], certificatesOf(pki.rootPem), new Date())).toBe(false);
  });

  it('gives a time stamping leaf that may do nothing else', async () => {
    const pki = await createDevelopmentPki();
    const leaf = new Parsed(certificatesOf(pki.tsa.certificateChainPem)[0]!.raw);
    const purposes = leaf.getExtension(ExtendedKeyUsageExtension)!;
    expect([...purposes.usages]).toEqual([TIME_STAMPING]);
    expect(purposes.critical).toBe(true);
  });

  it('gives authorities and an OCSP responder with the profiles of the C2PA certificate policy', async () => {
    const pki = await createDevelopmentPki({ ocspUrl: 'http://ocsp.example/' });
    const leaf = certificatesOf(pki.signer.certificateChainPem)[0]!;
    expect(responderOf(leaf)).toBe('http://ocsp.example/');
    const days = (one: X509Certificate) => (Date.parse(one.validTo) - Date.parse(one.validFrom)) / DAY;
    const [claimCa] = certificatesOf(pki.issuer.certificateChainPem);
    const [stamper, stampCa] = certificatesOf(pki.tsa.certificateChainPem);
    expect(days(claimCa!)).toBeLessThanOrEqual(1828);
    expect(days(stamper!)).toBeLessThanOrEqual(4110);
    expect(Date.parse(stamper!.validTo)).toBeLessThanOrEqual(Date.parse(stampCa!.validTo));
    expect([claimCa!.keyUsage, stampCa!.keyUsage]).toEqual([[CLAIM_SIGNING, '1.3.6.1.5.5.7.3.4'], [TIME_STAMPING]]);
    const policies = (one: X509Certificate) => new Parsed(one.raw).getExtension(CertificatePolicyExtension)?.policies;
    for (const one of [leaf, claimCa!, stamper!, stampCa!]) expect(policies(one)).toEqual(['1.3.6.1.4.1.62558.1.1']);
    const [responder] = certificatesOf((await issueOcspResponder(pki.issuer)).certificateChainPem);
    expect(responder!.verify(claimCa!.publicKey)).toBe(true);
    expect(responder!.keyUsage).toEqual(['1.3.6.1.5.5.7.3.9']);
    const noCheck = new Parsed(responder!.raw).getExtension('1.3.6.1.5.5.7.48.1.5');
    expect(Buffer.from(noCheck!.value).toString('hex')).toBe('0500');
    expect(responderOf(responder!)).toBeNull();
  });

  it('is dated from the given time and never chains to a namesake', async () => {
    const old = await createDevelopmentPki({ now: new Date('2020-01-01T00:00:00Z') });
    const other = await createDevelopmentPki({ now: new Date('2020-01-01T00:00:00Z') });
    const chain = certificatesOf(old.signer.certificateChainPem);
    expect(chainsTo(chain, certificatesOf(old.rootPem), new Date('2020-06-01T00:00:00Z'))).toBe(true);
    expect(chainsTo(chain, certificatesOf(old.rootPem), new Date('2021-06-01T00:00:00Z'))).toBe(false);
    expect(chainsTo(chain, certificatesOf(other.rootPem), new Date('2020-06-01T00:00:00Z'))).toBe(false);
  });
});

describe('fileSigner', () => {
  it.each([
    ['es256', 64],
    ['es384', 96],
    ['ed25519', 64],
  ] as const)('signs raw with %s', async (algorithm, length) => {
    const pki = await createDevelopmentPki({ algorithm });
    const signer = fileSigner(pki.signer);
    expect(signer.alg).toBe(algorithm);
    const data = Buffer.from('claim');
    const signature = await signer.sign(data);
    expect(signature).toHaveLength(length);
    const key = new X509Certificate(signer.certificateChainDer[0]!).publicKey;
    const hash = { es256: 'sha256', es384: 'sha384', ed25519: null }[algorithm];
    expect(verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
  });

  it('refuses a key that does not belong to the certificate', async () => {
    const [one, two] = [await createDevelopmentPki(), await createDevelopmentPki()];
    const mixed = { ...one.signer, privateKeyPkcs8Pem: two.signer.privateKeyPkcs8Pem };
    expect(() => fileSigner(mixed)).toThrow(CredentialsError);
    expect(() => fileSigner({ ...one.signer, certificateChainPem: '' })).toThrow(/no certificate/);
  });
});
