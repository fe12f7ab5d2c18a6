import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Signal } from '#contracts';
import { SafetyCases, SafetyReports, type ReportingSettings, type SafetyStore } from '#domain/child-safety';
import type { GateHarness } from './gate.js';

/** A finding made up for a test: a label and a number, no content. */
export function finding(detector: string, category: Signal['category'], score: number, synthetic = false): Signal {
  const source = detector.startsWith('face.') ? ('face' as const) : ('frames' as const);
  const model = { name: 'made-up', version: '1' };
  return {
    ...{ detector, category, source, state: 'measured', score, coverage: 'low', model },
    ...(synthetic && { synthetic }),
  };
}

/** Somebody who looks under 18, beside a weak sign of violence. */
export const young = (synthetic = false): Signal[] => [
  finding('face.apparent_minor', 'other', 0.8, synthetic),
  finding('made.up', 'violence', 0.3, synthetic),
];

/** What cases of a harness are kept with. */
export function storeOf(gate: GateHarness): SafetyStore {
  const { database, blobs, subjectKeys: keys } = gate.core;
  return { database, blobs, keys, clock: { now: () => gate.now() } };
}

/** The reading and the sending side of cases, in a mode. */
export function caseParts(gate: GateHarness, mode: ReportingSettings['mode'], url?: string) {
  const reporter = { service: 'Test service', email: 'safety@example.org', publicUrl: 'http://127.0.0.1' };
  const account = url ? { url, username: 'esp', password: 'secret' } : null;
  const store = storeOf(gate);
  return {
    cases: new SafetyCases(store, mode),
    reports: new SafetyReports(store, { mode, reporter, account }),
  };
}

/** One request that the receiver got. */
export interface Received {
  path: string;
  type: string;
  authorization: string;
  body: Buffer;
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A receiver of reports that answers like the reporting API. @param codes response codes by path, `0` unless said */
export async function startReceiver(codes: Record<string, string> = {}) {
  const received: Received[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const path = request.url ?? '';
      const { authorization = '', 'content-type': type = '' } = request.headers;
      received.push({ path, type, authorization, body });
      const code = codes[path] ?? '0';
      response.setHeader('content-type', 'text/xml');
      response.end(
        `<?xml version="1.0"?><reportResponse><responseCode>${code}</responseCode>` +
          `<reportId>4564654</reportId><fileId>b0754af766b426f2928a02c651ed4b99</fileId></reportResponse>`,
      );
    });
  });
  server.on('connection', () => connections++);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () => new Promise<void>((done) => server.close(() => done()));
  return { url, received, codes, connections: () => connections, stop };
}
