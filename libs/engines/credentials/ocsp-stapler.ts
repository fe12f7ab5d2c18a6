import { randomBytes, X509Certificate } from 'node:crypto';
import { messageOf, systemClock, type Clock } from '#kernel';
import { fingerprintOf, responderOf } from './certificates.js';
import { CredentialsError } from './errors.js';
import { ocspRequest, verifyOcsp } from './ocsp.js';
import { type RevocationSource } from './types.js';

/** Options of {@link ocspStapler}. */
export interface OcspStaplerOptions {
  /** HTTP client; the caller sets its time limit and egress rules. */
  fetch: typeof globalThis.fetch;
  clock?: Clock;
}

interface Kept {
  der: Uint8Array;
  goodUntil: number;
  /** When to ask again. */
  askAt: number;
}

const REFRESH_MS = 6 * 3600_000;
/** After a failure, while the last answer still holds. */
const RETRY_MS = 60_000;
const MAX_ANSWER = 64 * 1024;

function unknown(cause: unknown): CredentialsError {
  const text = `The OCSP responder gave no usable answer about the signing certificate: ${messageOf(cause)}. Try again later.`;
  return new CredentialsError('credentials_revocation_unknown', text, { cause });
}

class Stapler implements RevocationSource {
  private readonly kept = new Map<string, Kept>();
  private readonly asking = new Map<string, Promise<Uint8Array>>();
  private readonly clock: Clock;

  constructor(private readonly options: OcspStaplerOptions) {
    this.clock = options.clock ?? systemClock;
  }

  async staple(chainDer: readonly Uint8Array[]): Promise<Uint8Array | null> {
    const [leaf, issuer] = chainDer.slice(0, 2).map((der) => new X509Certificate(der));
    const url = leaf ? responderOf(leaf) : null;
    if (!leaf || !url) return null;
    if (!issuer) throw unknown(new Error('the chain does not hold the issuer'));
    const id = fingerprintOf(leaf);
    const now = this.clock.now().getTime();
    const kept = this.kept.get(id);
    if (kept && now < kept.askAt && now < kept.goodUntil) return kept.der;
    const work = this.asking.get(id) ?? this.ask(id, url, leaf, issuer).finally(() => this.asking.delete(id));
    this.asking.set(id, work);
    return work;
  }

  private async ask(id: string, url: string, leaf: X509Certificate, issuer: X509Certificate): Promise<Uint8Array> {
    try {
      const kept = await this.answer(url, leaf, issuer);
      this.kept.set(id, kept);
      return kept.der;
    } catch (cause) {
      const kept = this.kept.get(id);
      const now = this.clock.now().getTime();
      if (cause instanceof CredentialsError) {
        this.kept.delete(id);
        throw cause;
      }
      if (!kept || kept.goodUntil <= now) throw unknown(cause);
      kept.askAt = now + RETRY_MS;
      return kept.der;
    }
  }

  private async answer(url: string, leaf: X509Certificate, issuer: X509Certificate): Promise<Kept> {
    const nonce = randomBytes(16);
    const response = await this.options.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
      body: Buffer.from(ocspRequest(leaf, issuer, nonce)),
      redirect: 'error',
    });
    if (!response.ok) throw new Error(`it answered with HTTP ${response.status}`);
    const der = new Uint8Array(await response.arrayBuffer());
    if (der.length > MAX_ANSWER) throw new Error('the answer is too long');
    const now = this.clock.now();
    const { status, nextUpdate } = verifyOcsp(der, leaf, issuer, { now, nonce });
    if (status === 'revoked') {
      const text = 'The issuer has revoked the signing certificate. Nothing is signed until `imprimatur keys rotate`.';
      throw new CredentialsError('credentials_signer_revoked', text);
    }
    if (status !== 'good') throw new Error('it does not know the certificate');
    return { der, goodUntil: nextUpdate.getTime(), askAt: now.getTime() + REFRESH_MS };
  }
}

/**
 * Asks the OCSP responder that a signing leaf names (RFC 6960 over HTTP, with nonce) and keeps its good answer for 6
 * hours; when the responder is then out of reach, for as long as the answer itself says that it holds.
 */
export function ocspStapler(options: OcspStaplerOptions): RevocationSource {
  return new Stapler(options);
}
