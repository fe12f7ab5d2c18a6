import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI, { APIError, type ClientOptions } from 'openai';
import { Client } from 'pg';
import { ErrorEnvelope, type ClipView, type Scope, type Video } from '#contracts';
import { projectRoot } from '#kernel';
import { startService, until, type TestService } from './service.js';
import { startStubEngine, type StubEngine } from './stub-engine.js';

/** One request that the SDK sent, with what came back. */
export interface SentRequest {
  method: string;
  path: string;
  headers: Headers;
  contentType: string;
  /** Null when no answer came. */
  status: number | null;
}

/** The official SDK against a service, and everything that it sends. Its defaults, retries among them, are its own. */
export function sdk(
  service: Pick<TestService, 'baseURL' | 'key'>,
  options: ClientOptions = {},
): { client: OpenAI; sent: SentRequest[] } {
  const sent: SentRequest[] = [];
  const transport = options.fetch ?? fetch;
  const recording: NonNullable<ClientOptions['fetch']> = async (url, init) => {
    // Before its first form the SDK asks itself a question with a data URL.
    if (typeof url === 'string' && url.startsWith('data:')) return fetch(url, init);
    const headers = new Headers(init?.headers);
    // A form states its own type and boundary; only a request made of it shows them.
    const contentType = init?.body instanceof FormData ? 'multipart/form-data' : (headers.get('content-type') ?? '');
    const path = new URL(url instanceof Request ? url.url : url).pathname;
    const entry: SentRequest = {
      method: init?.method?.toUpperCase() ?? 'GET',
      path,
      headers,
      contentType,
      status: null,
    };
    sent.push(entry);
    const answer = await transport(url, init);
    entry.status = answer.status;
    return answer;
  };
  return { client: new OpenAI({ apiKey: service.key, baseURL: service.baseURL, ...options, fetch: recording }), sent };
}

/**
 * The error that a call ended with, after checking that it came in the envelope of the API and with an id.
 * @throws Error when the call went through
 */
export async function refusal(call: PromiseLike<unknown>): Promise<APIError> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (thrown) {
    if (!(thrown instanceof APIError)) throw thrown;
    ErrorEnvelope.strict().parse({ error: thrown.error as unknown });
    if (!thrown.requestID) throw new Error('the error has no request id', { cause: thrown });
    return thrown;
  }
  throw new Error(`the call went through: ${JSON.stringify(answer)}`);
}

/** Our own view of a clip. */
export function inspect(client: OpenAI, id: string): Promise<ClipView> {
  return client.get(`/clips/${id}`);
}

/** Polls as the SDK's users do, until the video is in one of the states. @throws Error when it ends in another one */
export async function waitFor(
  client: OpenAI,
  id: string,
  wanted: Video['status'],
  timeoutMs = 120_000,
): Promise<Video> {
  let video: Video | undefined;
  await until(
    async () => {
      video = await client.videos.retrieve(id);
      if (video.status === wanted) return true;
      if (video.status === 'completed' || video.status === 'failed') {
        throw new Error(`the video is ${video.status}: ${JSON.stringify(await inspect(client, id))}`);
      }
      return false;
    },
    timeoutMs,
    () => `the video is still ${JSON.stringify(video)}`,
  );
  return video!;
}

/** Waits until our own view shows the state. */
export async function waitForState(
  client: OpenAI,
  id: string,
  state: ClipView['state'],
  timeoutMs = 60_000,
): Promise<ClipView> {
  let clip: ClipView | undefined;
  await until(
    async () => (clip = await inspect(client, id)).state === state,
    timeoutMs,
    () => `the clip is still ${clip?.state}`,
  );
  return clip!;
}

/** Names of the files in the service's scratch folder. */
export async function scratchFiles(service: TestService): Promise<string[]> {
  return readdir(join(service.dataDir, 'scratch')).catch(() => []);
}

/** Waits until uploads and intermediate files are gone. */
export async function scratchIsEmpty(service: TestService): Promise<void> {
  let left: string[] = [];
  await until(
    async () => (left = await scratchFiles(service)).length === 0,
    10_000,
    () => `left in scratch: ${left.join(', ')}`,
  );
}

/** Runs one statement on the service's database. */
export async function query(
  service: TestService,
  sql: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: service.databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

/** A tenant of its own with a key, written as an operator would. */
export async function anotherTenant(
  service: TestService,
  settings: { scopes?: Scope[]; ratePerMinute?: number; credits?: number; maxActiveClips?: number } = {},
): Promise<{ baseURL: string; key: string; tenantId: string }> {
  const { scopes = ['admin'], ratePerMinute = 600, credits = null, maxActiveClips = 50 } = settings;
  const tenantId = `ten_${randomBytes(8).toString('hex')}`;
  const key = `imp_${randomBytes(32).toString('base64url')}`;
  await query(
    service,
    'INSERT INTO tenants (id, name, rate_per_minute, credits, max_active_clips) VALUES ($1, $1, $2, $3, $4)',
    [tenantId, ratePerMinute, credits, maxActiveClips],
  );
  await query(
    service,
    'INSERT INTO api_keys (id, tenant_id, name, prefix, hash, scopes) VALUES ($1, $2, $3, $4, $5, $6)',
    [
      `key_${randomBytes(8).toString('hex')}`,
      tenantId,
      'test',
      key.slice(0, 10),
      createHash('sha256').update(key).digest('hex'),
      scopes,
    ],
  );
  return { baseURL: service.baseURL, key, tenantId };
}

/** A deployment whose engine is a stub with a short real clip, so that only the gate takes time. */
export interface StubbedService {
  service: TestService;
  engine: StubEngine;
  /** Kills every process at once, tells what was left, and starts anew on what was written. */
  crash(left: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts {@link StubbedService}. */
export async function startWithStubEngine(env: Record<string, string> = {}): Promise<StubbedService> {
  const clip = await readFile(join(projectRoot, 'tests/fixtures/clips/flat-door-360p.mp4'));
  const engine = await startStubEngine({ profile: 'openai', clip, ticks: 1 });
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-engines-'));
  const file = join(dir, 'engines.yaml');
  await writeFile(
    file,
    JSON.stringify({ engines: [{ kind: 'openai-videos', name: 'stub', profile: 'openai', baseUrl: engine.url }] }),
  );
  const settings = { GENERATORS_FILE: file, ...env };
  const stubbed = { service: await startService(settings), engine };
  const crash = async (left: () => Promise<void>) => {
    await stubbed.service.crash();
    await left();
    stubbed.service = await startService(settings, stubbed.service);
  };
  const stop = async () => {
    // A generation that never ends would be waited for.
    Object.assign(engine.faults, { neverEnds: false, fails: true });
    await stubbed.service.stop();
    await engine.close();
    await rm(dir, { recursive: true, force: true });
  };
  return Object.assign(stubbed, { crash, stop });
}
