import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '#kernel';
import type { Examiner } from '#domain/examination';
import type { TrustSettings } from '#engines/credentials';
import { loadConfig } from '#platform/config';
import type { Keyring } from '#platform/keys';
import { CliError, type Context } from './context.js';

// The heavy rooms (database client, media) are loaded by the commands that need them: `moderate` and `--help` start at once.

/** Path of a file that is to be read. @throws CliError when it is not there or is no file */
export function inputFile(path: string, { words }: Context): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new CliError('no_file', words.faults.noFile(path));
  if (!stats.isFile()) throw new CliError('not_a_file', words.faults.notAFile(path));
  return resolve(path);
}

/** Opens the keys of this machine's deployment. @throws KeyError */
async function localKeys(env: Context['env']): Promise<Keyring> {
  const [{ keysDir }, { openKeys }] = await Promise.all([import('#platform/core'), import('#platform/keys')]);
  const config = loadConfig(env);
  return openKeys(keysDir(config), config.IMPRIMATUR_MASTER_KEY);
}

/** The keys; they are made when this machine has none yet, as the first start would. @throws KeyError */
export async function localKeysOrNew({ env, words, note }: Context): Promise<Keyring> {
  const found = await localKeysIfAny(env);
  if (found) return found;
  const [{ keysDir }, { createKeys }] = await Promise.all([import('#platform/core'), import('#platform/keys')]);
  const config = loadConfig(env);
  await createKeys(keysDir(config), config.IMPRIMATUR_MASTER_KEY);
  note(words.keys.made(keysDir(config)));
  return localKeys(env);
}

/** The keys, or null when there are none on this machine. @throws KeyError when they are there but cannot be opened */
export async function localKeysIfAny(env: Context['env']): Promise<Keyring | null> {
  try {
    return await localKeys(env);
  } catch (e) {
    if (e instanceof AppError && e.code === 'keys_missing') return null;
    throw e;
  }
}

/**
 * Whom to believe with these keys. Without keys, an authority made for the moment that has signed nothing: the reader
 * takes an empty list for a fault and would call sound credentials damaged.
 */
export async function localTrust(keys: Keyring | null, env: Context['env']): Promise<TrustSettings> {
  const { LeafBook, readTrustLists, trustOf } = await import('#platform/core');
  const lists = readTrustLists(loadConfig(env));
  if (keys) return trustOf(new LeafBook(keys), lists);
  const { createDevelopmentPki } = await import('#engines/credentials');
  const { rootPem, tsaRootPem } = await createDevelopmentPki();
  return {
    anchorsPem: [rootPem, ...lists.anchorsPem],
    tsaAnchorsPem: [tsaRootPem, ...lists.tsaAnchorsPem],
    ours: { anchorsPem: [rootPem], registered: [] },
  };
}

/** Runs `work` with an examiner: bytes are opened in sandboxed processes here as well. */
export async function withExaminer<T>(
  env: Context['env'],
  work: (examiner: Examiner, timeoutMs: number) => Promise<T>,
): Promise<T> {
  const { createExaminer } = await import('#domain/examination');
  const config = loadConfig(env);
  const timeoutMs = config.STEP_TIMEOUT_S * 1000;
  const examiner = createExaminer({
    processes: 2,
    maxRssMb: config.SANDBOX_RSS_MB,
    timeoutMs,
    providers: config.ORT_PROVIDERS,
    zeroShotDir: config.ZERO_SHOT_DIR,
  });
  try {
    return await work(examiner, timeoutMs);
  } finally {
    await examiner.close();
  }
}
