import { createPrivateKey, sign, verify, X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createDevelopmentPki } from './pki.js';
import { remoteSigner } from './remote-signer.js';
import { type DevelopmentPki, type SignatureAlgorithm } from './types.js';

const message = Buffer.from('the claim');
const TOKEN = 'secret-token';

/** A signing service that holds one key, as docs/keys.md describes it. */
class SigningService {
  how: 'well' | 'other-key' | 'changed' | 'der' | 'nonsense' | 'silent' | 'refused' = 'well';
  asked: unknown[] = [];
  private server!: Server;

  constructor(
    private readonly pki: DevelopmentPki,
    private readonly other: DevelopmentPki,
  ) {}

  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      void json(request).then((body) => {
        this.asked.push(body);
        if (request.headers.authorization !== `Bearer ${TOKEN}`) return void response.writeHead(401).end();
        if (this.how === 'silent') return;
        if (this.how === 'refused') return void response.writeHead(403).end();
        response.setHeader('content-type', 'application/json');
        response.end(this.how === 'nonsense' ? '<html>' : JSON.stringify({ signature: this.sign(body as never) }));
      });
    });
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/sign`;
  }

  private sign({ algorithm, message: data }: { algorithm: string; message: string }): string {
    const { privateKeyPkcs8Pem } = this.how === 'other-key' ? this.other.signer : this.pki.signer;
    const hash = { ES256: 'sha256', ES384: 'sha384' }[algorithm] ?? null;
    const key = createPrivateKey(privateKeyPkcs8Pem);
    const dsaEncoding = this.how === 'der' ? 'der' : 'ieee-p1363';
    const signature = sign(hash, Buffer.from(data, 'base64'), { key, dsaEncoding });
    if (this.how === 'changed') signature[3]! ^= 1;
    return signature.toString('base64');
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe.each<SignatureAlgorithm>(['es256', 'es384', 'ed25519'])('remoteSigner with %s', (algorithm) => {
  let service: SigningService;
  let pki: DevelopmentPki;
  let url: string;
  beforeAll(async () => {
    pki = await createDevelopmentPki({ algorithm });
    service = new SigningService(pki, await createDevelopmentPki({ algorithm }));
    url = await service.start();
  });
  afterAll(() => service.stop());

  const signer = (changes: Partial<Parameters<typeof remoteSigner>[0]> = {}) =>
    remoteSigner({
      url,
      token: TOKEN,
      keyId: 'claims-2026',
      certificateChainPem: pki.signer.certificateChainPem,
      fetch: globalThis.fetch,
      timeoutMs: 2000,
      ...changes,
    });

  it('gives the raw signature of the key that the service holds', async () => {
    service.how = 'well';
    const remote = signer();
    expect(remote.alg).toBe(algorithm);
    const signature = await remote.sign(message);
    const key = {
      key: new X509Certificate(remote.certificateChainDer[0]!).publicKey,
      dsaEncoding: 'ieee-p1363' as const,
    };
    const hash = { es256: 'sha256', es384: 'sha384', ed25519: null }[algorithm];
    expect(verify(hash, message, key, signature)).toBe(true);
    expect(service.asked.at(-1)).toEqual({
      keyId: 'claims-2026',
      algorithm: { es256: 'ES256', es384: 'ES384', ed25519: 'EdDSA' }[algorithm],
      message: message.toString('base64'),
    });
  });

  it.each([
    ['other-key', /does not fit/],
    ['changed', /does not fit/],
    ['nonsense', /JSON/],
    ['refused', /HTTP 403/],
    ...(algorithm === 'ed25519' ? [] : [['der', /does not fit/] as const]),
  ] as const)('uses no signature of a service that answers with: %s', async (how, reason) => {
    service.how = how;
    const work = signer().sign(message);
    await expect(work).rejects.toMatchObject({ code: 'credentials_sign_failed' });
    await expect(work).rejects.toThrow(reason);
    await expect(work).rejects.not.toThrow(TOKEN);
  });
});

it('waits no longer than it was told, and says so without the token', async () => {
  const pki = await createDevelopmentPki();
  const service = new SigningService(pki, pki);
  const url = await service.start();
  service.how = 'silent';
  const { certificateChainPem } = pki.signer;
  const options = { url, token: TOKEN, keyId: 'a', certificateChainPem, fetch: globalThis.fetch, timeoutMs: 100 };
  const started = Date.now();
  await expect(remoteSigner(options).sign(message)).rejects.toMatchObject({ code: 'credentials_sign_failed' });
  expect(Date.now() - started).toBeLessThan(5000);
  service.how = 'well';
  await expect(remoteSigner({ ...options, token: 'wrong' }).sign(message)).rejects.toThrow(/HTTP 401/);
  service.stop();
  expect(() => remoteSigner({ ...options, certificateChainPem: '' })).toThrow(/empty/);
});
