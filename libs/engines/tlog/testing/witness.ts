import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Checkpoint, openCheckpoint } from '../checkpoint.js';
import { sameHash } from '../hash.js';
import { NoteSigner, type NoteVerifier } from '../keys.js';
import { verifyConsistency } from '../merkle.js';
import { parseAddCheckpoint } from '../witness.js';
import { TlogError } from '../errors.js';

/** What a witness answers. */
export interface WitnessResponse {
  status: number;
  body: string;
}

/** A new Ed25519 key, PKCS#8 PEM. */
export function newKeyPem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** A witness as c2sp.org/tlog-witness describes it, with its state in memory. For tests. */
export class TestWitness {
  private readonly seen = new Map<string, Checkpoint>();
  private readonly signer: NoteSigner;

  constructor(
    readonly name: string,
    /** Keys of the logs that it knows; the name of a key is the origin of its log. */
    private readonly logs: readonly NoteVerifier[],
    seconds: () => number = () => Math.floor(Date.now() / 1000),
  ) {
    this.signer = NoteSigner.cosigner(name, newKeyPem(), seconds);
  }

  get verifierKey(): string {
    return this.signer.verifierKey;
  }

  /** Checks and, if all is right, cosigns; synchronous, so no other request comes between check and record. */
  addCheckpoint(body: string): WitnessResponse {
    const request = parseAddCheckpoint(body);
    if (!request) return { status: 400, body: 'malformed request\n' };
    const origin = request.note.slice(0, request.note.indexOf('\n'));
    if (!this.logs.some(({ name }) => name === origin)) return { status: 404, body: 'unknown log\n' };
    try {
      const next = openCheckpoint(request.note, this.logs, origin);
      const last = this.seen.get(origin);
      if (request.old > next.size) return { status: 400, body: 'old size above the size of the checkpoint\n' };
      if (request.old !== (last?.size ?? 0)) return { status: 409, body: `${last?.size ?? 0}\n` };
      if (last?.size === next.size && !sameHash(last.root, next.root)) return { status: 409, body: 'another root\n' };
      if (!last?.size && request.proof.length > 0) return { status: 422, body: 'a proof from nothing\n' };
      if (last?.size) {
        const [from, to] = [last.size, next.size];
        verifyConsistency({ from, to, fromRoot: last.root, toRoot: next.root, proof: request.proof });
      }
      this.seen.set(origin, next);
      return { status: 200, body: `${this.signer.sign(next.text)}\n` };
    } catch (error) {
      if (!(error instanceof TlogError)) throw error;
      return { status: error.code === 'tlog_consistency_invalid' ? 422 : 403, body: `${error.code}\n` };
    }
  }
}

/** Serves a witness on a free local port; `url` is the submission prefix. */
export async function serveWitness(
  witness: Pick<TestWitness, 'addCheckpoint'>,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const known = request.method === 'POST' && request.url === '/add-checkpoint';
      const answer = known ? witness.addCheckpoint(Buffer.concat(chunks).toString()) : { status: 404, body: '' };
      const size = answer.status === 409 && /^\d+\n$/.test(answer.body);
      response.writeHead(answer.status, { 'content-type': size ? 'text/x.tlog.size' : 'text/plain; charset=utf-8' });
      response.end(answer.body);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((done) => server.close(() => done()).closeAllConnections());
  return { url: `http://127.0.0.1:${port}`, close };
}
