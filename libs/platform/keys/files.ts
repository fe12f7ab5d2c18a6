import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KeyError } from './sealing.js';

const WAIT_MS = 50;
/** Nobody holds the lock longer than a moment: an older one was left by a process that died. */
const STALE_MS = 30_000;

/** Path of the sealed keyring. */
export const keyringPath = (dir: string) => join(dir, 'keyring.sealed');

/** Replaces a secret file at once and durably; only its owner may read it. */
export async function writeSecret(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}

/** Runs `work` while no other process changes the keyring. @throws KeyError `keyring_busy` after half a minute */
export async function withKeyringLock<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const path = `${keyringPath(dir)}.lock`;
  for (let waited = 0; ; waited += WAIT_MS) {
    try {
      await (await open(path, 'wx', 0o600)).close();
      break;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      const age = Date.now() - ((await stat(path).catch(() => null))?.mtimeMs ?? Date.now());
      if (age > STALE_MS) await rm(path, { force: true });
      else if (waited > STALE_MS)
        throw new KeyError('keyring_busy', 'Another process is changing the keys. Try again.');
      else await new Promise((done) => setTimeout(done, WAIT_MS));
    }
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** The key that seals the keyring: the one given (64 hex digits), else the file beside the keyring. */
export async function masterKey(dir: string, given: string | undefined, create: boolean): Promise<Buffer> {
  if (given) return Buffer.from(given, 'hex');
  const path = join(dir, 'master.key');
  if (!existsSync(path)) {
    if (!create)
      throw new KeyError(
        'keys_missing',
        'There is no master key. Run `npx imprimatur keys init` or start once with npm start.',
      );
    // A keyring without its master key is lost; making a new master key would hide that.
    if (existsSync(keyringPath(dir))) {
      throw new KeyError(
        'master_key_missing',
        'The keyring is there but its master key is not. Restore the master key.',
      );
    }
    await writeSecret(path, randomBytes(32).toString('hex'));
  }
  return Buffer.from((await readFile(path, 'utf8')).trim(), 'hex');
}
