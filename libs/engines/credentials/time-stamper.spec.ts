import * as asn1 from 'asn1js';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import * as pkijs from 'pkijs';
import { certificatesOf } from './certificates.js';
import { createDevelopmentPki } from './pki.js';
import { openKeyMaterial } from './signer.js';
import { isTrustedAuthority, verifyToken } from './time-stamp-token.js';
import { issueToken, localTimeStamper, remoteTimeStamper } from './time-stamper.js';
import { type DevelopmentPki } from './types.js';

const message = Buffer.from('the countersigned bytes');
let pki: DevelopmentPki;

beforeAll(async () => {
  pki = await createDevelopmentPki();
});

describe('localTimeStamper', () => {
  it('stamps at the clock, verifiable by the certificates in the token', async () => {
    const time = new Date('2027-01-02T03:04:05.678Z');
    const token = await localTimeStamper({ ...pki.tsa, clock: { now: () => time } }).stamp(message);
    const verified = verifyToken(token, message);
    expect(verified.time).toEqual(time);
    expect(isTrustedAuthority(verified, certificatesOf(pki.tsaRootPem))).toBe(true);
    expect(isTrustedAuthority(verified, certificatesOf((await createDevelopmentPki()).tsaRootPem))).toBe(false);
    expect(() => verifyToken(token, Buffer.from('other bytes'))).toThrow(/something else/);
  });

  it('makes tokens of which no byte that counts can be changed', async () => {
    const token = await localTimeStamper(pki.tsa).stamp(message);
    const anchors = certificatesOf(pki.tsaRootPem);
    const original = verifyToken(token, message).time.getTime();
    for (let at = 0; at < token.length; at += 43) {
      const changed = Uint8Array.from(token);
      changed[at] = changed[at]! ^ 0x21;
      let time: number | null = null;
      try {
        const verified = verifyToken(changed, message);
        if (isTrustedAuthority(verified, anchors)) time = verified.time.getTime();
      } catch {
        // Rejected, as it should be.
      }
      expect([null, original]).toContain(time);
    }
  });

  it('does not let a claim signer stamp time, and refuses outside its validity', async () => {
    const verified = verifyToken(await localTimeStamper(pki.signer).stamp(message), message);
    expect(isTrustedAuthority(verified, certificatesOf(pki.rootPem))).toBe(false);
    const late = localTimeStamper({ ...pki.tsa, clock: { now: () => new Date('2050-01-01') } });
    await expect(late.stamp(message)).rejects.toMatchObject({ code: 'credentials_time_stamp_failed' });
  });
});

interface Misbehaviour {
  http?: number;
  status?: number;
  wrongNonce?: boolean;
  wrongImprint?: boolean;
}

function answer(body: Buffer, how: Misbehaviour): Buffer {
  const request = new pkijs.TimeStampReq({ schema: asn1.fromBER(new Uint8Array(body).buffer).result });
  const imprint = how.wrongImprint
    ? new pkijs.MessageImprint({
        hashAlgorithm: request.messageImprint.hashAlgorithm,
        hashedMessage: new asn1.OctetString({ valueHex: new Uint8Array(32).buffer }),
      })
    : request.messageImprint;
  const nonce = how.wrongNonce ? new asn1.Integer({ value: 42 }) : request.nonce!;
  const { key, chainDer } = openKeyMaterial(pki.tsa);
  const token = issueToken({ imprint, time: new Date(), nonce }, key, chainDer);
  const status = new asn1.Sequence({ value: [new asn1.Integer({ value: how.status ?? 0 })] });
  const tokenBlock = asn1.fromBER(new Uint8Array(token).buffer).result;
  return Buffer.from(new asn1.Sequence({ value: how.status ? [status] : [status, tokenBlock] }).toBER());
}

describe('remoteTimeStamper', () => {
  let server: Server;
  let how: Misbehaviour = {};
  let stamper: ReturnType<typeof remoteTimeStamper>;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        response.writeHead(how.http ?? 200, { 'content-type': 'application/timestamp-reply' });
        response.end(answer(Buffer.concat(parts), how));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    stamper = remoteTimeStamper({ url: `http://127.0.0.1:${port}/tsa`, fetch: globalThis.fetch });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('returns the token of an authority that answers correctly', async () => {
    how = {};
    const verified = verifyToken(await stamper.stamp(message), message);
    expect(isTrustedAuthority(verified, certificatesOf(pki.tsaRootPem))).toBe(true);
    expect(verified.nonce).toHaveLength(32);
  });

  it.each([
    ['an HTTP error', { http: 503 }, /HTTP 503/],
    ['a refusal', { status: 2 }, /status 2/],
    ['another nonce', { wrongNonce: true }, /nonce/],
    ['another imprint', { wrongImprint: true }, /something else/],
  ])('rejects %s', async (_name, misbehaviour, reason) => {
    how = misbehaviour;
    const stamping = stamper.stamp(message);
    await expect(stamping).rejects.toMatchObject({ code: 'credentials_time_stamp_failed' });
    await expect(stamping).rejects.toThrow(reason);
  });

  it('rejects an authority that cannot be reached', async () => {
    const nowhere = remoteTimeStamper({ url: 'http://127.0.0.1:1/tsa', fetch: globalThis.fetch });
    await expect(nowhere.stamp(message)).rejects.toMatchObject({ code: 'credentials_time_stamp_failed' });
  });
});
