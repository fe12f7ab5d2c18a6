import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { messageOf } from '#kernel';
import { createDevelopmentPki } from '#engines/credentials';
import { newSigner, parseContents, type Contents, type SignerRecord } from './contents.js';
import { keyringPath, masterKey, withKeyringLock, writeSecret } from './files.js';
import { KeyError, Sealer } from './sealing.js';

/** The secrets of a deployment, opened. Never log any of it. */
export type Keyring = Omit<Contents, 'version'> & {
  /** Seals what the database keeps. */
  sealer: Sealer;
};

/** Keys that a keyring of an earlier version lacks. */
function laterKeys(): Pick<Contents, 'log' | 'report'> {
  const made = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { log: { privateKeyPkcs8Pem: made() }, report: { privateKeyPkcs8Pem: made() } };
}

const unusable = (cause: unknown) =>
  cause instanceof KeyError
    ? cause
    : new KeyError('keyring_invalid', `The keyring cannot be read: ${messageOf(cause).slice(0, 200)}`);

async function readSealed(dir: string, sealer: Sealer): Promise<unknown> {
  return JSON.parse(sealer.open(await readFile(keyringPath(dir), 'utf8'), 'keyring').toString('utf8'));
}

function writeSealed(dir: string, sealer: Sealer, contents: Contents): Promise<void> {
  return writeSecret(keyringPath(dir), sealer.seal(JSON.stringify(contents), 'keyring'));
}

async function openSealer(dir: string, given: string | undefined): Promise<Sealer> {
  if (!existsSync(keyringPath(dir)))
    throw new KeyError(
      'keys_missing',
      'There are no keys yet. Run `npx imprimatur keys init` or start once with npm start.',
    );
  return new Sealer(await masterKey(dir, given, false));
}

/** Adds to a keyring what later versions of this program need. @throws KeyError when it cannot be opened */
async function upgradeKeys(dir: string, given?: string): Promise<void> {
  const sealer = await openSealer(dir, given);
  try {
    const found = (await readSealed(dir, sealer)) as Record<string, unknown>;
    if (found.version === 2) return;
    await writeSealed(dir, sealer, parseContents({ ...laterKeys(), ...found }));
  } catch (cause) {
    throw unusable(cause);
  }
}

async function firstContents(): Promise<Contents> {
  const createdAt = new Date().toISOString();
  const { signer, ...pki } = await createDevelopmentPki();
  return {
    version: 2,
    createdAt,
    watermark: [{ id: randomBytes(4).toString('hex'), key: randomBytes(32).toString('hex'), createdAt }],
    credentials: { development: true, ...pki, signers: [newSigner(signer, createdAt)] },
    ...laterKeys(),
  };
}

/**
 * Makes the keys of a deployment if there are none yet, and brings an older keyring up to date.
 * @returns true when the keyring was made now
 * @throws KeyError when the keyring that is there cannot be opened
 */
export async function createKeys(dir: string, givenMasterKey?: string): Promise<boolean> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  return withKeyringLock(dir, async () => {
    if (existsSync(keyringPath(dir))) {
      await upgradeKeys(dir, givenMasterKey);
      return false;
    }
    const sealer = new Sealer(await masterKey(dir, givenMasterKey, true));
    await writeSealed(dir, sealer, await firstContents());
    return true;
  });
}

/**
 * Opens the keys of a deployment.
 * @throws KeyError when they are missing or the master key does not fit
 */
export async function openKeys(dir: string, givenMasterKey?: string): Promise<Keyring> {
  const sealer = await openSealer(dir, givenMasterKey);
  try {
    const { version: _version, ...contents } = parseContents(await readSealed(dir, sealer));
    return { ...contents, sealer };
  } catch (cause) {
    throw unusable(cause);
  }
}

/**
 * Changes the keyring; at any crash it is either the old or the new one. What `change` throws leaves it as it was.
 * @param change gives the new credentials and what the caller wants to know, or null credentials for no change
 * @throws KeyError when it cannot be opened
 */
export async function changeCredentials<T>(
  dir: string,
  givenMasterKey: string | undefined,
  change: (now: Contents['credentials']) => Promise<{ credentials: Contents['credentials'] | null; result: T }>,
): Promise<T> {
  const sealer = await openSealer(dir, givenMasterKey);
  return withKeyringLock(dir, async () => {
    let contents: Contents;
    try {
      contents = parseContents(await readSealed(dir, sealer));
    } catch (cause) {
      throw unusable(cause);
    }
    const { credentials, result } = await change(contents.credentials);
    if (credentials) await writeSealed(dir, sealer, { ...contents, credentials });
    return result;
  });
}

/** The signer that signs; null when it is retired and no other has taken its place. */
export function currentSigner(keyring: Pick<Keyring, 'credentials'>): SignerRecord | null {
  const first = keyring.credentials.signers[0]!;
  return first.retiredAt === null ? first : null;
}
