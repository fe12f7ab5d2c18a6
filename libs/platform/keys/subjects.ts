import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256Hex, sleep } from '#kernel';
import { KeyError, Sealer } from './sealing.js';

/** Ids name files: nothing else may reach a path. */
const ID = /^[a-z]{2,12}_[0-9A-Za-z]{1,64}$/;
/** A file that is being overwritten reads as damaged for a moment; then it is gone. */
const LOOKS = 5;
const LOOK_MS = 20;

const codeOf = (thrown: unknown) => (thrown as NodeJS.ErrnoException).code;

async function synced(path: string, flags: string, work?: (file: FileHandle) => Promise<unknown>): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await work?.(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The text of a file, or null when there is none. */
async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null;
    throw new KeyError(
      'subject_key_unreadable',
      'The key of a subject cannot be read. Check the folder of keys.',
      cause,
    );
  }
}

/**
 * One key for each person whose biometrics are kept, in files beside the keyring and never in the database: once a key
 * is destroyed no copy of the database, however old, opens what was sealed with it. Files of two levels, each sealed
 * with the deployment's key and readable by its owner only. Backups of the folder undo an erasure: see docs/keys.md.
 */
export class SubjectKeys {
  /**
   * @param dir folder of the files, `<keys>/subjects`; made when the first key is
   * @param sealer of the deployment
   */
  constructor(
    private readonly dir: string,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Makes the key of a subject; where there is one already, that one is kept (of several at once, one wins).
   * @throws KeyError `subject_id_invalid`, `subject_key_damaged`, `subject_key_unreadable`
   */
  async create(id: string): Promise<Sealer> {
    const path = this.path(id);
    const folder = dirname(path);
    if (await mkdir(folder, { recursive: true, mode: 0o700 })) {
      // The folders are entries of folders too.
      for (const made of [this.dir, dirname(this.dir)]) await synced(made, 'r');
    }
    const key = randomBytes(32);
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
    await synced(temporary, 'wx', (file) => file.writeFile(this.sealer.seal(key, `subject:${id}`)));
    try {
      // Unlike a rename, a link never replaces the key of somebody who was faster.
      await link(temporary, path);
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST') throw cause;
      const winner = await this.open(id);
      if (winner) return winner;
      throw new KeyError('subject_key_destroyed', 'The key was destroyed while it was made. Nothing was kept.');
    } finally {
      await unlink(temporary);
      await synced(folder, 'r');
    }
    return new Sealer(key);
  }

  /**
   * The key of a subject; null when it was destroyed or never made.
   * @throws KeyError `subject_key_damaged` when there is a file that does not open: never taken for an erasure
   */
  async open(id: string): Promise<Sealer | null> {
    const path = this.path(id);
    for (let look = 1; ; look++) {
      const text = await textOf(path);
      if (text === null) return null;
      try {
        return new Sealer(this.sealer.open(text, `subject:${id}`));
      } catch (cause) {
        if (look < LOOKS) await sleep(LOOK_MS);
        else {
          const what = 'The key of a subject is damaged or sealed with another master key. Restore it from a copy.';
          throw new KeyError('subject_key_damaged', what, cause);
        }
      }
    }
  }

  /** Destroys a key for good: overwritten, removed, and both on the disk before this returns. Again does no harm. */
  async destroy(id: string): Promise<void> {
    const path = this.path(id);
    const length = (await textOf(path))?.length;
    try {
      if (length !== undefined) {
        await synced(path, 'r+', (file) => file.write(randomBytes(length), 0, length, 0));
        await unlink(path);
      }
    } catch (cause) {
      // Another process was faster.
      if (codeOf(cause) !== 'ENOENT') throw cause;
    }
    await synced(dirname(path), 'r').catch((cause: unknown) => {
      if (codeOf(cause) !== 'ENOENT') throw cause;
    });
  }

  private path(id: string): string {
    if (!ID.test(id)) throw new KeyError('subject_id_invalid', 'The id of a subject has letters and digits only.');
    return join(this.dir, sha256Hex(id).slice(0, 2), id);
  }
}
