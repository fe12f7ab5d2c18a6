import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClipView } from '#contracts';
import { renderScene } from '#engines/scene';
import { migrateDatabase, startEmbeddedDatabase } from '#platform/database';
import { Client } from 'pg';
import { startService, until, type TestService } from '../support/service.js';
import { startStubEngine } from '../support/stub-engine.js';
import { note } from './machine.js';

/** The clip of the requirement. */
export const CLIP = { seconds: 10, width: 1280, height: 720, fps: 24 };

/** A deployment as `npm start` makes it, with an engine that answers at once with a ready clip. */
export interface Deployment {
  service: TestService;
  /** The clip that the engine gives. */
  clipPath: string;
  /** Process id of the supervisor. */
  pid: number;
  stop(): Promise<void>;
}

/** Draws the clip of the benchmark: moving, with sound, always the same. */
export async function drawClip(path: string): Promise<void> {
  const { seconds, width, height } = CLIP;
  const prompt = 'A red fox runs through a snowy forest at dusk, snow falls, wind';
  await renderScene({ prompt, seed: 'bench', seconds, width, height }, path);
}

/**
 * Starts {@link Deployment} on an embedded PostgreSQL of its own.
 * @param clip whether its engine shall have a clip
 * @param settings of the service, beside those of every test
 */
export async function deploy({ clip }: { clip: boolean }, settings: Record<string, string> = {}): Promise<Deployment> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-bench-'));
  const clipPath = join(dir, 'clip.mp4');
  if (clip) {
    note('drawing the clip');
    await drawClip(clipPath);
  }
  const engine = await startStubEngine({
    profile: 'openai',
    clip: clip ? await readFile(clipPath) : Buffer.alloc(0),
    ticks: 1,
  });
  const engines = join(dir, 'engines.yaml');
  await writeFile(
    engines,
    JSON.stringify({ engines: [{ kind: 'openai-videos', name: 'stub', profile: 'openai', baseUrl: engine.url }] }),
  );
  note('starting the service');
  const database = await startEmbeddedDatabase(`${dir}-postgres`, false);
  await migrateDatabase(database.url);
  const home = { dataDir: join(dir, 'data'), databaseUrl: database.url };
  const service = await startService({ GENERATORS_FILE: engines, ...settings }, home);
  await liftLimits(database.url);
  const pid = Number(await readFile(join(home.dataDir, 'service.pid'), 'utf8'));
  const stop = async () => {
    await service.stop();
    await database.stop();
    await engine.close();
    await rm(dir, { recursive: true, force: true });
  };
  return { service, clipPath, pid, stop };
}

/** The tenant's rate limit is a guard against such callers as a benchmark. */
async function liftLimits(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('UPDATE tenants SET rate_per_minute = 1000000');
  await client.end();
}

async function ask<T>({ service }: Deployment, method: string, path: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' };
  const answer = await fetch(service.url + path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Sends one clip through the gate. @throws Error when it is not released */
export async function makeClip(deployment: Deployment): Promise<ClipView> {
  const prompt = 'A red fox runs through a snowy forest at dusk';
  const { id } = await ask<{ id: string }>(deployment, 'POST', '/v1/videos', {
    prompt,
    seconds: '12',
    size: '1280x720',
  });
  let clip: ClipView | undefined;
  await until(
    async () => {
      clip = await ask<ClipView>(deployment, 'GET', `/v1/clips/${id}`);
      if (['held', 'refused', 'failed'].includes(clip.state))
        throw new Error(`the clip is ${clip.state}: ${JSON.stringify(clip)}`);
      return clip.state === 'released';
    },
    300_000,
    () => `the clip is still ${clip?.state}\n${deployment.service.output()}`,
  );
  return clip!;
}
