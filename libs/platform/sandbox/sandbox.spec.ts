import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { AppError, projectRoot, sleep } from '#kernel';
import { createSandbox, type Sandbox, SandboxError, type SandboxOptions, serveSandbox } from './index.js';

interface Tasks {
  double: { payload: number[]; result: Float32Array };
  pid: { payload: number; result: number };
  environment: { payload: null; result: Record<string, string> };
  progress: { payload: number; result: string };
  network: { payload: number; result: Record<string, string> };
  refuse: { payload: null; result: never };
  fail: { payload: null; result: never };
  unclonable: { payload: unknown; result: unknown };
  spin: { payload: null; result: never };
  hog: { payload: null; result: never };
  heap: { payload: null; result: never };
  crash: { payload: null; result: never };
  exit: { payload: null; result: never };
}

const host = join(projectRoot, 'tests/support/sandbox-host.mjs');
const opened: Sandbox<Tasks>[] = [];

function open(options: Partial<SandboxOptions> = {}): Sandbox<Tasks> {
  const sandbox = createSandbox<Tasks>({ module: host, size: 1, maxRssMb: 300, defaultTimeoutMs: 20_000, ...options });
  opened.push(sandbox);
  return sandbox;
}

async function errorOf(work: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(AppError);
  return thrown as AppError;
}

const alive = (pid: number) => existsSync(`/proc/${pid}`);

async function untilDead(pids: number[], ms: number): Promise<number[]> {
  const end = Date.now() + ms;
  while (pids.some(alive) && Date.now() < end) await sleep(50);
  return pids.filter(alive);
}

afterAll(() => Promise.all(opened.map((sandbox) => sandbox.close())));

describe('a task', () => {
  it('gives typed arrays back, reports progress, and is typed by its errors', async () => {
    const sandbox = open();
    await expect(sandbox.run('double', [1, 2.5])).resolves.toEqual(new Float32Array([2, 5]));
    const seen: number[] = [];
    await expect(sandbox.run('progress', 4, { onProgress: (f) => seen.push(f) })).resolves.toBe('done');
    expect(seen).toEqual([0.25, 0.5, 0.75, 1]);

    const refusal = await errorOf(sandbox.run('refuse', null));
    expect(refusal).toMatchObject({
      kind: 'unsupported_media',
      code: 'no_video_stream',
      message: 'The file holds no video.',
    });
    expect(refusal.details).toMatchObject({ param: 'file', data: { n: 1 } });
    const failure = await errorOf(sandbox.run('fail', null));
    expect(failure).toMatchObject({ kind: 'internal', code: 'sandbox_task_failed' });
    expect(failure.message).not.toContain('/secret');
    expect(String(failure.cause)).toContain('/secret/place');
    expect((await errorOf(sandbox.run('unclonable', null))).code).toBe('sandbox_task_failed');
    await expect(sandbox.run('unclonable', () => 1)).rejects.toThrow(/could not be cloned/);
    const unknown = await errorOf(sandbox.run('nothing' as 'double', []));
    expect(unknown.code).toBe('sandbox_unknown_task');
    await expect(sandbox.run('double', [3])).resolves.toEqual(new Float32Array([6]));
    expect(sandbox.pids()).toHaveLength(1);
  });

  it('sees neither secrets nor the network', async () => {
    process.env['SANDBOX_TEST_SECRET'] = 'hunter2';
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    let visitors = 0;
    server.unref().on('connection', () => visitors++);
    const sandbox = open({ env: { MODEL_DIR: '/models' } });
    const environment = await sandbox.run('environment', null);
    const own = Object.keys(environment).filter((name) => !name.startsWith('NODE_CHANNEL_'));
    expect(own.sort()).toEqual(['MODEL_DIR', 'PATH']);
    const attempts = await sandbox.run('network', (server.address() as { port: number }).port);
    const { restore, ...ways } = attempts;
    expect(Object.keys(ways)).toHaveLength(11);
    for (const [way, outcome] of Object.entries(ways)) expect([way, outcome]).toEqual([way, 'sandbox_no_network']);
    expect(restore).toMatch(/read only/);
    expect(visitors).toBe(0);
    server.close();
    delete process.env['SANDBOX_TEST_SECRET'];
  });
});

describe('a task that misbehaves', () => {
  it('is killed when its time is up, and the child replaced', async () => {
    const sandbox = open();
    const before = await sandbox.run('pid', 0);
    const error = await errorOf(sandbox.run('spin', null, { timeoutMs: 300 }));
    expect(error).toBeInstanceOf(SandboxError);
    expect(error.code).toBe('sandbox_timeout');
    expect(await untilDead([before], 2000)).toEqual([]);
    expect(await sandbox.run('pid', 0)).not.toBe(before);
  });

  it('is killed when it takes too much memory, on the heap or beside it', async () => {
    const sandbox = open({ maxRssMb: 150, size: 2 });
    const [beside, heap] = await Promise.all([errorOf(sandbox.run('hog', null)), errorOf(sandbox.run('heap', null))]);
    expect([beside.code, heap.code]).toEqual(['sandbox_memory', 'sandbox_memory']);
    await expect(sandbox.run('double', [1])).resolves.toEqual(new Float32Array([2]));
  });

  it('rejects when the process aborts, exits or cannot start', async () => {
    const sandbox = open();
    const crash = await errorOf(sandbox.run('crash', null));
    expect(crash.code).toBe('sandbox_crashed');
    expect(crash.message).toContain('SIGABRT');
    expect((await errorOf(sandbox.run('exit', null))).message).toContain('exit code 3');
    await expect(sandbox.run('double', [1])).resolves.toEqual(new Float32Array([2]));
    const broken = open({ module: `${host}.missing` });
    const missing = await errorOf(broken.run('double', [1]));
    expect(missing.code).toBe('sandbox_crashed');
    expect(String(missing.cause)).toContain('MODULE_NOT_FOUND');
  });

  it('dies when aborted, waiting or running', async () => {
    const sandbox = open();
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = errorOf(sandbox.run('spin', null, { signal: running.signal }));
    const second = errorOf(sandbox.run('double', [1], { signal: waiting.signal }));
    const third = sandbox.run('double', [4]);
    waiting.abort();
    expect((await second).code).toBe('sandbox_aborted');
    await sleep(200);
    running.abort();
    expect((await first).code).toBe('sandbox_aborted');
    await expect(third).resolves.toEqual(new Float32Array([8]));
    expect((await errorOf(sandbox.run('double', [1], { signal: running.signal }))).code).toBe('sandbox_aborted');
  });
});

describe('the pool', () => {
  it('works in parallel up to its size, recycles, and drains on close', async () => {
    const sandbox = open({ size: 2, recycleAfter: 3 });
    const pids = await Promise.all([200, 200, 0, 0].map((ms) => sandbox.run('pid', ms)));
    expect(new Set(pids).size).toBe(2);
    const more: number[] = [];
    for (let i = 0; i < 8; i++) more.push(await sandbox.run('pid', 0));
    expect(new Set(more).size).toBeGreaterThan(2);
    const last = [sandbox.run('pid', 300), sandbox.run('pid', 300), sandbox.run('pid', 0)];
    const living = sandbox.pids();
    const closing = sandbox.close();
    expect((await errorOf(sandbox.run('pid', 0))).code).toBe('sandbox_closed');
    expect(await Promise.all(last)).toHaveLength(3);
    await closing;
    expect(living.filter(alive)).toEqual([]);
    expect(sandbox.pids()).toEqual([]);
  });

  it('leaves no children, busy or idle, when the parent is killed', async () => {
    const parent = spawn(process.execPath, [join(projectRoot, 'tests/support/sandbox-parent.mjs'), host], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pids = JSON.parse(line.toString()) as number[];
    expect(pids.filter(alive)).toHaveLength(2);
    parent.kill('SIGKILL');
    expect(await untilDead(pids, 5000)).toEqual([]);
  });

  it('serves only as a child of a pool', () => {
    expect(() => serveSandbox({})).toThrow(/child of createSandbox/);
  });
});
