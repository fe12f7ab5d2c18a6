import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { open, rm, truncate } from 'node:fs/promises';
import { createCredentialsPool } from '#engines/credentials';
import { createWorld, smallClip } from '../../libs/engines/credentials/testing.js';
import { createLightPki } from '../../libs/engines/credentials/testing/light-pki.js';
import { CredentialsThread, isUsedUp } from '../../libs/engines/credentials/thread.js';

let world: Awaited<ReturnType<typeof createWorld>>;
beforeAll(async () => {
  world = await createWorld(await createLightPki());
  const pool = createCredentialsPool({ trust: world.trust, size: 1 });
  await world.file('small.mp4', await smallClip());
  await pool.sign(world.request('clip.mp4', { inputPath: world.at('small.mp4') }));
  await pool.close();
});
afterAll(() => rm(world.folder, { recursive: true }));

const clip = () => ({ path: world.at('clip.mp4'), mime: 'video/mp4' });

/** The signed clip with zeros behind it, up to `bytes`; they take no room on the disk. */
async function swollen(name: string, bytes: number) {
  const whole = await world.bytesOf('clip.mp4');
  const file = await world.file(name, whole);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(bytes - whole.length);
  header.write('free', 4, 'latin1');
  const handle = await open(file.path, 'r+');
  await handle.write(header, 0, header.length, whole.length);
  await handle.close();
  await truncate(file.path, bytes);
  return file;
}

describe('size', () => {
  it('a file above 200 MB is refused before the library sees it', async () => {
    const large = await swollen('large.mp4', 201_000_000);
    const pool = createCredentialsPool({ trust: world.trust, size: 1 });
    expect(await pool.read(large)).toMatchObject({
      state: 'unable',
      manifestId: null,
      detail: expect.stringMatching(/larger than 200 MB/) as unknown,
    });
    await expect(pool.sign(world.request('out.mp4', { inputPath: large.path }))).rejects.toMatchObject({
      code: 'credentials_too_large',
      kind: 'too_large',
    });
    await pool.close();
    // Had it been loaded, the memory of the instance would have grown to twice the file.
    const thread = new CredentialsThread();
    const job = { kind: 'read', ...large, maxBytes: 200_000_000, trust: world.trust } as const;
    const outcome = await thread.run(job, 30_000);
    expect('wasmBytes' in outcome && outcome.wasmBytes).toBeLessThan(32_000_000);
    await thread.close();
  });

  it('a thread ends after a file above 50 MB, and the next file is served', async () => {
    const thread = new CredentialsThread();
    const job = { kind: 'read', mime: 'video/mp4', maxBytes: 1e9, trust: world.trust } as const;
    expect(await thread.run({ ...job, path: world.at('clip.mp4') }, 30_000)).toMatchObject({ type: 'read' });
    expect(thread.spent).toBe(false);
    const { path } = await swollen('heavy.mp4', 51_000_000);
    expect(await thread.run({ ...job, path }, 30_000)).toMatchObject({ type: 'read', finding: { state: 'ours' } });
    expect(thread.spent).toBe(true);
    await thread.close();

    const pool = createCredentialsPool({ trust: world.trust, size: 1 });
    for (const one of [{ path, mime: 'video/mp4' }, clip()]) {
      expect(await pool.read(one)).toMatchObject({ state: 'ours' });
    }
    await pool.close();
  });

  it.each([
    [{ fatal: false, fileBytes: 50_000_000, wasmBytes: 512 * 1024 * 1024 }, false],
    [{ fatal: false, fileBytes: 50_000_001, wasmBytes: 0 }, true],
    [{ fatal: false, fileBytes: 0, wasmBytes: 512 * 1024 * 1024 + 1 }, true],
    [{ fatal: true, fileBytes: 0, wasmBytes: 0 }, true],
  ])('after %j a thread is used up: %s', (use, spent) => {
    expect(isUsedUp(use)).toBe(spent);
  });
});

describe('time', () => {
  it('a thread that hangs is terminated, and the next file is served', async () => {
    // Nobody writes into this pipe: whoever opens it to read waits.
    const pipe = world.at('pipe');
    execFileSync('mkfifo', [pipe]);
    // Long enough for a thread to start and read on a busy machine.
    const timeoutMs = 8000;
    const pool = createCredentialsPool({ trust: world.trust, size: 1, timeoutMs });
    try {
      const started = Date.now();
      const hung = pool.read({ path: pipe, mime: 'video/mp4' });
      const next = pool.read(clip());
      expect(await hung).toMatchObject({ state: 'unable', detail: `Reading did not finish within ${timeoutMs} ms.` });
      expect(Date.now() - started).toBeGreaterThanOrEqual(timeoutMs - 50);
      expect(await next).toMatchObject({ state: 'ours' });
    } finally {
      // Lets go of whoever still waits in the system call.
      closeSync(openSync(pipe, 'r+'));
      await pool.close();
    }
  });
});
