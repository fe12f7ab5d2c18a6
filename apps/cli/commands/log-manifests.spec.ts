import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogLeaf } from '#contracts';
import { sha256Hex } from '#kernel';
import { wordsOf } from '../words/index.js';
import { checkManifests } from './log-manifests.js';

const asked = new Map<string, number>();
/** What is served under a manifest's id, by how often it was asked for. */
const answers: Record<string, (times: number, response: ServerResponse) => unknown> = {
  good: (_, response) => response.end('good'),
  busy: (times, response) => (times < 3 ? response.writeHead(429, { 'retry-after': '0' }).end() : response.end('busy')),
  late: (times, response) => (times < 2 ? response.writeHead(404).end() : response.end('late')),
  withdrawn: (_, response) => response.writeHead(404).end(),
  lost: (_, response) => response.writeHead(404).end(),
  other: (_, response) => response.end('another one'),
};

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer(({ url: path }, response) => {
    const id = path!.split('/').at(-1)!;
    asked.set(id, (asked.get(id) ?? 0) + 1);
    answers[id]!(asked.get(id)!, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => asked.clear());
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const release = (manifestId: string, seq: number) =>
  ({ type: 'release', seq, manifestId, manifestSha256: sha256Hex(Buffer.from(manifestId)) }) as LogLeaf;
const withdrawal = { type: 'withdraw', seq: 9, manifestId: 'withdrawn' } as LogLeaf;
const compare = (ids: string[], newer: () => Promise<LogLeaf[]>) =>
  checkManifests(ids.map(release), { url, words: wordsOf('en'), newer, settleMs: 1 });

describe('the manifests that the log names', () => {
  it('are waited for, and those missing are judged by what the log says later', async () => {
    const ids = ['other', 'busy', 'late', 'withdrawn', 'lost', 'good'];
    const found = await compare(ids, () => Promise.resolve([withdrawal]));
    expect(found).toEqual({ checked: 6, wrong: [0, 4] });
    expect(asked.get('busy')).toBe(3);
  });

  it('need no second look at the log when none stays missing', async () => {
    const never = () => Promise.reject(new Error('was read again'));
    expect(await compare(['good', 'late'], never)).toEqual({ checked: 2, wrong: [] });
  });
});
