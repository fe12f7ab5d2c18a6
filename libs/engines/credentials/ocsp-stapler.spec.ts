import { type X509Certificate } from 'node:crypto';
import { certificatesOf, responderOf } from './certificates.js';
import { verifyOcsp } from './ocsp.js';
import { ocspStapler } from './ocsp-stapler.js';
import { createDevelopmentPki, issueOcspResponder } from './pki.js';
import { answerOcsp, ocspResponse, type OcspStatement } from './testing/ocsp-responder.js';
import { type KeyMaterial } from './types.js';

const HOUR = 3600_000;
const URL = 'http://ocsp.example/';
let statement: OcspStatement;
let chain: Uint8Array[];
let stranger: KeyMaterial;

beforeAll(async () => {
  const pki = await createDevelopmentPki({ ocspUrl: URL });
  const [leaf, issuer] = certificatesOf(pki.signer.certificateChainPem) as [X509Certificate, X509Certificate];
  statement = { leaf, issuer, responder: await issueOcspResponder(pki.issuer), status: 'good' };
  chain = [leaf, issuer].map((one) => new Uint8Array(one.raw));
  stranger = await issueOcspResponder((await createDevelopmentPki()).issuer);
});

/** A responder that says what it is told; counts the questions. */
function responder() {
  const state = { asked: 0, down: false, says: {} as Partial<OcspStatement>, now: new Date() };
  const fetch = (async (url: string, init: { body: Buffer }) => {
    expect(url).toBe(URL);
    state.asked++;
    if (state.down) throw new Error('no route');
    const answer = answerOcsp(init.body, { ...statement, thisUpdate: state.now, ...state.says });
    return new Response(Buffer.from(answer), { headers: { 'content-type': 'application/ocsp-response' } });
  }) as unknown as typeof globalThis.fetch;
  return { state, stapler: ocspStapler({ fetch, clock: { now: () => state.now } }) };
}

describe('ocspStapler', () => {
  it('asks once in 6 hours, however many ask at a time, and gives what holds', async () => {
    const { state, stapler } = responder();
    const [one, two] = await Promise.all([stapler.staple(chain), stapler.staple(chain)]);
    expect(one).toEqual(two);
    const at = { now: state.now, nonce: null };
    expect(verifyOcsp(one!, statement.leaf, statement.issuer, at).status).toBe('good');
    state.now = new Date(state.now.getTime() + 5.9 * HOUR);
    await stapler.staple(chain);
    expect(state.asked).toBe(1);
    state.now = new Date(state.now.getTime() + 0.2 * HOUR);
    expect(await stapler.staple(chain)).not.toEqual(one);
    expect(state.asked).toBe(2);
  });

  it('uses the last good answer through an outage, no longer than it says', async () => {
    const { state, stapler } = responder();
    const first = await stapler.staple(chain);
    state.down = true;
    state.now = new Date(state.now.getTime() + 7 * HOUR);
    expect(await stapler.staple(chain)).toEqual(first);
    state.now = new Date(state.now.getTime() + 18 * HOUR);
    await expect(stapler.staple(chain)).rejects.toMatchObject({ code: 'credentials_revocation_unknown' });
  });

  it('never goes back to an older good answer after a revocation', async () => {
    const { state, stapler } = responder();
    await stapler.staple(chain);
    state.now = new Date(state.now.getTime() + 7 * HOUR);
    state.says = { status: 'revoked' };
    await expect(stapler.staple(chain)).rejects.toMatchObject({ code: 'credentials_signer_revoked' });
    state.down = true;
    await expect(stapler.staple(chain)).rejects.toMatchObject({ code: 'credentials_revocation_unknown' });
  });

  it.each<[string, () => Partial<OcspStatement>, RegExp]>([
    ['another nonce', () => ({ nonce: Buffer.from('other') }), /nonce/],
    ['a stranger’s signature', () => ({ responder: stranger }), /not signed by/],
    ['another certificate', () => ({ leaf: statement.issuer }), /another certificate/],
    ['an old answer', () => ({ thisUpdate: new Date(Date.now() - 50 * HOUR) }), /out of date/],
    ['an answer of the future', () => ({ thisUpdate: new Date(Date.now() + HOUR) }), /future/],
    ['a certificate that it does not know', () => ({ status: 'unknown' }), /does not know/],
  ])('rejects %s', async (_name, says, reason) => {
    const { state, stapler } = responder();
    state.says = says();
    const work = stapler.staple(chain);
    await expect(work).rejects.toMatchObject({ code: 'credentials_revocation_unknown' });
    await expect(work).rejects.toThrow(reason);
  });

  it('accepts an answer without nonce, and asks nobody about a leaf that names no responder', async () => {
    const { state, stapler } = responder();
    state.says = { nonce: null };
    expect(await stapler.staple(chain)).not.toBeNull();
    const silent = certificatesOf((await createDevelopmentPki()).signer.certificateChainPem);
    expect(responderOf(silent[0]!)).toBeNull();
    expect(await stapler.staple(silent.map((one) => new Uint8Array(one.raw)))).toBeNull();
    expect(state.asked).toBe(1);
  });

  it('lets the issuer itself answer, but no leaf of it', async () => {
    const pki = await createDevelopmentPki({ ocspUrl: URL });
    const [leaf, issuer] = certificatesOf(pki.signer.certificateChainPem) as [X509Certificate, X509Certificate];
    const at = { now: new Date(), nonce: null };
    const said = (by: KeyMaterial) =>
      verifyOcsp(ocspResponse({ ...statement, leaf, issuer, responder: by }), leaf, issuer, at);
    expect(said(pki.issuer).status).toBe('good');
    expect(() => said(pki.signer)).toThrow(/not signed by/);
    const whole = ocspResponse({ ...statement, leaf, issuer, responder: pki.issuer });
    for (let at_ = 0; at_ < whole.length; at_ += 37) {
      const changed = Uint8Array.from(whole);
      changed[at_] = changed[at_]! ^ 0x10;
      let status = 'rejected';
      try {
        ({ status } = verifyOcsp(changed, leaf, issuer, at));
      } catch {
        // Rejected, as it should be.
      }
      expect(['good', 'rejected']).toContain(status);
    }
  });
});
